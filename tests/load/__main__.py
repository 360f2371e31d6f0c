"""`make load`: callbacks while look-ups are flooded, on real runtimes and DynamoDB Local.

    python -m tests.load [--payments 300] [--seconds 20] [--threads 8] [--floods 2]

Two rounds of the same payments: alone, then under the flood. Ends with 1 where a callback failed,
a payment was lost, or the bank's ledger and the table differ.
"""

import argparse
import json
import logging
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import OK
from pathlib import Path
from typing import Any

from cmi_simulator.ledger import Entry
from functions.shared.aws import rows, table
from functions.shared.rules.orders import Order
from tests.artifact.conftest import HERE, OUT
from tests.load import payers, stand
from tests.load.payers import Paid
from tests.load.stand import Stand
from tools import build

FIRST, SECOND, FLOODED = 100_000_000, 200_000_000, 300_000_000
A_BATCH = 10


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many payments a round has, over how many seconds, under how large a flood."""

    payments: int
    seconds: float
    threads: int
    floods: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """Both rounds, what the flood saw, and what is wrong at the end."""

    alone: Paid
    flooded: Paid
    statuses: Counter[int]
    served_seconds: list[float]
    letters: int
    wrong: list[str]


def run(wanted: Wanted, artifacts: Path) -> Outcome:
    """Run both rounds, and compare the ledger with the table."""
    with (
        tempfile.TemporaryDirectory() as folder,
        stand.standing(artifacts, Path(folder)) as standing,
    ):
        at = payers.bank()
        pace = wanted.payments / wanted.seconds
        warm = payers.forms(standing.portal, payers.load(SECOND - 10, 10))
        payers.pay(at, warm, pace)
        asked = payers.forms(standing.portal, payers.load(FIRST, wanted.payments))
        alone = payers.pay(at, asked, pace)
        asked = payers.forms(standing.portal, payers.load(SECOND, wanted.payments))
        floods = _floods(standing.portal, wanted)
        flooded = payers.pay(at, asked, pace)
        seen = [json.loads(flood.communicate()[0]) for flood in floods]
        letters = _letters(standing)
        statuses: Counter[int] = Counter()
        for one in seen:
            statuses.update({int(status): count for status, count in one["statuses"].items()})
        served = sorted(took for one in seen for took in one["served_seconds"])
        orders = [rows.order(row) for row in stand.rows() if row["sk"] == "ORDER"]
        wrong = differences(at.ledger.entries, orders, letters)
        return Outcome(alone, flooded, statuses, served, letters, wrong)


def _floods(portal: str, wanted: Wanted) -> list[subprocess.Popen[bytes]]:
    numbers = payers.load(FLOODED, wanted.threads)
    command = [sys.executable, "-m", "tests.load.flood", portal, str(wanted.seconds)]
    command += [str(wanted.threads), *numbers]
    return [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(wanted.floods)]


def _letters(standing: Stand) -> int:
    """Bring every paid order to the letter function, as the table's stream does; count letters."""
    paid = [row for row in stand.rows() if row["sk"] == "ORDER" and row["state"] == "paid"]
    records = [{"dynamodb": {"NewImage": table.typed(row), "SequenceNumber": row["pk"]}}
               for row in paid]  # fmt: skip
    for start in range(0, len(records), A_BATCH):
        standing.functions["LetterFunction"].invoke({"Records": records[start : start + A_BATCH]})
    return len(standing.cloud.mails())


def differences(entries: Sequence[Entry], orders: Sequence[Order], letters: int) -> list[str]:
    """Compare the bank's ledger with the table, payment by payment; say what differs."""
    paid = {
        (one.reference, one.trans_id, one.total_centimes) for one in orders if one.state == "paid"
    }
    captured = {
        (one.oid, one.trans_id, one.captured_centimes) for one in entries if one.state == "captured"
    }
    lost = [f"paid here, not captured: {one}" for one in sorted(paid - captured, key=str)]
    lost += [f"captured, not paid here: {one}" for one in sorted(captured - paid, key=str)]
    deaf = [one for one in entries if one.replies != ["ACTION=POSTAUTH"]]
    lost += [f"{one.oid} was told {one.replies}" for one in deaf]
    if letters != len(captured):
        lost.append(f"{letters} letters for {len(captured)} payments")
    return lost


def percentile(seconds: Sequence[float], share: int) -> float:
    """Give the milliseconds within which `share` in a hundred were over."""
    return statistics.quantiles(seconds, n=100, method="inclusive")[share - 1] * 1000


def report(outcome: Outcome) -> str:
    """Give what a person reads."""
    lines = [f"{'callbacks':<16}{'count':>7}{'captured':>10}{'p50 ms':>9}{'p99 ms':>9}"]
    for name, paid in (("alone", outcome.alone), ("under the flood", outcome.flooded)):
        good = paid.replies.count("ACTION=POSTAUTH")
        share = f"{100 * good / len(paid.seconds):.1f} %"
        times = [f"{percentile(paid.seconds, share):9.0f}" for share in (50, 99)]
        lines.append(f"{name:<16}{len(paid.seconds):>7}{share:>10}{''.join(times)}")
    refused = {status: count for status, count in outcome.statuses.items() if status != OK}
    lines.append(
        f"look-ups: {outcome.statuses.total()} asked, {len(outcome.served_seconds)} served "
        f"(p95 {percentile(outcome.served_seconds, 95):.0f} ms), refused by status: {refused}"
    )
    lines.append(f"letters: {outcome.letters}, one a payment")
    lines += outcome.wrong or ["The bank's ledger and the table say the same, line by line."]
    return "\n".join(lines)


def _wanted(arguments: list[str] | None) -> Wanted:
    parser = argparse.ArgumentParser(description="Callbacks under a flood of look-ups.")
    parser.add_argument("--payments", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--threads", type=int, default=8, help="of each flood")
    parser.add_argument("--floods", type=int, default=2, help="processes that flood")
    given: dict[str, Any] = vars(parser.parse_args(arguments))
    return Wanted(**given)


def main(arguments: list[str] | None = None) -> int:
    """Build, run, report; give 1 where something is wrong."""
    wanted = _wanted(arguments)
    # It complains at its end that nobody collected its figures; nobody wants them.
    logging.getLogger("samtranslator").addHandler(logging.NullHandler())
    build.functions(build.Options(HERE, OUT))
    outcome = run(wanted, OUT)
    sys.stdout.write(report(outcome) + "\n")
    return min(len(outcome.wrong), 1)


if __name__ == "__main__":
    sys.exit(main())
