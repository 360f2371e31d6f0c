from pathlib import Path

import pytest

from tools.glossary import GLOSSARY, LANGUAGES, Glossary, Term, check, main, read, sentences, uses

RECEIPT = Term(
    said={"fr": ("reçu",), "ar": ("وصل",), "en": ("receipt",), "zgh": ("ⵜⴰⵡⵔⵉⵇⵜ", "ⵜⵡⵔⵉⵇⵜ")},
    never={"en": ("voucher",)},
)
FRENCH = {"paid": "Gardez le reçu."}


def checked(glossary: Glossary, language: str, sentence: str) -> list[str]:
    return check(glossary, {"fr": FRENCH, language: {"paid": sentence}})


def test_the_catalogues_speak_as_it_does() -> None:
    """A payer meets one word for one thing, on every page, in every letter, in each language."""
    assert main(["--check"]) == 0


def test_every_term_in_every_language() -> None:
    """A translator finds the field's terms, some forty of them, each in all languages."""
    terms = read().terms
    assert len(terms) >= 40
    assert all(list(term.said) == list(LANGUAGES) and all(term.said.values()) for term in terms)
    assert len({term.name for term in terms}) == len(terms)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Keep the receipts."), ("en", "Receipt kept"),
        ("ar", "احتفظوا بالوصل."), ("ar", "ووصلكم محفوظ"), ("ar", "وَصْلٌ"),
        ("zgh", "ⵃⴹⵓⵜ ⵜⴰⵡⵔⵉⵇⵜ ⴰⴷ"), ("zgh", "ⴳ ⵜⵡⵔⵉⵇⵜ."),
    ],
)  # fmt: skip
def test_forms_of_a_term(language: str, sentence: str) -> None:
    """Plurals, Arabic's joined words and vowels, Tamazight's states are the term all the same."""
    assert checked(Glossary((RECEIPT,), {}), language, sentence) == []


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Keep the proof."),
        ("en", "Receiptless"),
        ("ar", "احتفظوا بالإيصال."),
        ("zgh", "ⴰⵡⵔⵉⵇ"),
    ],
)
def test_another_word(language: str, sentence: str) -> None:
    """A translation that names the thing otherwise is named, with the term that was expected."""
    (said,) = checked(Glossary((RECEIPT,), {}), language, sentence)
    assert said.startswith(
        f"{language}: paid says « reçu » otherwise than {RECEIPT.said[language][0]}"
    )


def test_what_a_term_is_not_called() -> None:
    """A wrong word is found wherever it stands, beside the right one too."""
    (said,) = checked(Glossary((RECEIPT,), {}), "en", "Keep the receipt (voucher).")
    assert said == "en: paid says one of voucher: receipt is meant"


def test_names_of_facts_are_no_words(tmp_path: Path) -> None:
    """`{receipt}` in a sentence is a gap to be filled, and names nothing to a payer."""
    path = tmp_path / "en" / "LC_MESSAGES" / "site.po"
    path.parent.mkdir(parents=True)
    path.write_text('msgid "paid"\nmsgstr "Keep {receipt}."\n', "utf-8")
    said = sentences(tmp_path, "en")
    assert list(said) == ["paid"]
    assert not uses(said["paid"], RECEIPT.said["en"], "en")


def test_sentences_that_do_without() -> None:
    """Where the table says why, a sentence does without the term; a reason outlived is named."""
    spared = Glossary((RECEIPT,), {("paid", "en", "reçu"): "another meaning"})
    assert checked(spared, "en", "Keep the code that came.") == []
    (said,) = checked(spared, "en", "Keep the receipt.")
    assert said == "glossary: paid (en, « reçu ») need not be said otherwise any more"


def test_a_row_without_a_cell(tmp_path: Path) -> None:
    """A term that lacks a language is not let through."""
    spoilt = tmp_path / "glossary.md"
    spoilt.write_text(GLOSSARY.read_text("utf-8").replace("| quarter |", "| |"), "utf-8")
    with pytest.raises(ValueError, match=r"a row lacks a cell: \| trimestre"):
        read(spoilt)
