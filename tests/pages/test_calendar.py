"""The next due dates as a calendar file: by the rule, readable by any calendar, nobody's secret."""

import calendar
import json
import re
from datetime import date, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.pages.expectations import EVERY_LANGUAGE, period, said
from tests.pages.portal import ROOT, SAMPLES, Portal

FOLDER = ROOT / "site" / "templates" / "components" / "calendar"
ASKED = {"reference": "43190271885204", "registration_number": "123456789"}


def run(browser: Browser, module: str, body: str, *given: object) -> Any:  # noqa: ANN401 - any JSON
    """Give what `body` makes of a pure module `m` and the values `v`."""
    source = (FOLDER / module).read_text("utf-8")
    page = browser.new_page()
    made = page.evaluate(
        f"async ([source, v]) => {{"
        f" const m = await import(`data:text/javascript,${{encodeURIComponent(source)}}`);"
        f" return JSON.stringify({body}); }}",
        [source, list(given)],
    )
    page.close()
    return json.loads(made)


def downloaded(portal: Portal, **changes: Any) -> str:  # noqa: ANN401 - any fact
    """Give the file that the receipt's button saves."""
    portal.page.goto("about:blank")
    portal.at_receipt(**changes)
    said(portal, "paid")
    with portal.page.expect_download() as coming:
        portal.page.get_by_role("button", name=portal.word("calendar.button")).click()
    assert coming.value.suggested_filename == "asvi.ics"
    return coming.value.path().read_bytes().decode()


def unfolded(text: str) -> list[str]:
    """Give the content lines of a calendar file (RFC 5545 §3.1)."""
    return text.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def values(text: str, name: str) -> list[str]:
    """Give the values of a property, in order, its escapes undone."""
    found = [line.partition(":")[2] for line in unfolded(text) if re.match(f"{name}[;:]", line)]
    return [re.sub(r"\\(.)", lambda it: "\n" if it[1] == "n" else it[1], value) for value in found]


@EVERY_LANGUAGE
def test_the_next_four(portal: Portal) -> None:
    """After a payment of May 2020: the last day for each quarter from the second on, in words."""
    text = downloaded(portal)
    assert values(text, "DTSTART") == ["20200731", "20201031", "20210131", "20210430"]
    quarters = [(2, 2020), (3, 2020), (4, 2020), (1, 2021)]
    summary = portal.word("calendar.summary")
    assert [it.replace("\u00a0", " ") for it in values(text, "SUMMARY")] == [
        summary.replace("{period}", period(portal, *quarter)) for quarter in quarters
    ]
    assert values(text, "URL") == [f"{portal.origin}/{portal.language}/assure/"] * 4
    assert all(portal.origin in it for it in values(text, "DESCRIPTION")[::3])


