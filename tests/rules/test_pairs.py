import csv
import hashlib
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shared.rules import pairs
from functions.shared.rules.pairs import pair_for, said
from functions.shared.rules.references import with_check_digits

SECRET = b"a secret of the tests"
LIST = Path(pairs.__file__).with_name("nouns.csv")
ROWS = list(csv.DictReader(LIST.read_text("utf-8").splitlines()))
REFERENCES = st.integers(0, 10**12 - 1).map(lambda number: with_check_digits(f"{number:012d}"))


@given(REFERENCES)
def test_two_words(reference: str) -> None:
    """A reference has two different words, the same each time, in each language of the list."""
    pair = pair_for(reference, SECRET)
    assert pair == pair_for(reference, SECRET)
    for language in ROWS[0]:
        first, second = said(pair, language)
        assert first != second
        assert {first, second} <= {row[language] for row in ROWS}


def test_known_pair() -> None:
    """Words that a payer noted are those of the letter, whichever version of the code writes it."""
    assert said((0, 1), "fr") == ("palmier", "théière")
    assert said((0, 1), "ar") == ("نخلة", "إبريق")
    assert said(pair_for("43190271885204", SECRET), "fr") == ("domino", "timbre")


def test_nobody_guesses() -> None:
    """Without the key the words cannot be told: another key gives others, and all come up."""
    references = [with_check_digits(f"{number:012d}") for number in range(4000)]
    ours = [pair_for(it, SECRET) for it in references]
    theirs = [pair_for(it, b"another secret") for it in references]
    assert sum(one == other for one, other in zip(ours, theirs, strict=True)) < 3
    for place in (0, 1):
        often = Counter(pair[place] for pair in ours)
        assert len(often) == len(ROWS)
        assert max(often.values()) < 5 * len(ours) / len(ROWS)


def test_unspoken_language() -> None:
    """In a language that the list does not speak yet the words are French, as the page says them."""
    assert said((0, 1), "zz") == said((0, 1), "fr")


@pytest.mark.parametrize("language", ROWS[0])
def test_words_can_be_told_apart(language: str) -> None:
    """The list has 256 nouns or more, none twice, none empty, none hard to read in a subject."""
    nouns = [row[language] for row in ROWS]
    assert len(nouns) >= 256
    assert len(set(nouns)) == len(nouns)
    assert all(noun and noun == noun.strip() and len(noun) <= 12 for noun in nouns)


def test_list_only_grows() -> None:
    """Orders keep numbers of lines: the first 256 nouns stay where they are, word for word."""
    kept = "".join(f"{row['fr']},{row['ar']},{row['en']}\n" for row in ROWS[:256])
    assert (
        hashlib.sha256(kept.encode()).hexdigest()
        == "176920c9da1459f129ae070473c5b122bee5de6c4ba557f85460308bba15e41d"
    )
