"""What the letter function is told besides what all functions are."""

from functions.shared import settings


class Settings(settings.Settings):
    """The signing key's id, where the portal stands, and from whom letters come."""

    signing_key: str
    portal_url: str
    mail_from: str
