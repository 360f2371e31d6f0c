"""CMI's list against ours: the pure comparison, case by case."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.settlement.captured import Captured
from functions.settlement.comparison import Do, Finding, Kind, Ours, compare, dues_free
from functions.shared.rules.orders import Due, DueState, Line, Order, OrderState
from functions.shared.rules.references import with_check_digits

NOON = datetime(2020, 5, 5, 12, tzinfo=UTC)
REFERENCE = with_check_digits("431902718852")
LINES = (
    Line("contribution", 2020, 1, 145110, "R", "BPC"),
    Line("fee", 2020, 5, 1596, "R", "Frais"),
)


def order(state: OrderState = OrderState.PAID, trans_id: str | None = "T1") -> Order:
    """Give an order of the golden case."""
    paid_at = NOON if state in (OrderState.PAID, OrderState.REFUNDED) else None
    return Order(
        REFERENCE, "123456789", ("2020-1-R",), LINES, "LOC", "fr", None, "2020-05", "rnd", "key",
        NOON, NOON, NOON, state=state, trans_id=trans_id, decided_at=NOON, paid_at=paid_at,
    )  # fmt: skip


def capture(
    trans_id: str = "T1", amount_centimes: int = 146706, *, dirhams: bool = True
) -> Captured:
    """Give a line of CMI's list."""
    return Captured(2, REFERENCE, trans_id, amount_centimes, dirhams, NOON)


def compared(theirs: list[Captured], known: Order | None, *paid: Order) -> list[Finding]:
    """Compare the list of 5 May with the one order that it may name, and those paid that day."""
    by_reference = {known.reference: known} if known else {}
    return compare(theirs, Ours([NOON.date()], by_reference, paid, {}))


def judged(theirs: list[Captured], ours: Order | None) -> list[tuple[Kind, Do]]:
    """Compare a list with the one order that we know."""
    day = [ours] if ours and ours.paid_at else []
    return [(finding.kind, finding.do) for finding in compared(theirs, ours, *day)]


HERE, THERE, TWICE = Kind.MISSING_HERE, Kind.MISSING_THERE, Kind.TWICE
S = OrderState


@pytest.mark.parametrize(
    ("theirs", "ours", "found"),
    [
        ([capture()], order(), [(Kind.MATCHED, Do.NOTHING)]),
        ([capture()], order(S.REFUNDED), [(Kind.MATCHED, Do.NOTHING)]),
        ([capture()], None, [(HERE, Do.QUEUE)]),
        ([capture()], order(S.CAPTURING), [(HERE, Do.SETTLE)]),
        ([capture("T2")], order(S.CAPTURING), [(HERE, Do.QUEUE)]),
        ([capture()], order(S.OPEN, None), [(HERE, Do.SETTLE)]),
        ([capture()], order(S.EXPIRED, None), [(HERE, Do.SETTLE)]),
        ([capture()], order(S.RELEASED), [(HERE, Do.SETTLE)]),
        ([capture("T2")], order(S.RELEASED), [(HERE, Do.SETTLE)]),
        ([capture()], order(S.UNCAPTURED), [(HERE, Do.QUEUE)]),
        ([capture("T2")], order(S.REFUNDED), [(HERE, Do.QUEUE)]),
        ([capture("T2")], order(), [(HERE, Do.QUEUE), (THERE, Do.QUEUE)]),
        ([], order(), [(THERE, Do.QUEUE)]),
        ([], order(S.REFUNDED), []),
        ([], order(S.CAPTURING), []),
        ([], order(S.OPEN, None), []),
        ([capture(amount_centimes=146705)], order(), [(Kind.AMOUNT, Do.QUEUE)]),
        ([capture(amount_centimes=146705)], order(S.CAPTURING), [(Kind.AMOUNT, Do.QUEUE)]),
        ([capture(amount_centimes=146707)], order(S.OPEN, None), [(Kind.AMOUNT, Do.QUEUE)]),
        ([capture(dirhams=False)], order(), [(Kind.AMOUNT, Do.QUEUE)]),
        ([capture(), capture("T2")], order(), [(Kind.MATCHED, Do.NOTHING), (TWICE, Do.QUEUE)]),
        ([capture("T2"), capture()], order(), [(TWICE, Do.QUEUE), (Kind.MATCHED, Do.NOTHING)]),
        ([capture(), capture()], order(), [(Kind.MATCHED, Do.NOTHING), (TWICE, Do.QUEUE)]),
        ([capture(), capture("T2")], order(S.CAPTURING), [(HERE, Do.SETTLE), (TWICE, Do.QUEUE)]),
        ([capture(), capture("T2")], order(S.OPEN, None), [(TWICE, Do.QUEUE)] * 2),
        ([capture(), capture("T2")], None, [(TWICE, Do.QUEUE)] * 2),
    ],
)
def test_cases(theirs: list[Captured], ours: Order | None, found: list[tuple[Kind, Do]]) -> None:
    """Each line gets its kind, and only what is safe is settled: the rest is queued (event 124)."""
    assert judged(theirs, ours) == found


