from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cmi_simulator import cards
from cmi_simulator.words import DAYS, MONTHS, WORDS, date_in_words, outcome_sentence
from tests.simulator.shop import GOLDEN_EVENING, Shop, hidden

GOLDEN_TEXTS = [
    "mardi, mai 05, 2020 21:50:51",
    "Méthode de paiement",
    "Carte bancaire",
    "Nom du porteur de la carte",
    "Numéro de carte de paiement",
    "Date d&#39;expiration",
    "Code de vérification",
    "Confirmer l&#39;acceptation des conditions générales d&#39;utilisation du service",
    "Les informations sur le paiement vous concernant resteront confidentielles.",
    "Détail de la commande",
    "43190271885204",
    "BPC pour encaissements ASVI",
    ">1451.1 MAD<",
    "Frais de traitement",
    ">15.96 MAD<",
    ">1467.06 MAD<",
    "202001",
    "202005",
    "Détail marchand",
    "CNSS",
    "Informations du client",
    "Assure ASVI xxxxx6789",
    "Maroc",
    "payer@example.ma",
    "Valider le paiement",
    "Annuler",
    "Centre Monétique Interbancaire",
    "SIMULATEUR",
]


@pytest.mark.parametrize("text", GOLDEN_TEXTS)
def test_golden_page(shop: Shop, text: str) -> None:
    """The page says what step 7 of the user guide shows, to the letter."""
    assert text in shop.open().text


@pytest.mark.parametrize("control", ["pan", "holder", "month", "year", "cvv", "accept"])
def test_labels(shop: Shop, control: str) -> None:
    """Every control has its name and its label."""
    page = shop.open().text
    assert f'name="{control}"' in page
    assert f'<label for="{control}">' in page


@pytest.mark.parametrize(("language", "direction"), [("fr", "ltr"), ("ar", "rtl"), ("en", "ltr")])
def test_language(shop: Shop, language: str, direction: str) -> None:
    """The page is in the form's language, and reads from the right in Arabic."""
    page = shop.open(shop.form(lang=language)).text
    assert f'<html lang="{language}" dir="{direction}">' in page
    assert WORDS[language]["pay"] in page


@pytest.mark.parametrize("language", ["ar", "en"])
def test_words_are_complete(language: str) -> None:
    """No word is missing, or left in French by oversight."""
    same = {name for name, word in WORDS[language].items() if word == WORDS["fr"][name]}
    assert WORDS[language].keys() == WORDS["fr"].keys()
    assert same <= {"dir", "code", "id", "total", "client_email"}
    assert len(DAYS[language].split()) == 7
    assert len(MONTHS[language].split()) == 12


@pytest.mark.parametrize("card", cards.CARDS, ids=lambda card: card.outcome.name)
@pytest.mark.parametrize("language", list(WORDS))
def test_outcome_sentence(card: cards.Card, language: str) -> None:
    """Every outcome of a card has its own sentence: a refusal never reads as a hint to type."""
    sentence = outcome_sentence(card.outcome.name, language)
    accepted = outcome_sentence("approved", language)
    assert (sentence == accepted) == card.outcome.approved
    assert sentence != WORDS[language]["cvv"]


