"""From a registration number to what is owed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from functions.shared.aws import dues, table
from functions.shared.rules.orders import Due, DueState
from tests.handlers.wire import calls, quarters
from tests.portal import ACCOUNT, GOLDEN, GOLDEN_EVENING, NUMBER, Json, Portal, copied

MINUTE = timedelta(minutes=1)
HELD = replace(GOLDEN, quarter=2, reference="H", state=DueState.HELD, trans_id="T")
PAID = replace(GOLDEN, quarter=3, reference="P", state=DueState.PAID, trans_id="T")


def test_golden_answer(portal: Portal) -> None:
    """The look-up's answer is the one of `api.md`, names, types and values."""
    answer = portal.first_lookup()
    document = answer.json
    assert answer.status == 200
    assert document.pop("session")
    assert document == {
        "session_expires_in_seconds": 1800, "registration_number": NUMBER, "unpaid_count": 1,
        "as_of": "2020-05-05T21:50:51+00:00", "open_payments": [],
        "dues": [{
            "id": GOLDEN.id, "year": 2020, "quarter": 1, "amount_centimes": 145110,
            "reference": GOLDEN.reference, "account": ACCOUNT, "state": "unpaid",
        }],
        "fees": {"LOC": {"rate": "0.01", "vat": "0.10"}, "INT": {"rate": "0.01", "vat": "0.10"}},
    }  # fmt: skip


@pytest.mark.parametrize(
    "typed", ["١٢٣٤٥٦٧٨٩", "۱۲۳۴۵۶۷۸۹", " 123 456 789\u200f", "１２３４５６７８９"]
)
def test_any_keyboard(portal: Portal, typed: str) -> None:
    """Digits of any keyboard find the dues of the number (events 2 and 3)."""
    assert portal.first_lookup(typed).json["registration_number"] == NUMBER


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("", "required"), ("1", "too_short"), ("9" * 500, "too_long"), ("-12345678", "not_digits"),
        ("12345678²", "not_digits"), ("1' OR '1'='1", "not_digits"), (123456789, "wrong_type"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["registration_number", "control_code"])
def test_field_faults(portal: Portal, name: str, typed: object, fault: str) -> None:
    """What is wrong with a number is said, before anything is read or burnt (event 1)."""
    asked = copied(portal.post("/api/control-code").json, NUMBER)
    with calls() as made:
        answer = portal.post("/api/lookup", asked | {name: typed})
    assert (answer.status, answer.code) == (422, "invalid")
    assert (answer.json["fields"], made) == ({name: fault}, [])


def test_missing_fields(portal: Portal) -> None:
    """Every field that lacks is named."""
    answer = portal.post("/api/lookup", {})
    lacking = {"registration_number", "control_code", "ticket", "proof"}
    assert answer.json["fields"] == dict.fromkeys(lacking, "required")


def _shape(answer: Json) -> Json:
    varying = ("session", "registration_number")
    return {name: value for name, value in answer.items() if name not in varying}


def test_nothing_due_tells_nothing(portal: Portal) -> None:
    """An unknown number and one that owes nothing answer alike, after the same work (event 4)."""
    dues.load(replace(PAID, registration_number="222222222"), GOLDEN_EVENING)
    portal.first_lookup()  # from now on the container is warm
    with calls() as for_unknown:
        unknown = portal.first_lookup("111111111")
    with calls() as for_nothing:
        nothing = portal.first_lookup("222222222")
    assert for_unknown == for_nothing
    assert unknown.status == nothing.status == 200
    assert _shape(unknown.json) == _shape(nothing.json)
    assert unknown.json["dues"] == []
    assert unknown.headers == nothing.headers


def test_states_of_dues(portal: Portal) -> None:
    """What is being confirmed is listed as such, what is paid is not, and only unpaid counts."""
    portal.load(HELD, PAID)
    answer = portal.first_lookup().json
    assert [(due["quarter"], due["state"]) for due in answer["dues"]] == [
        (1, "unpaid"),
        (2, "confirming"),
    ]
    assert answer["unpaid_count"] == 1


def test_oldest_first(portal: Portal) -> None:
    """Dues come oldest first, thirteen quarters as one."""
    portal.load(*quarters(13))
    listed = portal.first_lookup().json["dues"]
    ages = [(due["year"], due["quarter"]) for due in listed]
    assert ages == sorted(ages)
    assert len(ages) == 14


@pytest.mark.parametrize(
    "changes",
    [
        {"amount_centimes": 0}, {"amount_centimes": -145110}, {"amount_centimes": 100_000_000},
        {"reference": ""}, {"quarter": 5}, {"quarter": 0},
    ],
)  # fmt: skip
def test_unfit_dues(portal: Portal, capsys: pytest.CaptureFixture[str], changes: Json) -> None:
    """What nobody could pay is not offered, nor sold by its id, and told to ops (event 18)."""
    unfit = replace(GOLDEN, year=2019, **changes)
    portal.load(unfit)
    listed = portal.first_lookup().json
    assert [due["year"] for due in listed["dues"]] == [2020]
    assert '"UnfitDues":[1.0]' in capsys.readouterr().out
    seen = unfit.amount_centimes + (unfit.amount_centimes * 11 + 500) // 1000
    refused = portal.checkout(listed, due_ids=[unfit.id], seen_total_centimes=seen)
    assert refused.code == "due_unknown"


