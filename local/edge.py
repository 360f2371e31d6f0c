"""CloudFront's distribution as the template describes it: what it does to requests and answers."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import translate
from urllib.parse import parse_qsl, urlencode

from werkzeug.wrappers import Request

from local import headers
from local.settings import ORIGIN_WORD
from local.template import Json, Template

DISTRIBUTION = "AWS::CloudFront::Distribution"
REQUEST_POLICY = "AWS::CloudFront::OriginRequestPolicy"
HEADERS_POLICY = "AWS::CloudFront::ResponseHeadersPolicy"
SITE = "site"
# What a server's gateway interface keeps of a request besides the headers as they came.
_NAMED_APART = {"content-type": "CONTENT_TYPE"}
# Every request has these: CloudFront writes them itself.
_ALWAYS = ("HTTP_HOST", "HTTP_USER_AGENT")


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What is done with the paths of a pattern. `to_pages`: their address is led to a file."""

    pattern: str
    origin: str
    methods: frozenset[str]
    headers: headers.Policy
    to_pages: bool

    def covers(self, path: str) -> bool:
        """Say whether a path is of this pattern: * is any text, ? any character."""
        return re.match(translate(self.pattern), path) is not None


@dataclass(frozen=True, slots=True)
class Forwarding:
    """What of a request reaches the API: headers and parts of the query, and CloudFront's word."""

    headers: frozenset[str]
    queries: frozenset[str]
    word_header: str

    def apply(self, request: Request) -> Request:
        """Give a request as the API gets it, with CloudFront's word."""
        kept = {_variable(name) for name in self.headers}
        environ = {
            name: value
            for name, value in request.environ.items()
            if name in kept or name in _ALWAYS or not _from_browser(name)
        }
        query = parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)
        asked = [(name, value) for name, value in query if name in self.queries]
        environ |= {
            "QUERY_STRING": urlencode(asked),
            "HTTP_USER_AGENT": "Amazon CloudFront",
            _variable(self.word_header): ORIGIN_WORD,
        }
        made = Request(environ)
        made.max_content_length = request.max_content_length
        return made


@dataclass(frozen=True, slots=True)
class Edge:
    """The whole distribution. `errors`: for a status of an origin, the page shown and its status.

    The last of `behaviours` covers what no other does.
    """

    behaviours: tuple[Behaviour, ...]
    errors: Mapping[int, tuple[str, int]]
    forwarding: Forwarding
    languages: Sequence[str]

    def behaviour(self, path: str) -> Behaviour:
        """Give what is done with a path."""
        return next(one for one in self.behaviours if one.covers(path))


def read(template: Template, policies: Mapping[str, Json], languages: Sequence[str]) -> Edge:
    """Read the distribution; `policies` are those of response headers, their values resolved."""
    (distribution,) = template.resources(DISTRIBUTION).values()
    config = distribution["DistributionConfig"]
    found = {name: headers.read(one) for name, one in policies.items()}
    described = [*config["CacheBehaviors"], config["DefaultCacheBehavior"]]
    pages = config.get("CustomErrorResponses", [])
    return Edge(
        tuple(_behaviour(one, found) for one in described),
        {one["ErrorCode"]: (one["ResponsePagePath"], one["ResponseCode"]) for one in pages},
        forwarding(template),
        languages,
    )


def forwarding(template: Template) -> Forwarding:
    """Read what of a request the distribution hands on to the API."""
    (policy,) = template.resources(REQUEST_POLICY).values()
    config = policy["OriginRequestPolicyConfig"]
    (distribution,) = template.resources(DISTRIBUTION).values()
    origins = distribution["DistributionConfig"]["Origins"]
    (word,) = [one for origin in origins for one in origin.get("OriginCustomHeaders", [])]
    return Forwarding(
        frozenset(name.lower() for name in config["HeadersConfig"]["Headers"]),
        frozenset(config["QueryStringsConfig"]["QueryStrings"]),
        word["HeaderName"].lower(),
    )


def _behaviour(described: Json, policies: Mapping[str, headers.Policy]) -> Behaviour:
    return Behaviour(
        described.get("PathPattern", "*"),
        described["TargetOriginId"],
        frozenset(described["AllowedMethods"]),
        policies[described["ResponseHeadersPolicyId"]["Ref"]],
        bool(described.get("FunctionAssociations")),
    )


def _variable(header: str) -> str:
    return _NAMED_APART.get(header) or "HTTP_" + header.upper().replace("-", "_")


def _from_browser(variable: str) -> bool:
    return variable.startswith("HTTP_") or variable in _NAMED_APART.values()
