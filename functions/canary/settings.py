"""What the canary is told besides what all functions are."""

from pydantic import ValidationInfo, field_validator

from functions.shared import settings
from functions.shared.rules.cmi.form import Merchant


class Settings(settings.Settings):
    """The portal's public address, and what CMI signs with."""

    store_key_secret: str
    portal_url: str
    merchant_id: str

    @field_validator("portal_url")
    @classmethod
    def encrypted(cls, url: str, info: ValidationInfo) -> str:
        """Refuse a plain line outside the local stack."""
        if info.data.get("stage") != "local" and not url.startswith("https://"):
            raise ValueError("https only")
        return url

    @property
    def merchant(self) -> Merchant:
        """What the fund is to CMI."""
        return Merchant(self.merchant_id, self.portal_url)
