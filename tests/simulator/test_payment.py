from __future__ import annotations

import html
from concurrent.futures import ThreadPoolExecutor

import pytest

from cmi_simulator import cards
from cmi_simulator.settings import Settings
from tests.simulator.shop import KEY, Receiver, Shop, action, hidden, is_genuine

DECLINES = [card for card in cards.CARDS if not card.outcome.approved]
NESTPAY = {
    "TransId",
    "AuthCode",
    "HostRefNum",
    "Response",
    "ProcReturnCode",
    "mdStatus",
    "txstatus",
    "ErrMsg",
    "ErrCode",
    "maskedCreditCard",
    "MaskedPan",
    "ACQBIN",
    "acqStan",
    "clientIp",
    "cardHolderName",
    "EXTRA.TRXDATE",
    "EXTRA.CARDBRAND",
    "EXTRA.CARDISSUER",
    "hashAlgorithm",
    "HASH",
    "rnd",
    "orgRnd",
}


@pytest.mark.parametrize("number", ["4000000000000010", "5453010000066100"])
def test_captured(shop: Shop, number: str) -> None:
    """An approval answered ACTION=POSTAUTH is captured, before the browser is sent to okUrl."""
    page = shop.pay(number)
    [row] = shop.ledger()
    assert row["oid"] == "43190271885204"
    assert row["amount_centimes"] == row["captured_centimes"] == 146706
    assert (row["state"], row["replies"], row["code"]) == ("captured", ["ACTION=POSTAUTH"], "00")
    assert row["at"] == "2020-05-05T21:50:51+00:00"
    assert action(page) == f"{shop.receiver.url}/cmi/return?l=fr"
    assert hidden(page) == shop.receiver.posts[0]


def test_answer(shop: Shop) -> None:
    """The answer is NestPay's: the echo as written, the bank's fields, a true hash over all."""
    form = shop.form()
    shop.press(shop.open(form))
    [answer] = shop.receiver.posts
    assert answer.keys() >= NESTPAY | form.keys()
    assert is_genuine(answer)
    changed = {n for n, v in form.items() if html.unescape(answer[n]) != v}
    assert changed == {"rnd", "HASH"}
    assert answer["orgRnd"] == form["rnd"]
    assert len(answer["rnd"]) == 20
    assert answer["EXTRA.TRXDATE"] == "20200505 21:50:51"
    assert answer["maskedCreditCard"] == "4000 00** **** 0010"
    assert answer["TransId"] == shop.ledger()[0]["trans_id"]
    assert (answer["Response"], answer["mdStatus"], answer["txstatus"]) == ("Approved", "1", "Y")


def test_no_card_data(shop: Shop) -> None:
    """The full number and the code leave the bank in no answer."""
    shop.press(shop.open(), cvv="987")
    assert "4000000000000010" not in str(shop.receiver.posts)
    assert "987" not in shop.receiver.posts[0].values()


def test_escaped_echo(shop: Shop) -> None:
    """Echoed values come HTML-escaped, and the hash is over the plain text."""
    name = 'L\'atelier <Zoé> & "fils" &amp; | \\'
    shop.pay(BillToName=name, email="أحمد@example.ma")
    [answer] = shop.receiver.posts
    assert (
        answer["BillToName"] == "L&#039;atelier &lt;Zoé&gt; &amp; &quot;fils&quot; &amp;amp; | \\"
    )
    assert html.unescape(answer["BillToName"]) == name
    assert is_genuine(answer)


def test_bank_over_echo(shop: Shop) -> None:
    """A form cannot put words into the bank's mouth, in any letter case."""
    shop.pay("4000000000510000", procreturncode="00", response="Approved")
    [answer] = shop.receiver.posts
    assert "procreturncode" not in answer
    assert (answer["ProcReturnCode"], answer["Response"]) == ("51", "Declined")
    assert is_genuine(answer)


@pytest.mark.parametrize("card", DECLINES, ids=lambda card: card.outcome.name)
def test_declined(shop: Shop, card: cards.Card) -> None:
    """A decline is called back and goes to failUrl; no reply can capture it."""
    page = shop.pay(card.number, failUrl=f"{shop.receiver.url}/fail")
    [row] = shop.ledger()
    [answer] = shop.receiver.posts
    assert (row["state"], row["replies"]) == ("declined", ["ACTION=POSTAUTH"])
    assert row["code"] == answer.get("ProcReturnCode", "") == card.outcome.code
    assert action(page) == f"{shop.receiver.url}/fail"
    assert answer["Response"] in {"Declined", "Error"}
    assert answer["ErrMsg"]
    assert is_genuine(answer)


def test_authentication_failed(shop: Shop) -> None:
    """A failed 3-D authentication has mdStatus 0 and no ProcReturnCode at all."""
    shop.pay("4000000000300006")
    [answer] = shop.receiver.posts
    assert answer["mdStatus"] == "0"
    assert "ProcReturnCode" not in answer
    assert "AuthCode" not in answer


