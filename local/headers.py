"""The response headers of a CloudFront ResponseHeadersPolicy, as the template writes it."""

from collections.abc import Callable

from local.template import Json


def of_policy(properties: Json) -> dict[str, str]:
    """Give the headers that a policy sets; raise ValueError for a part that is not known here."""
    config = properties["ResponseHeadersPolicyConfig"]
    headers = {}
    for part, value in config.get("SecurityHeadersConfig", {}).items():
        if part not in SECURITY:
            raise ValueError(f"no such security header: {part}")
        name, write = SECURITY[part]
        headers[name] = write(value)
    for item in config.get("CustomHeadersConfig", {}).get("Items", []):
        headers[item["Header"]] = item["Value"]
    return headers


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
