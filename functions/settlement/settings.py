"""What settlement is told besides what all functions are."""

from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from functions.shared import settings


class Settings(settings.Settings):
    """The merchant, and whether and how CMI's XML API may be asked; `off`: it is not bought.

    `email_days`: how long an order that rests keeps its payer's address. `abandoned_days`: how long
    after its time one that CMI never told of names its payer. The notice promises these bounds.
    """

    merchant_id: str
    status_api: Literal["off", "body", "form"]
    status_api_url: str
    status_api_secret: str
    void_by_transaction: Literal["on", "off"]
    email_days: Annotated[int, Field(ge=30, le=180)]
    abandoned_days: Annotated[int, Field(ge=180, le=390)]

    @field_validator("status_api_url")
    @classmethod
    def encrypted(cls, url: str, info: ValidationInfo) -> str:
        """Refuse a plain line outside the local stack: the password goes over it."""
        if info.data.get("stage") != "local" and not url.startswith("https://"):
            raise ValueError("https only")
        return url
