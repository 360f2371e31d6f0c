"""Is this receipt genuine? Checked by the page itself, with the public keys of the portal."""

import json
from dataclasses import dataclass
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from playwright.sync_api import Request, expect

from functions.shared.rules.receipts import proof, unpadded
from local.keys import jwk
from tests.pages.expectations import EVERY_LANGUAGE
from tests.pages.portal import Portal, firewall, lost

KEY_ID = "0d5a4e7c-11c4-4d7e-9f86-6b1f2a3c4d5e"
FACTS: dict[str, Any] = {
    "v": 1, "r": "43190271885204", "t": 146706, "p": "2020-05-05T21:52:10Z", "n": "xxxxx6789",
    "l": [["202001", 145110]],
    "f": [["202005", 1596]],
}  # fmt: skip


@dataclass(frozen=True)
class Signer:
    """A key of the fund's, and what it signs."""

    key: ec.EllipticCurvePrivateKey

    @property
    def public(self) -> dict[str, str]:
        """The key as /keys.json gives it."""
        point = self.key.public_key().public_numbers()
        x, y = (number.to_bytes(32, "big") for number in (point.x, point.y))
        return jwk(KEY_ID, b"\x04" + x + y)

    def proof(self, facts: dict[str, Any] = FACTS, key_id: str = KEY_ID) -> str:
        """Sign facts as the letter function does (`functions/shared/rules/receipts.py`)."""
        payload = unpadded(json.dumps(facts, separators=(",", ":")).encode())
        return proof(payload, key_id, self.key.sign(payload.encode(), ec.ECDSA(hashes.SHA256())))


@pytest.fixture
def signer(portal: Portal) -> Signer:
    """Make a key and publish it among others."""
    made = Signer(ec.generate_private_key(ec.SECP256R1()))
    other = {**made.public, "kid": "another", "x": made.public["y"]}
    portal.page.route(
        "**/keys.json", lambda route: route.fulfill(json={"keys": [other, made.public]})
    )
    return made


def says(portal: Portal, name: str) -> None:
    title = portal.word(f"verification.{name}.title")
    expect(portal.main.locator("h1")).to_have_text(title)
    expect(portal.main.locator("h1")).to_be_focused()
    assert portal.title.startswith(title)
    expect(portal.main.locator(".notice:visible")).to_have_count(1)
    facts = portal.main.locator("[data-slot=facts]")
    expect(facts).to_be_visible(visible=name == "genuine")


def text_of(portal: Portal, selector: str) -> str:
    return " ".join(portal.main.locator(selector).inner_text().split())


@EVERY_LANGUAGE
def test_genuine(portal: Portal, signer: Signer) -> None:
    """Scanned: the signed facts in words, and that a later refund is seen elsewhere."""
    portal.open(f"verification/#{signer.proof()}")
    says(portal, "genuine")
    facts = text_of(portal, "[data-slot=facts]")
    quarter = portal.word("quarter.1").replace("{year}", "2020")
    for told in ("4319 0271 8852 04", "xxxxx6789", quarter, portal.word("dues.fee")):
        assert told in facts
    amounts = facts.replace(",", ".").replace("1.4", "14").replace("1 4", "14")
    assert all(amount in amounts for amount in ("1451.10", "15.96", "1467.06"))
    assert "2020" in text_of(portal, "[data-slot=paid-at]")
    assert "{" not in text_of(portal, ".notice:visible")
    expect(portal.main.locator("[data-slot=facts] a")).to_have_attribute(
        "href", f"/{portal.language}/suivi/"
    )
    portal.page.reload()
    says(portal, "genuine")


@EVERY_LANGUAGE
@pytest.mark.parametrize(("part", "place"), [(0, 12), (0, 40), (2, 3), (2, 50)])
def test_altered_by_one_character(portal: Portal, signer: Signer, part: int, place: int) -> None:
    """One character changed in the facts or in the signature: altered, and no fact is shown."""
    parts = signer.proof().split(".")
    old = parts[part][place]
    parts[part] = parts[part][:place] + ("A" if old != "A" else "B") + parts[part][place + 1 :]
    portal.open(f"verification/#{'.'.join(parts)}")
    says(portal, "altered")


def test_other_facts_under_a_true_signature(portal: Portal, signer: Signer) -> None:
    """A greater amount over the signature of a smaller one is altered."""
    payload = unpadded(json.dumps({**FACTS, "t": 999999}).encode())
    _, key_id, signature = signer.proof().split(".")
    portal.open(f"verification/#{payload}.{key_id}.{signature}")
    says(portal, "altered")


@pytest.mark.usefixtures("signer")
def test_signature_by_somebody_else(portal: Portal) -> None:
    """Somebody else's key under the fund's name is altered."""
    stranger = Signer(ec.generate_private_key(ec.SECP256R1()))
    portal.open(f"verification/#{stranger.proof()}")
    says(portal, "altered")


@EVERY_LANGUAGE
def test_unknown_key(portal: Portal, signer: Signer) -> None:
    """A key that is not published is told as such."""
    portal.open(f"verification/#{signer.proof(key_id='nobody')}")
    says(portal, "unknown")