def test_open_payment(portal: Portal) -> None:
    """A payment that was started is told, without its reference, until its time is over (event 28)."""
    order = portal.checkout().json
    portal.now += MINUTE
    answer = portal.first_lookup()
    assert answer.json["open_payments"] == [
        {
            "started_at": "2020-05-05T21:50:51+00:00", "due_ids": [GOLDEN.id], "state": "open",
            "until": "2020-05-05T22:25:51+00:00", "until_in_seconds": 34 * 60,
        }
    ]  # fmt: skip
    assert order["reference"] not in answer.text
    assert answer.json["unpaid_count"] == 1
    portal.now += 34 * MINUTE
    assert portal.first_lookup().json["open_payments"] == []


def test_started_payments_block_nobody(portal: Portal) -> None:
    """However many payments strangers start for a number, its payer sees the dues (event 31, I12)."""
    row = next(row for row in _after_checkout(portal) if row["sk"].startswith("OPEN#"))
    for n in range(600):
        note = row | {"sk": f"OPEN#{n:014d}"}
        table.write(table.put(note))
    answer = portal.first_lookup()
    assert answer.status == 200, answer.text
    assert answer.json["unpaid_count"] == 1
    assert len(answer.json["open_payments"]) <= 20


def _after_checkout(portal: Portal) -> list[Json]:
    assert portal.checkout().status == 201
    return portal.rows("REG#")


def test_too_many_dues(portal: Portal) -> None:
    """A list that would have to be cut is refused rather than shown as whole (event 17)."""
    for n in range(500):
        dues.load(Due(NUMBER, 1900 + n // 4, n % 4 + 1, 1, f"R{n}", ACCOUNT), GOLDEN_EVENING)
    assert portal.first_lookup().code == "unavailable"


def test_session(portal: Portal) -> None:
    """A session brings fresh dues and is renewed, for up to four hours in all (design.md §2)."""
    session = portal.first_lookup().json["session"]
    portal.load(replace(GOLDEN, quarter=2, reference="NEW"))
    while portal.now < GOLDEN_EVENING + 4 * 60 * MINUTE - 29 * MINUTE:
        portal.now += 29 * MINUTE
        renewed = portal.post("/api/lookup", {"session": session})
        assert renewed.status == 200
        session = renewed.json["session"]
        assert len(renewed.json["dues"]) == 2
    assert renewed.json["session_expires_in_seconds"] < 30 * 60
    portal.now = GOLDEN_EVENING + 4 * 60 * MINUTE
    assert portal.post("/api/lookup", {"session": session}).code == "session_expired"


@pytest.mark.parametrize("after", [30 * MINUTE, 31 * MINUTE])
def test_session_expires(portal: Portal, after: timedelta) -> None:
    """A session that was not renewed ends after 30 minutes, and the clock back revives none (I26)."""
    session = portal.first_lookup().json["session"]
    portal.now += after
    answer = portal.post("/api/lookup", {"session": session})
    assert (answer.status, answer.code) == (401, "session_expired")


@pytest.mark.parametrize("session", ["x", "x.y", "é", "a" * 1024])
def test_session_of_nobody(portal: Portal, session: str) -> None:
    """A session that we did not give is told as an expired one."""
    assert portal.post("/api/lookup", {"session": session}).code == "session_expired"


def test_ticket_is_no_session(portal: Portal) -> None:
    """A control code's ticket opens nothing by itself."""
    shown = portal.post("/api/control-code").json
    assert portal.post("/api/lookup", {"session": shown["ticket"]}).code == "session_expired"
    session = portal.first_lookup().json["session"]
    asked = copied(shown, NUMBER) | {"ticket": session}
    assert portal.post("/api/lookup", asked).code == "control_code_expired"


def test_time_of_the_data(portal: Portal) -> None:
    """The answer says how fresh the fund's data is, even where nothing is owed."""
    dues.put_data_time(GOLDEN_EVENING - 60 * MINUTE)
    portal.now += 6 * MINUTE  # what a container remembers of it is five minutes old at most
    assert portal.first_lookup("111111111").json["as_of"] == "2020-05-05T20:50:51+00:00"


def test_health(portal: Portal) -> None:
    """The API says that it is up, and counts what the content policy blocked."""
    assert portal.call("GET", "/api/health").json == {"status": "ok", "version": "0.1.0"}
    report = {"Content-Type": "application/csp-report"}
    answer = portal.call("POST", "/api/csp", data="{}", headers=report)
    assert (answer.status, answer.body) == (204, b"")
