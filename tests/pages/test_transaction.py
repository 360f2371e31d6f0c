"""Step 6: the recap, and the signed form that leads to CMI."""

import re
from urllib.parse import parse_qs

from playwright.sync_api import expect

from tests.pages.expectations import EVERY_LANGUAGE
from tests.pages.portal import SAMPLES, Portal, lost, problem


@EVERY_LANGUAGE
def test_golden_case(portal: Portal) -> None:
    """The recap says number, total, items, card, both lines, the reference, what comes next."""
    main = portal.at_recap()
    recap = main.locator("[data-slot=recap]")
    expect(recap.locator("[data-slot=number]")).to_have_text(re.compile(r"123.456.789"))
    expect(recap.locator("[data-slot=total]")).to_have_text(re.compile(r"1.467[.,]06"))
    expect(recap.locator("[data-slot=count]")).to_have_text("1")
    expect(recap.locator("[data-slot=origin]")).to_have_text(f"{portal.word('card.LOC')} (LOC)")
    expect(recap.locator("[data-slot=payment-reference]")).to_have_text(
        re.compile(r"4319.0271.8852.04")
    )
    due, fee = (row.inner_text() for row in recap.locator("tbody tr").all())
    assert re.search(
        r"2020.*1.451[.,]10.*120200000451.*BPC pour encaissements ASVI", due, re.DOTALL
    )
    for words in ("quarter.1", "quarter.1.months"):
        assert portal.word(words).replace("{year}", "2020") in due
    assert re.search(rf"2020.*15[.,]96.*{portal.word('dues.fee')}", fee, re.DOTALL)
    expect(main.locator("ol")).to_contain_text(portal.word("transaction.next.stuck"))
    assert len(portal.asked["checkout"]) == 1


def test_the_form(portal: Portal) -> None:
    """A plain POST of exactly the signed fields, in this tab; the button adds nothing."""
    main = portal.at_recap()
    form = main.locator("form[data-slot=gateway]")
    expect(form).to_have_attribute("method", "post")
    expect(form).to_have_attribute("accept-charset", "utf-8")
    assert form.get_attribute("target") is None
    portal.press()
    portal.page.wait_for_url("http://localhost:8001/fim/est3Dgate")
    (body,) = portal.sent_to_gateway
    fields = {name: values[0] for name, values in parse_qs(body).items()}
    assert fields == SAMPLES["checkout"]["gateway"]["fields"]


def test_hostile_values(portal: Portal) -> None:
    """A label or a field with markup in it is text, never markup (event 34)."""
    hostile = '"><img src=x onerror=alert(1)>'
    order = SAMPLES["checkout"]
    line = {**order["lines"][0], "account": hostile}
    gateway = {**order["gateway"], "fields": {"BillToName": hostile}}
    portal.answers["checkout"] = [{**order, "lines": [line], "gateway": gateway}]
    main = portal.at_recap()
    expect(main.locator("tbody")).to_contain_text(hostile)
    assert main.locator("img").count() == 0
    assert main.locator("input[name=BillToName]").input_value() == hostile


@EVERY_LANGUAGE
def test_opened_by_itself(portal: Portal) -> None:
    """Without an order the page says so and leads to the number."""
    portal.open("assure/transaction/")
    expect(portal.main).to_contain_text(portal.word("journey.absent.text"))
    expect(portal.main.locator("form:visible")).to_have_count(0)


@EVERY_LANGUAGE
def test_cancelled(portal: Portal) -> None:
    """Back by « Annuler »: nothing was debited, and the same order can be tried again."""
    portal.at_recap()
    portal.page.goto("about:blank")
    main = portal.open("assure/transaction/#cancelled")
    expect(portal.focused).to_contain_text(portal.word("transaction.cancelled.text"))
    expect(main.locator("form[data-slot=gateway] button")).to_be_enabled()
    assert portal.page.url.endswith("/assure/transaction/")
    first, second = portal.asked["checkout"]
    assert first == second


@EVERY_LANGUAGE
def test_a_form_that_expires(portal: Portal) -> None:
    """After the form's 15 minutes its button goes, with the reason and a way back."""
    portal.page.clock.install()
    main = portal.at_recap()
    expect(main.locator("form:visible")).to_have_count(1)
    portal.page.clock.run_for(899_000)
    expect(main.locator("form:visible")).to_have_count(1)
    portal.page.clock.run_for(2_000)
    expect(portal.focused).to_contain_text(portal.word("transaction.expired.text"))
    expect(main.locator("form:visible")).to_have_count(0)
    portal.page.get_by_role("link", name=portal.word("transaction.change")).click()
    portal.page.wait_for_url("**/assure/creance/")


@EVERY_LANGUAGE
def test_the_form_goes_on(portal: Portal) -> None:
    """Two minutes before its end a form can be renewed: another order, the same choice, 15 minutes."""
    portal.page.clock.install()
    main = portal.at_recap()
    expect(main.locator("form:visible")).to_have_count(1)
    portal.page.clock.run_for(779_000)
    expect(main.locator("[data-slot=offer]")).to_be_hidden()
    portal.page.clock.run_for(2_000)
    expect(main.locator("[role=status] > [data-slot=offer]")).to_be_visible()
    portal.answers["checkout"] = [{**SAMPLES["checkout"], "reference": "11112222333344"}]
    portal.page.get_by_role("button", name=portal.word("form.extend")).click()
    expect(portal.focused).to_contain_text(portal.word("form.extended"))
    expect(main.locator("[data-slot=payment-reference]")).to_have_text(re.compile("^1111"))
    first, second = portal.asked["checkout"]
    assert first.pop("key") != second.pop("key")
    assert first == second
    portal.page.clock.run_for(770_000)
    expect(main.locator("form:visible")).to_have_count(1)