@pytest.mark.usefixtures("signer")
@pytest.mark.parametrize(
    "text", ["hello", "a.b", "a.b.c.d", "YQ.Y.YQ", "YQ.%00.YQ", "<b>.<b>.<b>", "YQ._w.YQ"]
)
def test_unreadable(portal: Portal, text: str) -> None:
    """A text that is no receipt's is said to be unreadable, and asked of nobody."""
    portal.open(f"verification/#{text}")
    says(portal, "unreadable")


@EVERY_LANGUAGE
@pytest.mark.parametrize(
    "dress",
    [
        "{proof}",
        "https://paiement.example/fr/verification/#{proof}",
        "\u200f {start}\n {end} \u200e",
    ],
)
def test_pasted(portal: Portal, signer: Signer, dress: str) -> None:
    """The text by itself, the whole address, or either broken over lines can be pasted."""
    text = signer.proof()
    portal.open("verification/")
    pasted = dress.format(proof=text, start=text[:60], end=text[60:])
    portal.page.locator("#receipt-text").fill(pasted)
    portal.press()
    says(portal, "genuine")


@pytest.mark.usefixtures("signer")
def test_no_text(portal: Portal) -> None:
    """Opened by itself the page says what it is for; asked with nothing, what to paste."""
    main = portal.open("verification/")
    expect(main.locator(".notice:visible")).to_have_count(0)
    expect(main.locator("h1")).to_have_text(portal.word("verification.title"))
    portal.press()
    sentence = portal.word("error.receipt_text.required")
    expect(portal.page.locator("#receipt-text-error")).to_have_text(sentence)
    expect(portal.page.locator("#receipt-text")).to_have_attribute("aria-invalid", "true")
    expect(portal.focused).to_contain_text(sentence)
    assert portal.title.startswith(portal.word("error.title"))


@EVERY_LANGUAGE
@pytest.mark.parametrize("broken", [lost, firewall])
def test_keys_unread(portal: Portal, signer: Signer, broken: Any) -> None:  # noqa: ANN401 - a played answer
    """Without the keys a receipt is neither confirmed nor doubted."""
    portal.page.unroute("**/keys.json")
    portal.page.route("**/keys.json", broken)
    portal.open(f"verification/#{signer.proof()}")
    says(portal, "offline")


def test_old_browser(portal: Portal, signer: Signer) -> None:
    """A browser that cannot check a signature says so, and asks nobody."""
    portal.page.add_init_script(
        "Object.defineProperty(window, 'crypto', { value: {}, configurable: true })"
    )
    portal.open(f"verification/#{signer.proof()}")
    says(portal, "unable")


def test_another_code_scanned(portal: Portal, signer: Signer) -> None:
    """A second address in the same tab is checked in its turn."""
    portal.open(f"verification/#{signer.proof()}")
    says(portal, "genuine")
    portal.page.goto(f"{portal.origin}/fr/verification/#hello")
    says(portal, "unreadable")


def test_another_language(portal: Portal, signer: Signer) -> None:
    """The other language checks the same receipt."""
    portal.open(f"verification/#{signer.proof()}")
    portal.page.locator("[data-module=language-switch] a[data-language=ar]").click()
    portal.page.wait_for_url("**/ar/verification/#*")
    portal.language = "ar"
    says(portal, "genuine")


@pytest.mark.parametrize(
    ("lines", "fees"),
    [
        ([["202001", 145110]], []),
        ([["201904", 120000], ["202001", 5]], []),
        ([["201904", 120000]], [["202003", 1320]]),
        ([["201904", 120000]], [["202012", 1320]]),
    ],
)
def test_fee_and_quarters(
    portal: Portal, signer: Signer, lines: list[Any], fees: list[Any]
) -> None:
    """The fee's period is a month, in spring too, when its number could be a quarter's."""
    total = sum(amount for _, amount in [*lines, *fees])
    portal.open(f"verification/#{signer.proof({**FACTS, 't': total, 'l': lines, 'f': fees})}")
    says(portal, "genuine")
    facts = portal.main.locator("[data-slot=lines] .fact")
    expect(facts).to_have_count(len(lines) + len(fees))
    assert text_of(portal, "[data-slot=lines]").count(portal.word("dues.fee")) == len(fees)


def test_facts_are_text(portal: Portal, signer: Signer) -> None:
    """Even signed, a fact is shown as text and never becomes part of the page."""
    facts = {**FACTS, "n": "<img src=x>"}
    portal.open(f"verification/#{signer.proof(facts)}")
    says(portal, "genuine")
    expect(portal.main.locator("dd [data-slot=number]")).to_have_text("<img src=x>")


def test_nothing_is_sent(portal: Portal, signer: Signer) -> None:
    """No request carries the receipt: the keys are all that is asked for."""
    asked: list[Request] = []

    def note(request: Request) -> None:
        asked.append(request)

    portal.page.on("request", note)
    text = signer.proof()
    portal.open("verification/")
    portal.page.locator("#receipt-text").fill(text)
    portal.press()
    says(portal, "genuine")
    assert not [one for one in asked if text[:20] in one.url or one.post_data]
    assert portal.asked == {}
