"""A relative may pay: no sentence takes the payer for the insured person."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from wording import forms_of, key_of

ROOT = Path(__file__).resolve().parents[2]
TAKEN_FOR = {
    "fr": r"\b(votre|mon) (numéro|immatriculation)|\b(vos|mes) (cotisations|trimestres|droits)",
    "ar": r"اشتراككم|اشتراكي|تسجيلكم|أرباعكم|تأمينكم",
    "en": r"\b(your|my) (registration|number|contributions|quarters)",
}
# What the fund says to the insured, or of anybody's rights over data.
SAID_TO_THE_INSURED = {"service.insured.hint", "terms.rights", "privacy.rights", "privacy.lead"}
FILES = [(language, name) for language in TAKEN_FOR for name in ("site.po", "letters.po")]


@pytest.mark.parametrize(("language", "name"), FILES)
def test_whoever_pays(language: str, name: str) -> None:
    """Number, quarters and contributions are the insured person's, and never called the reader's."""
    with (ROOT / "locales" / language / "LC_MESSAGES" / name).open("rb") as file:
        messages = [it for it in read_po(file) if it.id]
    assert len(messages) > 50
    wrong = {
        key_of(it): form
        for it in messages
        for form in forms_of(it)
        if re.search(TAKEN_FOR[language], form, re.IGNORECASE)
    }
    assert set(wrong) <= SAID_TO_THE_INSURED, wrong
