from __future__ import annotations

import html
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from cmi_simulator.__main__ import QuietHandler
from cmi_simulator.app import Simulator
from tests.simulator.shop import Shop

pytestmark = pytest.mark.browser


@pytest.fixture
def address(shop: Shop) -> Iterator[str]:
    """Serve the shop's bank on loopback."""
    server = make_server(
        "127.0.0.1", 0, Simulator(shop.bank), threaded=True, request_handler=QuietHandler
    )
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def send(page: Page, address: str, form: dict[str, str]) -> None:
    """Post a form to the hosted page from a page of its own."""
    fields = "".join(
        f'<input type="hidden" name="{name}" value="{html.escape(value)}">'
        for name, value in form.items()
    )
    page.set_content(f'<form method="post" action="{address}/fim/est3Dgate">{fields}<button>')
    page.click("button")
    page.wait_for_load_state()


def press(page: Page) -> None:
    """Fill the page in as any payer does and press the button."""
    page.fill("[name=holder]", "A. Payer")
    page.fill("[name=pan]", "4000000000000010")
    page.select_option("[name=month]", "12")
    page.select_option("[name=year]", "2026")
    page.fill("[name=cvv]", "123")
    page.check("[name=accept]")
    page.click("#pay")


def test_to_the_shop_and_back(browser: Browser, shop: Shop, address: str) -> None:
    """The browser reaches okUrl by itself; Back shows the bank's page and stays there."""
    page = browser.new_page()
    send(page, address, shop.form())
    press(page)
    page.wait_for_url("**/cmi/return**")
    assert shop.states() == ["captured"]
    page.go_back()
    page.wait_for_timeout(500)
    assert page.url == f"{address}/fim/pay"
    page.click("text=Continuer")
    page.wait_for_url("**/cmi/return**")
    assert shop.states() == ["captured"]
    page.close()


def test_without_script(browser: Browser, shop: Shop, address: str) -> None:
    """Where no script runs, « Continuer » goes on."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    send(page, address, shop.form())
    press(page)
    page.click("text=Continuer")
    page.wait_for_url("**/cmi/return**")
    assert [post["ProcReturnCode"] for post in shop.receiver.posts] == ["00", "00"]
    context.close()


@pytest.mark.parametrize("language", ["fr", "ar", "en"])
def test_phone(browser: Browser, shop: Shop, address: str, language: str) -> None:
    """On a phone nothing overflows, errors included, and the errors have the focus."""
    page = browser.new_page(viewport={"width": 360, "height": 740})
    send(page, address, shop.form(lang=language))
    page.click("#pay")
    page.wait_for_selector(".summary:focus")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.locator("[aria-invalid=true]").count() == 6
    page.close()
