"""The way to CMI's page when something stands in it: the order stays open, the button stays."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.pages.portal import GATEWAY, SAMPLES, Portal, silent

ELSEWHERE = "http://localhost:8009"
# Time fifty times as fast: the button rests for fifteen seconds. (The clock of a test stands still
# while the browser is on its way.)
IMPATIENT = """
const late = setTimeout;
window.setTimeout = (work, ms, ...rest) => late(work, ms / 50, ...rest);
"""
RESTED_MILLISECONDS = 600
ORDER = SAMPLES["checkout"]
OID = f"oid={ORDER['gateway']['fields']['oid']}"


def button(portal: Portal) -> Locator:
    """Give the button that leads to CMI."""
    return portal.main.locator("form[data-slot=gateway] button")


def press(portal: Portal) -> None:
    """Press that button and wait for nothing: the browser may never get anywhere."""
    portal.page.evaluate("document.querySelector('form[data-slot=gateway] button').click()")


def reads(portal: Portal) -> str:
    """Give the words on that button, also while the browser is on its way."""
    text = "document.querySelector('form[data-slot=gateway] button').textContent"
    return str(portal.page.evaluate(text)).strip()


def first(portal: Portal, played: Any) -> None:  # noqa: ANN401 - any way to answer
    """Let CMI's address be played so, once; afterwards CMI answers."""
    portal.page.route(f"{GATEWAY}/**", played, times=1)


def blocked(route: Route) -> None:
    """Play an ad blocker."""
    route.abort("blockedbyclient")


def unreachable(route: Route) -> None:
    """Play a network without a way to CMI."""
    route.abort("connectionrefused")


def down(route: Route) -> None:
    """Play CMI's own page of errors."""
    route.fulfill(status=503, body="<h1>503</h1>", content_type="text/html")


def moved(route: Route) -> None:
    """Play a CMI that sends the browser on to another host."""
    route.fulfill(status=302, headers={"Location": f"{ELSEWHERE}/pay"})


@pytest.mark.parametrize("played", [blocked, unreachable, down])
def test_page_does_not_open(portal: Portal, played: Any) -> None:  # noqa: ANN401 - likewise
    """Back from an error, the same order can be tried again (events 39 and 40)."""
    portal.at_recap()
    first(portal, played)
    button(portal).click()
    expect(portal.page.locator("[data-slot=recap]")).to_have_count(0)
    portal.page.go_back()
    expect(button(portal)).to_have_text(portal.word("transaction.submit"))
    button(portal).click()
    portal.page.wait_for_url(f"{GATEWAY}/**")
    (body,) = portal.sent_to_gateway
    assert OID in body
    assert len({asked["key"] for asked in portal.asked["checkout"]}) == 1


# A payer who presses again once the button's words are back.
WATCHING = """(again) => {
  const button = document.querySelector('form[data-slot=gateway] button');
  new MutationObserver(() => {
    console.log(button.textContent.trim());
    if (button.textContent.trim() === again) button.click();
  }).observe(button, { childList: true, characterData: true, subtree: true });
}"""


def test_slow_line(portal: Portal) -> None:
    """While CMI's page does not come the recap stays, and the button works again (event 39)."""
    said: list[str] = []
    portal.page.on("console", lambda message: said.append(message.text))
    portal.page.add_init_script(IMPATIENT)
    portal.at_recap()
    expect(button(portal)).to_be_visible()
    first(portal, silent)
    again = portal.word("transaction.submit")
    portal.page.evaluate(WATCHING, again)
    with portal.page.expect_request(
        lambda request: again in said and GATEWAY in request.url
    ) as second:
        press(portal)
    assert said[:2] == [portal.word("transaction.busy"), again]
    assert OID in (second.value.post_data or "")


def _recap_stays(portal: Portal) -> None:
    """Expect the recap with a button that works again, and the policy's word in the console."""
    portal.page.wait_for_timeout(RESTED_MILLISECONDS)
    assert portal.page.url.endswith("/fr/assure/transaction/")
    assert reads(portal) == portal.word("transaction.submit")
    assert [one for one in portal.complaints if "form-action" in one]
    portal.complaints.clear()


def test_content_policy(portal: Portal) -> None:
    """An address that the policy does not name is sent nothing, and the recap stays (event 39)."""
    portal.page.add_init_script(IMPATIENT)
    gateway = {**ORDER["gateway"], "url": f"{ELSEWHERE}/fim/est3Dgate"}
    portal.answers["checkout"] = [{**ORDER, "gateway": gateway}]
    reached: list[str] = []
    portal.page.route(f"{ELSEWHERE}/**", lambda route: reached.append(route.request.url))
    portal.at_recap()
    expect(button(portal)).to_be_visible()
    press(portal)
    _recap_stays(portal)
    assert reached == []


def test_redirect_to_another_host(portal: Portal) -> None:
    """Chromium holds CMI's own redirects to the policy too, and the recap stays (event 39).

    Firefox follows them, and is not tried here: should CMI redirect to another host, that host has
    to be named beside the first.
    """
    portal.page.add_init_script(IMPATIENT)
    reached: list[str] = []
    portal.page.route(f"{ELSEWHERE}/**", lambda route: reached.append(route.request.url))
    portal.at_recap()
    expect(button(portal)).to_be_visible()
    first(portal, moved)
    press(portal)
    _recap_stays(portal)
    assert reached == []
    button(portal).click()
    portal.page.wait_for_url(f"{GATEWAY}/**")
    assert OID in portal.sent_to_gateway[-1]
