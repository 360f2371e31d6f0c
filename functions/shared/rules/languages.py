"""The languages a payer can choose. Adding one is a line here and a catalogue in `locales/`."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the pages and letters.

    `name` is written in the language itself, `direction` is that of its script, `gateway` is
    what the card page speaks for it (CMI knows ar, fr and en only).
    """

    name: str
    direction: Literal["ltr", "rtl"]
    gateway: Literal["ar", "fr", "en"]


LANGUAGES = {
    "fr": Language("Français", "ltr", gateway="fr"),
    "ar": Language("العربية", "rtl", gateway="ar"),
}
DEFAULT = "fr"