def test_unacceptable_approval(shop: Shop) -> None:
    """One card is approved with mdStatus 7, for merchants to refuse."""
    shop.receiver.replies = ["APPROVED"]
    shop.pay("4000000000070005")
    [answer] = shop.receiver.posts
    assert (answer["ProcReturnCode"], answer["mdStatus"]) == ("00", "7")
    assert shop.states() == ["authorised"]


@pytest.mark.parametrize(
    "reply",
    [
        "APPROVED",
        "FAILURE",
        "",
        "ACTION=POSTAUTH\n",
        " ACTION=POSTAUTH",
        "action=postauth",
        "\ufeffACTION=POSTAUTH",
    ],
)
def test_other_reply(shop: Shop, reply: str) -> None:
    """Only the exact bytes ACTION=POSTAUTH capture; anything else leaves a reservation."""
    shop.receiver.replies = [reply]
    shop.pay()
    assert shop.states() == ["authorised"]
    assert shop.ledger()[0]["replies"] == [reply]


@pytest.mark.parametrize("status", [204, 302, 404, 500])
def test_other_status(shop: Shop, status: int) -> None:
    """A reply under another status is none, and a redirect is not followed."""
    shop.receiver.status = status
    shop.receiver.headers = {"Location": f"{shop.receiver.url}/elsewhere"}
    shop.pay()
    assert shop.states() == ["authorised"]
    assert shop.ledger()[0]["replies"] == [f"HTTP {status}"]
    assert len(shop.receiver.posts) == 1


def test_no_answer(receiver: Receiver) -> None:
    """A callback that nobody answers in time captures nothing, and the payer comes back."""
    shop = Shop(Settings(store_key=KEY, callback_timeout_seconds=0.1), receiver)
    receiver.delay_seconds = 0.4
    page = shop.pay()
    assert shop.ledger()[0]["replies"] == ["no answer"]
    assert shop.states() == ["authorised"]
    assert action(page)


def test_nobody_there(shop: Shop) -> None:
    """A portal that is down is the same as one that does not answer."""
    page = shop.pay(callbackUrl="http://127.0.0.1:9/")
    assert shop.ledger()[0]["replies"] == ["no answer"]
    assert action(page)


def test_double_click(shop: Shop) -> None:
    """Pressing twice, or reloading the result, is one payment with one answer."""
    page = shop.open()
    first = shop.press(page)
    assert hidden(shop.press(page)) == hidden(first)
    assert len(shop.receiver.posts) == len(shop.ledger()) == 1


def test_double_click_at_once(shop: Shop) -> None:
    """A second press while the first is under way waits for it and gets its answer."""
    page = shop.open()
    shop.receiver.delay_seconds = 0.2
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: hidden(shop.press(page)), range(2))
    assert first == second
    assert len(shop.ledger()) == 1


def test_two_pages_at_once(shop: Shop) -> None:
    """Two pages of one order, paid at the same moment, make one success."""
    pages = [shop.open(), shop.open()]
    shop.receiver.delay_seconds = 0.2
    with ThreadPoolExecutor(2) as pool:
        codes = {hidden(answer)["ErrCode"] for answer in pool.map(shop.press, pages)}
    assert codes == {"", "CORE-2507"}
    assert shop.states() == ["captured"]


def test_another_card_after_a_decline(shop: Shop) -> None:
    """A refusal does not burn the order: another card pays it."""
    page = shop.open()
    shop.press(page, "4000000000510000")
    shop.press(page)
    assert shop.states() == ["declined", "captured"]
    assert [a.get("ProcReturnCode") for a in shop.receiver.posts] == ["51", "00"]


def test_two_pages_of_one_order(shop: Shop) -> None:
    """Of two open pages of one order only the first pays; the second is told."""
    first, second = shop.open(), shop.open()
    shop.press(first)
    answer = hidden(shop.press(second))
    assert answer["ErrCode"] == "CORE-2507"
    assert shop.states() == ["captured"]


def test_numbers_are_fresh(shop: Shop) -> None:
    """No two attempts share a transaction number or a `rnd`."""
    for n in range(5):
        shop.pay(oid=f"ORDER{n}")
    assert len({a["TransId"] for a in shop.receiver.posts}) == 5
    assert len({a["rnd"] for a in shop.receiver.posts}) == 5


@pytest.mark.parametrize(
    ("language", "word"), [("fr", "Continuer"), ("ar", "متابعة"), ("en", "Continue")]
)
def test_way_back(shop: Shop, language: str, word: str) -> None:
    """The page that goes back does so by itself, and by a button where no script runs."""
    page = shop.pay(lang=language).text
    assert f'<button type="submit">{word}</button>' in page
    assert 'src="/static/return.js"' in page
