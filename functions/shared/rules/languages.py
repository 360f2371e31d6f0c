"""The languages of pages and letters. Adding one is a line here and a catalogue in `locales/`.

Which of them a deployment offers is its setting `Languages` (infra/template.yaml).
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the pages and letters.

    `name` is written in the language itself, `direction` is that of its script, `gateway` is
    what the card page speaks for it (CMI knows ar, fr and en only). `region` is the country whose
    dates and amounts it is written with, by Unicode's CLDR. `reviewed`: somebody whose language
    it is has read its words; until then pages and letters say that nobody has.
    """

    name: str
    direction: Literal["ltr", "rtl"]
    gateway: Literal["ar", "fr", "en"]
    region: str = "MA"
    reviewed: bool = True


LANGUAGES = {
    "fr": Language("Français", "ltr", gateway="fr"),
    "ar": Language("العربية", "rtl", gateway="ar"),
    # CLDR knows no English of Morocco. The British write the day before the month, as Moroccans do.
    "en": Language("English", "ltr", gateway="en", region="GB"),
    "zgh": Language("ⵜⴰⵎⴰⵣⵉⵖⵜ", "ltr", gateway="fr", reviewed=False),
}
DEFAULT = "fr"
REVIEWED = tuple(code for code, language in LANGUAGES.items() if language.reviewed)


def offered(listed: str) -> tuple[str, ...]:
    """Read the setting `Languages`, codes with commas between: `fr,ar,en`.

    Raise ValueError for a code that is not one of ours, one that stands twice, and where DEFAULT
    is missing: it is what everybody is led to who asks for nothing.
    """
    codes = tuple(listed.split(","))
    unknown = [code for code in codes if code not in LANGUAGES]
    if unknown or len(set(codes)) < len(codes) or DEFAULT not in codes:
        raise ValueError(f"{listed!r}: give {DEFAULT} and others of {', '.join(LANGUAGES)}, once")
    return tuple(code for code in LANGUAGES if code in codes)
