"""Two words on the recap, the receipt and the page of follow-up: those of our letters."""

from playwright.sync_api import expect

from tests.pages.expectations import EVERY_LANGUAGE, said
from tests.pages.portal import SAMPLES, Portal

WORDS = "palmier – théière"


@EVERY_LANGUAGE
def test_before_paying(portal: Portal) -> None:
    """The recap shows the words, and what they are good for to who gave an address."""
    portal.at_dues()
    portal.main.locator("#email").fill("a@example.ma")
    portal.main.locator("#terms").check()
    portal.press()
    portal.page.wait_for_url("**/assure/transaction/")
    expect(portal.main.locator("[data-slot=words]")).to_have_text(WORDS)
    expect(portal.main).to_contain_text(portal.word("pair.hint"))
    expect(portal.main.get_by_text(portal.word("pair.hint.alone"))).to_be_hidden()


@EVERY_LANGUAGE
def test_without_an_address(portal: Portal) -> None:
    """Who gave no address is promised no e-mail: the words are found on the receipt."""
    main = portal.at_recap()
    expect(main.locator("[data-slot=words]")).to_have_text(WORDS)
    expect(main.get_by_text(portal.word("pair.hint.alone"))).to_be_visible()
    expect(main.get_by_text(portal.word("pair.hint"), exact=True)).to_be_hidden()


@EVERY_LANGUAGE
def test_afterwards(portal: Portal) -> None:
    """The receipt and the follow-up show them as the letter has them: in the order's language."""
    portal.at_receipt()
    said(portal, "paid")
    words = portal.main.locator("[data-slot=words]")
    expect(words).to_have_text(WORDS)
    expect(words).to_have_attribute("lang", "fr")
    portal.at_follow_up()
    said(portal, "paid")
    expect(words).to_have_text(WORDS)


def test_older_than_the_words(portal: Portal) -> None:
    """A payment of before the words shows none, and promises none."""
    portal.answers["checkout"] = [{**SAMPLES["checkout"], "words": None}]
    main = portal.at_recap()
    expect(main.locator("[data-slot=pair]")).to_be_hidden()
    main = portal.at_receipt(words=None)
    said(portal, "paid")
    expect(main.locator("[data-slot=pair]")).to_be_hidden()
