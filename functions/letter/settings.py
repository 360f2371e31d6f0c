"""What the letter function is told besides what all functions are."""

from functions.shared import asked, settings


class Settings(asked.Settings, settings.Offering):
    """Id of the signing key, address of the portal, sender, and where SES tells its events."""

    signing_key: str
    portal_url: str
    mail_from: str
    configuration_set: str
