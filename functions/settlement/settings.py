"""What settlement is told besides what all functions are."""

from typing import Literal

from pydantic import ValidationInfo, field_validator

from functions.shared import settings


class Settings(settings.Settings):
    """The merchant, and whether and how CMI's XML API may be asked; `off`: it is not bought."""

    merchant_id: str
    status_api: Literal["off", "body", "form"]
    status_api_url: str
    status_api_secret: str
    void_by_transaction: Literal["on", "off"]

    @field_validator("status_api_url")
    @classmethod
    def encrypted(cls, url: str, info: ValidationInfo) -> str:
        """Refuse a plain line outside the local stack: the password goes over it."""
        if info.data.get("stage") != "local" and not url.startswith("https://"):
            raise ValueError("https only")
        return url