@EVERY_LANGUAGE
def test_any_calendar_reads_it(portal: Portal) -> None:
    """Lines end with CRLF and hold 75 bytes at most, blocks are closed, events have an id of their own."""
    text = downloaded(portal)
    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    lines = unfolded(text)
    assert lines[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
    opened = []
    for line in lines:
        name, _, value = line.partition(":")
        if name == "BEGIN":
            opened.append(value)
        if name == "END":
            assert opened.pop() == value
    assert opened == []
    assert len(set(values(text, "UID"))) == 4
    assert values(text, "DTSTAMP")[0] == "20200731T000000Z"


def test_reminders(portal: Portal) -> None:
    """A week before and the day before, at nine in the morning of the phone's own clock."""
    text = downloaded(portal)
    assert values(text, "TRIGGER") == ["-P6DT15H", "-PT15H"] * 4
    assert values(text, "ACTION") == ["DISPLAY"] * 8


def test_nobody_in_it(portal: Portal) -> None:
    """Two payers of one day have the same file: no number, reference, amount, address or time."""
    text = downloaded(portal)
    for told in ("43190271885204", "4319", "6789", "1467", "1451", "example.ma", "2152", "215210"):
        assert told not in text
    other = {"reference": "11112222333344", "paid_at": "2020-05-05T09:00:00+00:00"}
    assert downloaded(portal, **other, registration_number="xxxxx0003") == text


def test_what_is_paid_is_left_out(portal: Portal) -> None:
    """A quarter of this very receipt is not announced, even before its day."""
    lines = [{**SAMPLES["receipt"]["lines"][0], "period": 2}]
    text = downloaded(portal, lines=lines)
    assert values(text, "DTSTART") == ["20201031", "20210131", "20210430", "20210731"]


def test_from_another_device(portal: Portal) -> None:
    """The follow-up offers the same file; a payment that is not paid offers none."""
    portal.at_follow_up()
    said(portal, "paid")
    with portal.page.expect_download():
        portal.page.get_by_role("button", name=portal.word("calendar.button")).click()
    main = portal.at_receipt("fail", state="declined", reason="funds", paid_at=None, lines=[])
    said(portal, "declined.funds")
    expect(main.get_by_role("button", name=portal.word("calendar.button"))).to_be_hidden()


def month_end(year: int, quarter: int, months: int) -> date:
    """Give the last day of the month so many months after a quarter, by Python's own calendar."""
    month = quarter * 3 + months - 1
    year, month = year + month // 12, month % 12 + 1
    return date(year, month, calendar.monthrange(year, month)[1])


@pytest.mark.parametrize("months", [0, 1, 2, 3])
def test_the_rule(browser: Browser, months: int) -> None:
    """The last day is the end of the month that many months after the quarter's, leap years too."""
    quarters = [(year, quarter) for year in range(2019, 2030) for quarter in range(1, 5)]
    found = run(
        browser,
        "dates.mjs",
        "v[0].map(([year, quarter]) => m.dueDay({ year, quarter }, v[1]))",
        quarters,
        months,
    )
    days = [datetime.fromisoformat(it).date() for it in found]
    assert days == [month_end(year, quarter, months) for year, quarter in quarters]


@pytest.mark.parametrize(
    ("instant", "first"),
    [
        ("2020-04-30T22:59:59Z", [2020, 1]),
        ("2020-05-01T00:00:00Z", [2020, 2]),
        ("2020-12-31T12:00:00+01:00", [2020, 4]),
        ("2021-01-31T23:30:00Z", [2020, 4]),
        ("2021-02-01T12:00:00Z", [2021, 1]),
    ],
)
def test_the_next_quarter(browser: Browser, instant: str, first: list[int]) -> None:
    """A quarter is announced up to its last day, and not after it."""
    body = "m.nextQuarters(v[0], [], 1, 2)"
    found = run(browser, "dates.mjs", body, instant)
    assert [found[0]["year"], found[0]["quarter"]] == first


@pytest.mark.parametrize(
    "text", ["é" * 200, "ا" * 100, "ⵜ" * 90, "a" * 75, "a" * 76, "", "😀" * 40]
)
def test_folding(browser: Browser, text: str) -> None:
    """A long line is folded by bytes, and no character is broken."""
    folded = run(browser, "file.mjs", "m.folded(v[0])", text)
    assert folded.replace("\r\n ", "") == text
    assert max(len(piece.encode()) for piece in folded.split("\r\n")) <= 75


def test_escaping(browser: Browser) -> None:
    """Commas, semicolons, backslashes and line ends stay what they are."""
    event = {"id": "1", "summary": "a, b; c\\d", "text": "one\ntwo", "url": "https://x.example/"}
    body = "m.calendarFile([{ ...v[0], day: new Date(0) }], 'fr')"
    text = run(browser, "file.mjs", body, event)
    assert r"SUMMARY:a\, b\; c\\d" in text
    assert values(text, "SUMMARY") == ["a, b; c\\d"]
    assert values(text, "DESCRIPTION")[0] == "one\ntwo"
