"""What settlement is told besides what all functions are."""

from typing import Literal

from functions.shared import settings


class Settings(settings.Settings):
    """The merchant, and whether and how CMI's XML API may be asked; `off`: it is not bought."""

    merchant_id: str
    status_api: Literal["off", "body", "form"]
    status_api_url: str
    status_api_secret: str
