"""Events in, answers out: what every handler of the API shares.

`parse` checks a request at the edge and gives a model or raises a Problem; `application` makes
the one place where problems become answers, so that handlers hold no `try`.
"""

import json
from datetime import UTC, datetime
from typing import Any, NoReturn, TypeVar, overload

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.middlewares import NextMiddleware
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import BaseModel, ConfigDict, ValidationError

from functions.shared import settings
from functions.shared.rules import origin
from functions.shared.rules.errors import Problem

LARGEST_BYTES = 4096
DEEPEST = 5
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Robots-Tag": "noindex",
}


class Request(BaseModel):
    """A body of the API: exact types, no field that is not named."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    @classmethod
    def required(cls) -> set[str]:
        """Name the fields without which the request is not this one."""
        return {name for name, field in cls.model_fields.items() if field.is_required()}


R = TypeVar("R", bound=Request)
Q = TypeVar("Q", bound=Request)


@overload
def parse(event: APIGatewayProxyEventV2, model: type[R]) -> R: ...
@overload
def parse(event: APIGatewayProxyEventV2, model: type[R], other: type[Q]) -> R | Q: ...
def parse(event: APIGatewayProxyEventV2, model: type[R], other: type[Q] | None = None) -> R | Q:
    """Read a JSON body as `model`, or as `other` if it names all that `other` requires.

    Raise Problem for anything that is not exactly one of them.
    """
    if header(event, "sec-fetch-site") not in ("", "same-origin"):
        raise Problem("cross_site")
    if header(event, "content-type").partition(";")[0].strip().lower() != "application/json":
        raise Problem("unsupported_media_type")
    facts = _json(body(event))
    named = set(facts) if isinstance(facts, dict) else set()
    chosen = other if other and other.required() <= named else model
    try:
        return chosen.model_validate(facts)
    except ValidationError as error:
        raise _invalid(error) from None


def header(event: APIGatewayProxyEventV2, name: str) -> str:
    """Give a request header's value by its name in lower case, empty where it is absent."""
    headers: dict[str, str] = event["headers"]  # API Gateway has put the names in lower case
    return headers.get(name, "")


def body(event: APIGatewayProxyEventV2, largest: int = LARGEST_BYTES) -> bytes:
    """Give the body's bytes, whichever way API Gateway handed them over; raise too_large."""
    content = _decoded(event) if event.is_base64_encoded else (event.body or "").encode()
    if len(content) > largest:
        raise Problem("too_large")
    return content


def address(event: APIGatewayProxyEventV2) -> str:
    """Give the caller's address as the CDN saw it. X-Forwarded-For is anybody's word."""
    viewer = header(event, "cloudfront-viewer-address")
    return viewer.rpartition(":")[0]


def later(event: APIGatewayProxyEventV2, now: datetime) -> datetime:
    """Give `now`, or when API Gateway took the request where that is later.

    What expires by either clock has expired: a sandbox whose clock is slow revives nothing.
    """
    arrived = datetime.fromtimestamp(event.request_context.time_epoch / 1000, UTC)
    return max(now, arrived)


def _decoded(event: APIGatewayProxyEventV2) -> bytes:
    import base64  # noqa: PLC0415 - JSON bodies seldom come encoded

    return base64.b64decode(event.body or "")


def _json(content: bytes) -> Any:  # noqa: ANN401 - that is what JSON is
    """Read JSON as RFC 8259 meant it: UTF-8, no NaN, no name twice, not deep (event 16)."""
    try:
        return _shallow(
            json.loads(
                content.decode("utf-8"),
                object_pairs_hook=_unique,
                parse_constant=_refused,
            )
        )
    except (ValueError, RecursionError) as error:
        raise Problem("malformed") from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("a name stands twice")
    return dict(pairs)


def _refused(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _shallow(value: Any, depth: int = 0) -> Any:  # noqa: ANN401 - that is what JSON is
    if depth > DEEPEST:
        raise ValueError("too deep")
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in inner:
        _shallow(part, depth + 1)
    return value


_CODES = {
    "missing": "required", "extra_forbidden": "unknown",
    "string_too_short": "too_short", "string_too_long": "too_long",
}  # fmt: skip


def _invalid(error: ValidationError) -> Problem:
    """Name each field's fault. A fault that is a whole problem's code stands alone."""
    fields: dict[str, str] = {}
    for one in error.errors(include_url=False, include_input=False):
        name = ".".join(str(part) for part in one["loc"]) or "body"
        code = one["type"]
        if code.startswith("problem."):
            return Problem(code.removeprefix("problem."))
        fields.setdefault(name, _CODES.get(code, code if code in _OURS else "wrong_type"))
    return Problem("invalid", fields)


_OURS = frozenset({"required", "too_short", "too_long", "not_digits", "check_digits"})


def answer(document: BaseModel | dict[str, Any], status: int = 200) -> Response[str]:
    """Give a JSON answer."""
    text = document.model_dump_json() if isinstance(document, BaseModel) else json.dumps(document)
    return Response(status, "application/json; charset=utf-8", text, headers=dict(HEADERS))


def problem(refusal: Problem) -> Response[str]:
    """Give a problem+json answer (RFC 9457)."""
    haste = refusal.code == "too_many_requests"
    headers = dict(HEADERS) | ({"Retry-After": "60"} if haste else {})
    text = json.dumps(refusal.body())
    return Response(refusal.status, "application/problem+json", text, headers=headers)


def application(logger: Logger, metrics: Metrics) -> APIGatewayHttpResolver:
    """Make a function's router, with the one place where problems become answers."""
    app = APIGatewayHttpResolver()

    @app.exception_handler(Problem)  # type: ignore[untyped-decorator] # Powertools leaves it so
    def refused(refusal: Problem) -> Response[str]:
        metrics.add_metric("Refused", MetricUnit.Count, 1)
        logger.info("refused", extra={"code": refusal.code})
        return problem(refusal)

    @app.exception_handler(Exception)  # type: ignore[untyped-decorator] # likewise
    def broken(error: Exception) -> Response[str]:
        tell_broken(error, logger, metrics)
        return problem(Problem("internal"))

    def by_the_cdn(app: APIGatewayHttpResolver, answered: NextMiddleware) -> Response[str]:
        known = settings.read(settings.Serving).origin_digests
        if not origin.vouched(header(app.current_event, origin.HEADER), known):
            metrics.add_metric("ForeignOrigin", MetricUnit.Count, 1)
            raise Problem("not_found")
        return answered(app)

    app.use([by_the_cdn])
    app.not_found(_unknown)
    return app


def serve(
    app: APIGatewayHttpResolver, metrics: Metrics, event: dict[str, Any], context: LambdaContext
) -> dict[str, Any]:
    """Answer one event of the HTTP API, and write the metrics that it left."""
    try:
        return app.resolve(event, context)
    finally:
        if metrics.metric_set:
            metrics.flush_metrics()


def tell_broken(error: Exception, logger: Logger, metrics: Metrics) -> None:
    """Log what nobody foresaw: type and place, never the message, which may quote a payer."""
    logger.error("broken", extra={"error": type(error).__name__, "at": place(error)})
    metrics.add_metric("Broken", MetricUnit.Count, 1)


def _unknown(_: NotFoundError) -> Response[str]:
    return problem(Problem("not_found"))


def place(error: Exception) -> str:
    """Name the function and line that failed, and nothing of the data it had."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace else "?"
