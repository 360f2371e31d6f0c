"""The bill: sums that an accountant can follow, and payers that come as they do."""

from dataclasses import replace

import pytest

from bench import arrivals, bill
from bench.bill import Used
from bench.sections import calls

PER_EVENT = ("ms", "log bytes")
NOTHING = Used(0, 0, 0, 0, 0, 0, 0, 0)
USED = Used(
    write_units=10, read_units=8, cpu_ms=100, waiting_mebibytes=10 * 512,
    log_bytes=2_000, page_bytes=100_000, page_requests=12, mail_bytes=50_000,
)  # fmt: skip


def test_items() -> None:
    """Each item of a million payments is its units times its price."""
    made = bill.bill(USED)
    assert made.items["e-mail"] == pytest.approx(100 + 50 * 0.12)
    assert made.items["writes"] == pytest.approx(6.25)
    assert made.items["reads"] == pytest.approx(1)
    assert made.items["API"] == pytest.approx(7)
    assert made.items["log"] == pytest.approx(1)
    assert made.items["pages"] == pytest.approx(8.5)
    # 0.1 s at 1769 MiB, and ten waits of 6 ms at 512 MiB.
    seconds = 0.1 * 1769 / 1024 + 0.06 / 2
    assert made.items["functions"] == pytest.approx(10 * 0.2 + seconds * 13.3334)
    assert made.total == pytest.approx(sum(made.items.values()))
    assert made.without_mail == pytest.approx(made.total - 106)


def test_beside() -> None:
    """What the target's list leaves out is told apart, and is part of the whole."""
    made = bill.bill(NOTHING)
    signed = bill.bill(replace(NOTHING, signatures=1))
    assert signed.whole - made.whole == pytest.approx(15)
    assert signed.total == made.total
    requests = bill.bill(USED).beside["requests of the CDN"]
    assert requests == pytest.approx(12 + bill.API_REQUESTS)


def test_every_call_has_its_function() -> None:
    """The golden payment's calls are those that the API and the letter function answer."""
    assert bill.API_REQUESTS == 7
    assert [function for function, _ in arrivals.JOURNEY] == list(bill.CALLS.values())
    assert set(bill.CALLS.values()) | set(bill.SHARED.values()) <= set(bill.memory())


def test_every_event_is_paid() -> None:
    """What is counted as a golden payment is what the bill adds up, forgetting included."""
    assert {*calls.GOLDEN, "renewal"} == set(bill.CALLS) | set(bill.SHARED)
    figures = [f"{name} {what}" for name in calls.DESIGNED for what in ("rru", "calls")]
    found = {
        "calls": dict.fromkeys(figures, 0.0) | {"golden wru": 0.0},
        "cold": {f"event {name} {what}": 0.0 for name in calls.DESIGNED for what in PER_EVENT}
        | {f"{name} start ms": 0.0 for name in bill.CALLS.values()},
        "weights": {"journey bytes": 0.0, "journey requests": 0.0},
        "letters": {"mail bytes": 0.0},
    }
    assert bill.ours(found, 0.1).cpu_ms == 0
    found["cold"]["event letter_sent ms"] = 2.0
    found["calls"] |= {"letter calls": 4.0, "forgotten calls": 2.0}
    used = bill.ours(found, 0.1)
    assert used.cpu_ms == 2
    memory = bill.memory()
    assert used.waiting_mebibytes == 4 * memory["letter"] + 2 * memory["settlement"]


def test_arrivals() -> None:
    """Half of a quarter's payers come in its last twenty hours; the same seed draws the same."""
    insured = 1_000_000
    late = arrivals.hourly(insured, last=True) * (1 + (arrivals.LATE_HOURS - 1) / 2)
    assert late == pytest.approx(insured / 2)
    first = arrivals.calls(3_600, 1)
    assert first == arrivals.calls(3_600, 1)
    assert len(first) == pytest.approx(3_600 * len(arrivals.JOURNEY), rel=0.1)


def test_peaks_grow_with_the_insured() -> None:
    """Ten times the insured bring several times the calls at once, and far fewer find it cold."""
    seconds = dict.fromkeys(("lookup", "checkout", "callback", "receipt", "letter"), 0.02)
    small, large = (arrivals.peak(n, seconds, 2) for n in (100_000, 1_000_000))
    assert 4 < large.calls_a_second / small.calls_a_second < 11
    assert large.concurrency == pytest.approx(large.calls_a_second * 0.02)
    few, many = (arrivals.cold_share(payments, 3) for payments in (2, 200))
    assert few > 0.2
    assert many < 0.02