@pytest.mark.parametrize(
    ("line", "lines", "told"),
    [
        (capture(amount_centimes=146705), LINES, "1467.05 DH, and 1467.06 DH was ordered"),
        (capture(dirhams=False), LINES, "1467.06 in another currency, and 1467.06 DH was ordered"),
        (capture(), (), "1467.06 DH for quarters that were erased since: give it back"),
    ],
)
def test_both_amounts(line: Captured, lines: tuple[Line, ...], told: str) -> None:
    """Where amounts differ both are named, and what was erased is not called another amount."""
    (finding,) = compared([line], replace(order(S.EXPIRED, None), lines=lines))
    assert finding.why == f"CMI captured {told}"
    assert (finding.kind is Kind.AMOUNT) is bool(lines)


@pytest.mark.parametrize(
    ("hour", "night"), [(0, True), (12, False), (23, False), (24, True), (48, True)]
)
def test_about_midnight(hour: int, night: bool) -> None:
    """A payment about midnight in Morocco may stand in another day's list, and it says so."""
    midnight = datetime(2020, 5, 5, tzinfo=UTC)  # Ramadan: Casablanca is on UTC
    ours = replace(order(), paid_at=midnight + timedelta(hours=hour, seconds=-1))
    (finding,) = compared([], None, ours)
    assert ("days before and after" in finding.why) is night


@pytest.mark.parametrize("lost", ["paid_at", "trans_id"])
def test_lost_parts(lost: str) -> None:
    """A paid order whose row lost its time or its transaction is still reported as missing there."""
    changes: dict[str, Any] = {lost: None}
    ours = replace(order(), **changes)
    (finding,) = compared([], None, ours)
    assert (finding.kind, finding.order) == (THERE, ours)
    assert finding.trans_id == (ours.trans_id or "")


DUE = Due("123456789", 2020, 1, 145110, "R", "BPC")


@pytest.mark.parametrize(
    ("changed", "free"),
    [
        ({}, True),
        ({"state": DueState.PAID}, False),
        ({"state": DueState.HELD}, False),
        ({"amount_centimes": 145109}, False),
        ({"quarter": 2}, False),
    ],
)
def test_dues_free(changed: dict[str, Any], free: bool) -> None:
    """A capture settles an order alone where its quarter is there, unpaid and costs the same."""
    due = replace(DUE, **changed)
    assert dues_free(order(S.EXPIRED, None), {due.id: due}) is free


def test_every_due_free() -> None:
    """Of two quarters both must be free, and an order of other quarters than lines is refused."""
    second = replace(DUE, quarter=2)
    lines = (LINES[0], replace(LINES[0], period=2), LINES[1])
    both = replace(order(S.EXPIRED, None), due_ids=("2020-1-R", "2020-2-R"), lines=lines)
    assert dues_free(both, {"2020-1-R": DUE, "2020-2-R": second})
    held = replace(second, state=DueState.HELD)
    assert not dues_free(both, {"2020-1-R": DUE, "2020-2-R": held})
    with pytest.raises(ValueError, match="zip"):
        dues_free(replace(both, due_ids=("2020-1-R",)), {"2020-1-R": DUE})


@given(
    st.lists(
        st.builds(
            capture,
            st.sampled_from(["T1", "T2"]),
            st.sampled_from([146706, 146705]),
            dirhams=st.booleans(),
        ),
        max_size=4,
    ),
    st.sampled_from([None, *OrderState]),
)
def test_safe(theirs: list[Captured], state: OrderState | None) -> None:
    """Of whatever list, at most one capture of an order is good, and it is of its whole amount."""
    ours = order(state) if state else None
    findings = compared(theirs, ours)
    assert [finding.line for finding in findings] == theirs
    good = [one for one in findings if one.kind is Kind.MATCHED or one.do is Do.SETTLE]
    assert len(good) <= 1
    assert all(one.line and one.line.amount_centimes == 146706 and one.line.dirhams for one in good)
    assert all(finding.why for finding in findings if finding.kind is not Kind.MATCHED)


def test_finding_names_both_sides() -> None:
    """Whoever reads a finding sees the line of CMI's file and our order."""
    (finding,) = compared([capture("T2")], order(S.CAPTURING))
    assert finding == Finding(
        HERE, Do.QUEUE,
        "CMI captured 1467.06 DH, and another transaction, T1, was accepted for it: look at both",
        REFERENCE, "T2", capture("T2"), order(S.CAPTURING),
    )  # fmt: skip
