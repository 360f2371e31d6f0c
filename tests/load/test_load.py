"""What `make load` measures with: real runtimes within what is reserved, and an honest account."""

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cmi_simulator.ledger import Entry
from functions.shared.rules.orders import Line, Order, OrderState
from local.process import Failed
from tests.load.__main__ import Outcome, differences, report
from tests.load.payers import Paid
from tests.load.runtime import Function, Throttled

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HANDLER = """
import time
def handle(event, context):
    if event.get("fails"):
        raise ValueError("as asked")
    time.sleep(event.get("seconds", 0))
    return {"left": context.get_remaining_time_in_millis() > 0, "said": event.get("say")}
"""


@pytest.fixture(scope="module")
def function(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Function]:
    """Start a function with two runtimes."""
    folder: Path = tmp_path_factory.mktemp("function")
    (folder / "shown.py").write_text(HANDLER)
    started = Function(folder, "shown.handle", {"PATH": "/usr/bin"}, folder, 20, reserved=2)
    started.load()
    yield started
    started.stop()


def test_answers(function: Function) -> None:
    """A runtime answers as under Lambda, and what it raises is a failed call."""
    assert function.invoke({"say": "سلام"}) == {"left": True, "said": "سلام"}
    with pytest.raises(Failed, match="as asked"):
        function.invoke({"fails": True})


def test_reserved(function: Function) -> None:
    """A third call while two are under way is refused at once, as Lambda throttles it."""
    with ThreadPoolExecutor(2) as threads:
        busy = [threads.submit(function.invoke, {"seconds": 1}) for _ in range(2)]
        time.sleep(0.2)
        began = time.monotonic()
        with pytest.raises(Throttled):
            function.invoke({})
        assert time.monotonic() - began < 0.5
        assert all(call.result()["left"] for call in busy)
    assert function.invoke({})["left"]


def entry(oid: str) -> Entry:
    """Give a captured payment as the bank has it."""
    return Entry(
        oid, f"T{oid}", 1000, "504", "captured", "00", NOW, "", "", "",
        replies=["ACTION=POSTAUTH"], captured_centimes=1000,
    )  # fmt: skip


def order(oid: str) -> Order:
    """Give the same payment as the table has it."""
    line = Line("contribution", 2026, 3, 1000, "R1", "BPC")
    return Order(
        reference=oid, registration_number="123456789", due_ids=("2026-3#R1",), lines=(line,),
        card_origin="LOC", language="fr", email=None, terms_version="", rnd="", key_id="",
        started_at=NOW, form_until=NOW, open_until=NOW, state=OrderState.PAID,
        trans_id=f"T{oid}", decided_at=NOW,
    )  # fmt: skip


def test_nothing_lost() -> None:
    """Where ledger and table say the same, nothing is reported."""
    assert differences([entry("1"), entry("2")], [order("2"), order("1")], letters=2) == []


def test_each_loss_is_named() -> None:
    """A payment that one side lacks, another amount, a refused message, a letter: each is told."""
    assert differences([entry("1")], [], 1) == ["captured, not paid here: ('1', 'T1', 1000)"]
    assert differences([], [order("1")], 0) == ["paid here, not captured: ('1', 'T1', 1000)"]
    assert len(differences([replace(entry("1"), captured_centimes=999)], [order("1")], 1)) == 2
    deaf = replace(entry("1"), replies=["FAILURE", "ACTION=POSTAUTH"])
    assert "1 was told" in differences([deaf], [order("1")], 1)[0]
    assert differences([entry("1")], [order("1")], 0) == ["0 letters for 1 payments"]


def test_report() -> None:
    """Whoever reads it sees both rounds side by side, what the flood was told, and the verdict."""
    alone = Paid([0.010] * 100, ["ACTION=POSTAUTH"] * 100)
    flooded = Paid([0.020] * 99 + [0.5], ["ACTION=POSTAUTH"] * 99 + ["FAILURE"])
    statuses = Counter({200: 10, 503: 90})
    said = report(Outcome(alone, flooded, statuses, [0.1] * 10, 200, []))
    assert "alone               100   100.0 %       10       10" in said
    assert "under the flood     100    99.0 %       20       25" in said
    assert "100 asked, 10 served (p95 100 ms), refused by status: {503: 90}" in said
    assert said.endswith("The bank's ledger and the table say the same, line by line.")
