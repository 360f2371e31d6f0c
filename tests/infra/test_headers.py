"""What every answer is served with: `reliability.md` §6.1 to the letter, and Mozilla's own marks."""

import pytest
from werkzeug.datastructures import Headers

from functions.shared.web import HEADERS
from local.headers import Policy
from tests.edge import GATEWAY, described
from tests.infra.observatory import directives, marks, score

TEST_GATEWAY = "https://testpayment.cmi.co.ma"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; "
    "form-action 'self' https://payment.cmi.co.ma; frame-ancestors 'none'; base-uri 'none'; "
    "object-src 'none'; require-trusted-types-for 'script'; trusted-types asvi; "
    "upgrade-insecure-requests; report-to csp"
)
PERMISSIONS = (
    "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), "
    "fullscreen=(self), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), "
    "payment=(), publickey-credentials-get=(), screen-wake-lock=(), usb=(), xr-spatial-tracking=()"
)
PAGE = {
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "Content-Security-Policy": POLICY,
    "Reporting-Endpoints": 'csp="/api/csp"',
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin",
    "Permissions-Policy": PERMISSIONS,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cache-Control": "no-cache",
}
ASSET = {
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cache-Control": "public, max-age=31536000, immutable",
}


def policy(path: str, gateway: str = GATEWAY) -> Policy:
    """Give the policy of headers of a path."""
    return described(gateway).behaviour(path).headers


def lower(headers: dict[str, str]) -> dict[str, str]:
    """Give headers by their names in lower case."""
    return {name.lower(): value for name, value in headers.items()}


def test_pages() -> None:
    """Every page is served with exactly these, whatever the bucket says."""
    served = policy("/fr/assure/")
    assert served.sets == PAGE
    assert not served.yields


def test_assets() -> None:
    """A file named by its content is kept for ever; what stands in for a missing one is not."""
    served = policy("/assets/asvi.1a2b.mjs")
    assert served.sets == ASSET
    assert served.yields == {"Cache-Control"}
    missing = Headers({"Cache-Control": "no-cache"})
    served.apply(missing)
    assert missing["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("path", ["/api/lookup", "/cmi/callback"])
def test_api(path: str) -> None:
    """API Gateway's own answers are closed as the functions' are, and a function's word stands."""
    served = policy(path)
    assert served.sets == HEADERS
    assert set(served.sets) - served.yields == {"X-Content-Type-Options"}
    said = Headers({"Cache-Control": "no-store, private"})
    served.apply(said)
    assert said["Cache-Control"] == "no-store, private"
    assert said["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("path", ["/fr/", "/assets/a.css", "/api/lookup"])
def test_who_serves(path: str) -> None:
    """No answer says which program made it."""
    said = Headers({"Server": "AmazonS3", "apigw-requestid": "x", "x-amz-version-id": "v"})
    policy(path).apply(said)
    assert "Server" not in said
    assert not [name for name, _ in said if "Access-Control" in name]


def test_where_forms_go() -> None:
    """Staging may lead to CMI's test page, production to the real one and nowhere else."""
    staging = directives(policy("/fr/", TEST_GATEWAY).sets["Content-Security-Policy"])
    assert staging["form-action"] == ["'self'", TEST_GATEWAY]
    assert "test" not in POLICY


def test_observatory() -> None:
    """Mozilla's Observatory finds nothing to take points for: 130, an A+."""
    headers = lower(PAGE)
    assert [mark for mark in marks(headers) if mark.points < 0] == []
    assert score(headers) == 130


@pytest.mark.parametrize(
    ("name", "value", "points"),
    [
        ("content-security-policy", "", 75), ("content-security-policy", POLICY.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'"), 80),
        ("strict-transport-security", "max-age=300", 80), ("referrer-policy", "unsafe-url", 120),
        ("x-content-type-options", "", 125), ("cross-origin-resource-policy", "", 120),
        ("access-control-allow-origin", "*", 50), ("set-cookie", "a=1", 80),
    ],
)  # fmt: skip
def test_observatory_bites(name: str, value: str, points: int) -> None:
    """Each header that is weakened costs what it costs there."""
    assert score(lower(PAGE) | {name: value}) == points
