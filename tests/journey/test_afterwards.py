"""After the payment, against the whole stack: follow-up, verification, and the letter again."""

import base64
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import boto3
import pytest
from playwright.sync_api import expect

from local.process import account
from tests.journey.payer import EMAIL, NUMBER, Payer
from tests.stack import Running

Come = Callable[[], Payer]
LONG_AGO = "2020-05-05T20:00:00.000000+00:00"


def paid(payer: Payer, email: str | None = EMAIL) -> str:
    """Pay the golden case; give the reference."""
    payer.go_to_card(email=email)
    payer.pay()
    payer.sees("success")
    return re.sub(r"\D", "", payer.page.inner_text("[data-slot=payment-reference]"))


def follow(payer: Payer, reference: str, number: str = NUMBER) -> None:
    """Ask for a payment by reference and number."""
    payer.open("suivi/")
    payer.page.fill("#reference", reference)
    payer.page.fill("#registration-number", number)
    payer.page.click("main form button[type=submit] >> visible=true")


def arrived(payer: Payer, count: int) -> list[str]:
    """Wait until so many letters have come; give whom each was sent to."""
    for _ in range(100):
        if len(letters := payer.stack.mail()) >= count:
            return [str(*letter["to"]) for letter in letters]
        payer.page.wait_for_timeout(200)
    pytest.fail(f"{count} letters were awaited, {len(letters)} came")


def time_goes_by(stack: Running) -> None:
    """Make every letter an old one: a copy can be had two minutes after it."""
    found = re.search(r"AWS \(moto\)\s+(\S+)/", stack.printed)
    assert found
    told = account(found[1])
    client = boto3.client(
        "dynamodb",
        endpoint_url=found[1],
        region_name=told["AWS_DEFAULT_REGION"],
        aws_access_key_id=told["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=told["AWS_SECRET_ACCESS_KEY"],
    )
    (table,) = client.list_tables()["TableNames"]
    for row in client.scan(TableName=table)["Items"]:
        if row["sk"]["S"].startswith("LETTER#"):
            client.put_item(TableName=table, Item={**row, "at": {"S": LONG_AGO}})


def qr_address(payer: Payer, folder: Path) -> str:
    """Read the QR of the letter's PDF as a phone does, off the picture of its page."""
    arrived(payer, 1)
    pdf = folder / "letter.pdf"
    pdf.write_bytes(base64.b64decode(payer.stack.mail()[0]["attachments"][0]["base64"]))
    picture = folder / "page"
    subprocess.run(["pdftoppm", "-r", "200", "-png", "-singlefile", pdf, picture], check=True)
    read: list[str | Path] = ["zbarimg", "--quiet", "--raw", picture.with_suffix(".png")]
    said: str = subprocess.run(read, capture_output=True, text=True, check=True).stdout
    return said.strip()


def test_follow_up_from_another_device(come: Come) -> None:
    """Reference and number show the receipt on another phone; one wrong digit shows nothing."""
    father, daughter = come(), come()
    reference = paid(father)
    follow(daughter, reference)
    expect(daughter.page.locator("[data-slot=success]")).to_be_visible()
    assert all(it in daughter.figures() for it in ("1451.10", "15.96", "1467.06", "xxxxx6789"))
    assert daughter.page.url.endswith(f"/{daughter.language}/suivi/")
    with daughter.page.expect_download() as coming:
        daughter.page.click("[data-slot=pdf]")
    assert coming.value.path().read_bytes().startswith(b"%PDF-")


def test_somebody_else_s_reference(come: Come) -> None:
    """A true reference with another number is answered as an unknown one."""
    father, stranger = come(), come()
    reference = paid(father)
    follow(stranger, reference, "200000002")
    expect(stranger.page.locator("[data-module=error-summary]")).to_be_visible()
    assert "1467.06" not in stranger.figures()
    stranger.complaints.clear()  # the browser reports every 404


def test_verification(payer: Payer, tmp_path: Path) -> None:
    """The QR of the letter opens a page that calls the receipt genuine; one character, altered."""
    paid(payer)
    address = qr_address(payer, tmp_path)
    assert address.startswith(f"{payer.stack.portal}/{payer.language}/verification/#")
    payer.page.goto(address)
    expect(payer.page.locator("[data-slot=facts]")).to_be_visible()
    assert all(it in payer.figures() for it in ("1451.10", "15.96", "1467.06", "xxxxx6789"))
    place = address.index("#") + 20
    other = "A" if address[place] != "A" else "B"
    payer.page.goto(address[:place] + other + address[place + 1 :])
    expect(payer.page.locator("[data-slot=error]")).to_be_visible()
    expect(payer.page.locator("[data-slot=facts]")).to_be_hidden()


def test_copy_of_the_letter(payer: Payer) -> None:
    """« Renvoyer la lettre » right away says to wait; later a copy comes, and the page says so."""
    paid(payer)
    arrived(payer, 1)
    button = payer.page.locator("[data-slot=copy]")
    button.click()
    expect(payer.page.locator("[data-module=error-summary]")).to_be_focused()
    payer.complaints.clear()  # the browser reports every 429
    time_goes_by(payer.stack)
    button.click()
    expect(payer.page.locator("[data-slot=letter]")).to_be_focused()
    assert arrived(payer, 2) == [EMAIL, EMAIL]
    expect(button).to_be_visible()


def test_address_mended_after_a_bounce(payer: Payer) -> None:
    """A letter that came back leaves for the address typed instead, once."""
    paid(payer, "fatima@exmaple.ma")
    arrived(payer, 1)
    payer.stack.play(1, "bounce")
    payer.page.reload()
    payer.page.fill("[data-slot=correction] input", EMAIL)
    payer.page.click("[data-slot=correction] button[type=submit]")
    assert arrived(payer, 2) == ["fatima@exmaple.ma", EMAIL]
    expect(payer.page.locator("[data-slot=copy]")).to_be_visible()
    assert "f•••@example.ma" in payer.page.inner_text("[data-slot=letter]")
    expect(payer.page.locator("[data-slot=correction]")).to_be_hidden()


def test_address_given_afterwards(payer: Payer) -> None:
    """Who gave no address can give one with the receipt on the screen."""
    paid(payer, None)
    payer.page.fill("[data-slot=correction] input", EMAIL)
    payer.page.click("[data-slot=correction] button[type=submit]")
    assert arrived(payer, 1) == [EMAIL]


def test_back_without_a_verifiable_message(payer: Payer) -> None:
    """A return that proves nothing leads to the follow-up, where nothing has to be typed again."""
    reference = paid(payer)
    payer.page.goto(f"{payer.stack.portal}/cmi/return?l={payer.language}")
    payer.page.wait_for_url(f"**/{payer.language}/suivi/")
    expect(payer.page.locator("#registration-number")).to_have_value(NUMBER)
    payer.page.fill("#reference", reference)
    payer.page.click("main form button[type=submit] >> visible=true")
    expect(payer.page.locator("[data-slot=success]")).to_be_visible()
