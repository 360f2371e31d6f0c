"""The template's distribution for tests, its values resolved without a CloudFormation."""

from collections.abc import Sequence
from typing import Any

from local import edge, template
from local.template import Json

LANGUAGES = ("fr", "ar", "en")
GATEWAY = "https://payment.cmi.co.ma"


def described(gateway: str = GATEWAY, languages: Sequence[str] = LANGUAGES) -> edge.Edge:
    """Read the distribution of a deployment that offers `languages` and leads to `gateway`."""
    read = template.read()
    policies: dict[str, Json] = _resolved(read.resources(edge.HEADERS_POLICY), gateway)
    return edge.read(read, policies, languages)


def _resolved(node: Any, gateway: str) -> Any:  # noqa: ANN401 - a template is any JSON
    match node:
        case {"Fn::Sub": str(text)}:
            return text.replace("${GatewayOrigin}", gateway)
        case dict():
            return {name: _resolved(value, gateway) for name, value in node.items()}
        case list():
            return [_resolved(value, gateway) for value in node]
    return node
