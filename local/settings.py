"""What the local stack can be told from outside, and where it keeps its files."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from functions.shared.rules.languages import LANGUAGES, offered

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
PORTAL_PORT, CMI_PORT, AWS_PORT = 8000, 8001, 8002

MERCHANT = "600000001"
STORE_KEY = r"ASVI_local_2020|\key"
EVIDENCE = ("callback", "status-api")  # what proves a capture: infra/template.yaml, Evidence
STATUS_API = "asvi_api:asvi_local"
TOKEN_KEY = "local-tokens-0123456789abcdefghijklmnopqrstuvwxyz"  # noqa: S105 - printed, protects nothing
# What CloudFront says to the functions so that they know it; they are told its SHA-256.
ORIGIN_WORD = "local-origin-0123456789abcdefghijklmnopqrstuvwxyz"
MAIL_FROM = "asvi@cnss.local.example"
LARGEST_PORT = 65_535


class Unusable(Exception):  # noqa: N818 - it names the state of the machine, as its message does
    """The stack cannot start; the message is one line that says what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Ports, by how much the clocks are ahead of the machine's, and what the template is told.

    `languages`: all that there are, those that await a reviewer too.
    """

    portal_port: int
    cmi_port: int
    aws_port: int
    ahead: timedelta
    evidence: str = "callback"
    languages: tuple[str, ...] = tuple(LANGUAGES)

    @property
    def portal_url(self) -> str:
        """Origin of the portal, without a final slash."""
        return f"http://127.0.0.1:{self.portal_port}"

    @property
    def cmi_url(self) -> str:
        """Origin of the card page: another site than the portal's, as in life."""
        return f"http://localhost:{self.cmi_port}"

    @property
    def aws_url(self) -> str:
        """Address of the embedded AWS."""
        return f"http://127.0.0.1:{self.aws_port}"

    @property
    def folder(self) -> Path:
        """Where logs and keys are kept; stacks side by side, on other ports, share nothing."""
        default = self.portal_port == PORTAL_PORT
        return BUILD / ("local" if default else f"local-{self.portal_port}")

    @property
    def site(self) -> Path:
        """Where the pages are built."""
        return (BUILD if self.portal_port == PORTAL_PORT else self.folder) / "site"

    @property
    def functions_log(self) -> Path:
        """What the functions print."""
        return self.folder / "functions.log"

    @property
    def bank_log(self) -> Path:
        """What the card page prints."""
        return self.folder / "cmi.log"

    @property
    def keys(self) -> Path:
        """The public keys, served as /keys.json."""
        return self.folder / "keys.json"

    def now(self) -> datetime:
        """Give the instant it is for the functions and CMI, in UTC."""
        return datetime.now(UTC) + self.ahead


def read(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the three ports and the other variables' values; raise Unusable for a bad one."""
    return Settings(
        portal_port=_port(environment, "PORTAL_PORT", PORTAL_PORT),
        cmi_port=_port(environment, "CMI_PORT", CMI_PORT),
        aws_port=_port(environment, "AWS_PORT", AWS_PORT),
        ahead=_ahead(environment.get("PORTAL_NOW", "")),
        evidence=_evidence(environment.get("PORTAL_EVIDENCE") or EVIDENCE[0]),
        languages=_languages(environment.get("PORTAL_LANGUAGES") or ",".join(LANGUAGES)),
    )


def _port(environment: Mapping[str, str], variable: str, default: int) -> int:
    value = environment.get(variable) or str(default)
    if value.isascii() and value.isdigit() and 0 < int(value) <= LARGEST_PORT:
        return int(value)
    raise Unusable(f"{variable} is {value!r}: give a port between 1 and {LARGEST_PORT}.")


def _evidence(value: str) -> str:
    if value in EVIDENCE:
        return value
    raise Unusable(f"PORTAL_EVIDENCE is {value!r}: give {' or '.join(EVIDENCE)}.")


def _languages(listed: str) -> tuple[str, ...]:
    try:
        return offered(listed)
    except ValueError as error:
        raise Unusable(f"PORTAL_LANGUAGES is {error}.") from None


def _ahead(instant: str) -> timedelta:
    """Give how far `instant` is from the machine's clock; nothing when none was asked for."""
    if not instant:
        return timedelta()
    refusal = Unusable(
        f"PORTAL_NOW is {instant!r}: give an instant like 2020-05-05T21:50:51+00:00."
    )
    try:
        start = datetime.fromisoformat(instant)
    except ValueError:
        raise refusal from None
    if start.tzinfo is None:
        raise refusal
    return start - datetime.now(UTC)