def test_a_new_form_in_place(portal: Portal) -> None:
    """Where the form has expired, « Réessayer » prepares another on the spot."""
    portal.page.clock.install()
    main = portal.at_recap()
    portal.page.clock.run_for(901_000)
    expect(main.locator("[data-slot=offer]")).to_be_hidden()
    portal.answers["checkout"] = [problem("order_closed", 409), SAMPLES["checkout"]]
    portal.page.get_by_role("button", name=portal.word("journey.retry")).click()
    expect(main.locator("form:visible")).to_have_count(1)
    expect(main.locator("[data-slot=expired]")).to_be_hidden()
    keys = [body["key"] for body in portal.asked["checkout"]]
    assert keys[0] == keys[1] != keys[2]


def test_reload(portal: Portal) -> None:
    """A reload asks for the same order by the same key, and so learns how long the form lasts."""
    main = portal.at_recap()
    portal.answers["checkout"] = [{**SAMPLES["checkout"], "form_expires_in_seconds": 600}]
    portal.page.reload()
    expect(main.locator("form:visible")).to_have_count(1)
    first, second = portal.asked["checkout"]
    assert first == second


def test_an_order_that_closed(portal: Portal) -> None:
    """Where the order is closed the page makes a new one, under a new key."""
    main = portal.at_recap()
    portal.answers["checkout"] = [
        problem("order_closed", 409),
        {**SAMPLES["checkout"], "reference": "11112222333344"},
    ]
    portal.page.reload()
    expect(main.locator("[data-slot=payment-reference]")).to_have_text(
        re.compile(r"1111.2222.3333.44")
    )
    keys = [body["key"] for body in portal.asked["checkout"]]
    assert keys[0] == keys[1] != keys[2]


def test_pressed_twice(portal: Portal) -> None:
    """While CMI opens, the button says so and sends once; when CMI does not open it works again."""
    portal.page.clock.install()
    main = portal.at_recap()
    expect(main.locator("form:visible")).to_have_count(1)
    portal.page.evaluate(
        "window.sent = 0; addEventListener('submit', event => {"
        " if (!event.defaultPrevented) { window.sent += 1; event.preventDefault(); } })"
    )
    button = main.locator("form[data-slot=gateway] button")
    button.click()
    expect(button).to_have_text(portal.word("transaction.busy"))
    button.click(force=True)
    assert portal.page.evaluate("window.sent") == 1
    portal.page.clock.run_for(15_100)
    expect(button).to_have_text(portal.word("transaction.submit"))
    button.click()
    assert portal.page.evaluate("window.sent") == 2


def test_shown_again_by_back(portal: Portal) -> None:
    """Shown again from the back/forward cache, the page asks anew under a new key."""
    main = portal.at_recap()
    portal.come_back()
    expect(main.locator("form:visible")).to_have_count(1)
    portal.page.wait_for_timeout(100)
    first, second = portal.asked["checkout"]
    assert first["key"] != second["key"]


def test_back_from_cmi(portal: Portal) -> None:
    """Back from CMI's page, the button works again."""
    portal.at_recap()
    portal.press()
    portal.page.wait_for_url("http://localhost:8001/**")
    portal.page.go_back()
    expect(portal.main.locator("form:visible button")).to_have_text(
        portal.word("transaction.submit")
    )
    portal.press()
    portal.page.wait_for_url("http://localhost:8001/**")
    assert len(portal.sent_to_gateway) == 2


@EVERY_LANGUAGE
def test_language_switch(portal: Portal) -> None:
    """The recap in the other language belongs to another order, with another key."""
    main = portal.at_recap()
    other = "ar" if portal.language == "fr" else "fr"
    portal.page.locator(f"[data-module=language-switch] a[data-language={other}]").click()
    portal.page.wait_for_url(f"**/{other}/assure/transaction/")
    expect(main.locator("form:visible")).to_have_count(1)
    first, second = portal.asked["checkout"]
    assert (first["language"], second["language"]) == (portal.language, other)
    assert first["key"] != second["key"]


@EVERY_LANGUAGE
def test_session_that_ran_out(portal: Portal) -> None:
    """The recap stays to be read; the way to CMI closes, the way back to the quarters is open."""
    main = portal.at_recap()
    portal.answers["checkout"] = [problem("session_expired", 401)]
    portal.page.reload()
    expect(portal.focused).to_contain_text(portal.word("error.session_expired"))
    expect(main.locator("[data-slot=total]")).to_be_visible()
    expect(main.locator("form:visible")).to_have_count(0)
    expect(main.get_by_role("link", name=portal.word("transaction.change"))).to_be_visible()


def test_no_network(portal: Portal) -> None:
    """The recap stays to be read, and « Réessayer » opens the way once the network is back."""
    main = portal.at_recap()
    portal.answers["checkout"] = [lost, SAMPLES["checkout"]]
    portal.page.reload()
    expect(portal.focused).to_contain_text(portal.word("error.offline"))
    expect(portal.focused).to_contain_text(portal.word("error.checkout_failed"))
    expect(main.locator("form:visible")).to_have_count(0)
    expect(main.locator("[data-slot=total]")).to_be_visible()
    portal.page.get_by_role("button", name=portal.word("journey.retry")).click()
    expect(main.locator("form:visible")).to_have_count(1)
    assert not portal.title.startswith(portal.word("error.title"))
