"""What the simulator is told by its environment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from cmi_simulator.addresses import is_loopback

if TYPE_CHECKING:
    from collections.abc import Mapping


class SettingsError(ValueError):
    """A variable is missing or wrong; the message is one line for the person who set it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """One merchant at the bank, the API's credentials, and the clock's start."""

    store_key: str
    merchant: str = "600000001"
    port: int = 8001
    start: datetime | None = None
    reset_url: str = ""
    api_name: str = "asvi_api"
    api_password: str = "asvi_local"  # noqa: S105 - the published password of a local demo
    callback_timeout_seconds: float = 10.0


def read(environment: Mapping[str, str]) -> Settings:
    """Return the settings in CMI_* variables. Raises SettingsError."""
    if not environment.get("CMI_STORE_KEY"):
        raise SettingsError("CMI_STORE_KEY is missing: the merchant's key for the hash")
    return Settings(
        store_key=environment["CMI_STORE_KEY"],
        merchant=environment.get("CMI_MERCHANT", "600000001"),
        port=_port(environment.get("CMI_PORT", "8001")),
        start=_instant(environment.get("CMI_NOW", "")),
        reset_url=_reset_url(environment.get("CMI_RESET_URL", "")),
        api_name=environment.get("CMI_API_NAME", "asvi_api"),
        api_password=environment.get("CMI_API_PASSWORD", "asvi_local"),
    )


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) < 2**16):
        raise SettingsError(f"CMI_PORT is not a port: {text}")
    return int(text)


def _instant(text: str) -> datetime | None:
    if not text:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise SettingsError(f"CMI_NOW is not an RFC 3339 time: {text}") from error
    if instant.tzinfo is None:
        raise SettingsError(f"CMI_NOW has no offset (end it with Z or +01:00): {text}")
    return instant


def _reset_url(url: str) -> str:
    if url and not is_loopback(url):
        raise SettingsError(f"CMI_RESET_URL is not on this machine: {url}")
    return url
