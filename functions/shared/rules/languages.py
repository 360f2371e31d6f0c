"""The languages a payer can choose. Adding one is a line here and a catalogue in `locales/`."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the pages and letters.

    `name` is written in the language itself, `direction` is that of its script, `gateway` is
    what the card page speaks for it (CMI knows ar, fr and en only). `region` is the country whose
    dates and amounts it is written with, by Unicode's CLDR.
    """

    name: str
    direction: Literal["ltr", "rtl"]
    gateway: Literal["ar", "fr", "en"]
    region: str = "MA"


LANGUAGES = {
    "fr": Language("Français", "ltr", gateway="fr"),
    "ar": Language("العربية", "rtl", gateway="ar"),
    # CLDR knows no English of Morocco. The British write the day before the month, as Moroccans do.
    "en": Language("English", "ltr", gateway="en", region="GB"),
}
DEFAULT = "fr"
