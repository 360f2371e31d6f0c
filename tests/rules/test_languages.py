"""Which languages a deployment offers."""

import pytest

from functions.shared.rules.languages import DEFAULT, LANGUAGES, REVIEWED, offered


def test_order_of_the_switch() -> None:
    """However the setting lists them, a payer finds the languages in the one order."""
    assert offered("ar,zgh,fr") == ("fr", "ar", "zgh")
    assert offered(",".join(LANGUAGES)) == tuple(LANGUAGES)
    assert offered(DEFAULT) == (DEFAULT,)


@pytest.mark.parametrize("listed", ["", "ar,en", "fr,xx", "fr,fr", "fr, ar", "FR", "fr,", "fr;ar"])
def test_refused(listed: str) -> None:
    """A slip of the pen is refused, rather than leave a payer without a language or two."""
    with pytest.raises(ValueError, match="give fr and others of fr, ar, en, zgh, once"):
        offered(listed)


def test_tamazight_awaits_a_reviewer() -> None:
    """No native reader has read the words in Tamazight: it is not among the reviewed languages."""
    assert set(LANGUAGES) - set(REVIEWED) == {"zgh"}
    assert DEFAULT in REVIEWED


def test_card_page() -> None:
    """CMI does not speak Tamazight: its page is then in French."""
    assert LANGUAGES["zgh"].gateway == "fr"
