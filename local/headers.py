"""The response headers of a CloudFront ResponseHeadersPolicy, as the template writes it."""

from collections.abc import Callable
from dataclasses import dataclass

from werkzeug.datastructures import Headers

from local.template import Json


@dataclass(frozen=True, slots=True)
class Policy:
    """Headers to set; those of them that give way to the origin's own; those to take away."""

    sets: dict[str, str]
    yields: frozenset[str]
    removes: frozenset[str]

    def apply(self, headers: Headers) -> None:
        """Do to an answer's headers what CloudFront does."""
        for name in self.removes:
            headers.remove(name)
        for name, value in self.sets.items():
            if name not in self.yields or name not in headers:
                headers[name] = value


def read(properties: Json) -> Policy:
    """Read a policy; raise ValueError for a part that is not known here."""
    config = properties["ResponseHeadersPolicyConfig"]
    sets, yields = {}, set()
    for part, value in config.get("SecurityHeadersConfig", {}).items():
        if part not in SECURITY:
            raise ValueError(f"no such security header: {part}")
        name, write = SECURITY[part]
        sets[name] = write(value)
        yields |= set() if value["Override"] else {name}
    for item in config.get("CustomHeadersConfig", {}).get("Items", []):
        sets[item["Header"]] = item["Value"]
        yields |= set() if item["Override"] else {item["Header"]}
    removed = config.get("RemoveHeadersConfig", {}).get("Items", [])
    return Policy(sets, frozenset(yields), frozenset(item["Header"] for item in removed))


def of_policy(properties: Json) -> dict[str, str]:
    """Give the headers that a policy sets; raise ValueError for a part that is not known here."""
    return read(properties).sets


def _transport_security(part: Json) -> str:
    words = [f"max-age={part['AccessControlMaxAgeSec']}"]
    words += ["includeSubDomains"] if part.get("IncludeSubdomains") else []
    words += ["preload"] if part.get("Preload") else []
    return "; ".join(words)


SECURITY: dict[str, tuple[str, Callable[[Json], str]]] = {
    "ContentSecurityPolicy": (
        "Content-Security-Policy",
        lambda part: part["ContentSecurityPolicy"],
    ),
    "ContentTypeOptions": ("X-Content-Type-Options", lambda _: "nosniff"),
    "FrameOptions": ("X-Frame-Options", lambda part: part["FrameOption"]),
    "ReferrerPolicy": ("Referrer-Policy", lambda part: part["ReferrerPolicy"]),
    "StrictTransportSecurity": ("Strict-Transport-Security", _transport_security),
}