@pytest.mark.parametrize(
    ("instant", "language", "words"),
    [
        (GOLDEN_EVENING, "fr", "mardi, mai 05, 2020 21:50:51"),
        (GOLDEN_EVENING, "en", "Tuesday, May 05, 2020 21:50:51"),
        (GOLDEN_EVENING, "ar", "الثلاثاء، ماي 05، 2020 21:50:51"),
        (datetime(2020, 6, 30, 23, 30, tzinfo=UTC), "fr", "mercredi, juillet 01, 2020 00:30:00"),
    ],
)
def test_date(instant: datetime, language: str, words: str) -> None:
    """The time is Casablanca's: on UTC in Ramadan, an hour ahead in the other months."""
    assert date_in_words(instant, language) == words


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ({"holder": " "}, "holder_missing"),
        ({"pan": ""}, "pan_wrong"),
        ({"pan": "4000000000000011"}, "pan_wrong"),
        ({"pan": "4000 0000 0000 001²"}, "pan_wrong"),
        ({"pan": "4111111111111111"}, "pan_unknown"),
        ({"month": ""}, "expiry_wrong"),
        ({"month": "13"}, "expiry_wrong"),
        ({"year": ""}, "expiry_wrong"),
        ({"month": "04", "year": "2020"}, "expiry_past"),
        ({"year": "19"}, "expiry_past"),
        ({"cvv": "12"}, "cvv_wrong"),
        ({"cvv": "12a"}, "cvv_wrong"),
        ({"accept": ""}, "accept_missing"),
    ],
)
def test_typing_error(shop: Shop, typed: dict[str, str], word: str) -> None:
    """A typing error is told beside its field, charges nothing, and loses only the code."""
    page = shop.press(shop.open(), **{"number": "4000000000000010", "holder": "Zoé <i>"} | typed)
    assert page.status_code == 422
    assert f'-error">{WORDS["fr"][word].replace(chr(39), "&#39;")}<' in page.text
    assert "<title>Erreur : " in page.text
    assert 'value="123"' not in page.text
    assert ('value="Zoé &lt;i&gt;"' in page.text) == ("holder" not in typed)
    assert ("checked" in page.text) == ("accept" not in typed)
    assert shop.ledger() == []


def test_corrected(shop: Shop) -> None:
    """After an error the same page goes on to pay."""
    wrong = shop.press(shop.open(), cvv="")
    assert hidden(shop.press(wrong))["ProcReturnCode"] == "00"


@pytest.mark.parametrize(
    "number", ["4000 0000 0000 0010", "4000-0000-0000-0010", "٤٠٠٠٠٠٠٠٠٠٠٠٠٠١٠"]
)
def test_number_as_typed(shop: Shop, number: str) -> None:
    """Groups, dashes and the digits of an Arabic keyboard are understood."""
    assert hidden(shop.press(shop.open(), number))["ProcReturnCode"] == "00"


def test_month_of_expiry(shop: Shop) -> None:
    """A card is good until its last month is over."""
    assert shop.press(shop.open(), month="05", year="2020").status_code == 200


def test_cancel(shop: Shop) -> None:
    """« Annuler » sends the browser to shopurl by GET, and no attempt is made."""
    page = shop.open()
    answer = shop.client.post("/fim/cancel", data=hidden(page))
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{shop.receiver.url}/cmi/cancel?l=fr"
    assert shop.ledger() == []
    assert shop.receiver.posts == []


@pytest.mark.parametrize("address", ["/fim/pay", "/fim/cancel"])
def test_unknown_page(shop: Shop, address: str) -> None:
    """A card page that the bank does not know (after a reset) says so and goes nowhere."""
    answer = shop.client.post(address, data={"session": "0" * 32})
    assert answer.status_code == 404
    assert "existe plus" in answer.text


def test_timeout(shop: Shop) -> None:
    """The page can be paid for `sessiontimeout` seconds, and not one more."""
    page = shop.open()
    shop.later(seconds=901)
    answer = hidden(shop.press(page))
    assert answer["ErrMsg"] == "Session timeout"
    assert shop.ledger() == []
    shop.later(seconds=-1)
    assert hidden(shop.press(page))["ProcReturnCode"] == "00"


def test_merchant_text(shop: Shop) -> None:
    """Markup in a merchant's text is shown, never obeyed."""
    page = shop.open(shop.form(Desc1="<script>alert(1)</script>", Total1="a lot"))
    assert "&lt;script&gt;alert(1)" in page.text
    assert "a lot MAD" in page.text


def test_headers(shop: Shop) -> None:
    """Card pages are shared by no cache and run no script but the bank's own."""
    headers = shop.open().headers
    assert headers["Cache-Control"] == "private, no-cache"
    assert "default-src 'none'; script-src 'self'" in headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["simulator.css", "return.js"])
def test_assets(shop: Shop, name: str) -> None:
    """The pages' style and script are served, and no other file is."""
    assert shop.client.get(f"/static/{name}").status_code == 200
    assert shop.client.get("/static/..%2fbank.py").status_code == 404
    assert shop.client.get("/static/app.py").status_code == 404
