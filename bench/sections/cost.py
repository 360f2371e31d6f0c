"""What a payment costs on AWS, beside a usual design, and what a year brings at three sizes."""

from collections.abc import Mapping

from bench import arrivals, engines, meter, naive
from bench.bill import CALLS, PRICES, SHARED, Bill, Used, bill, memory, ours
from bench.figures import Cell, Section, Table, Target, count
from bench.rounds import Scale
from bench.sections.calls import GOLDEN
from functions.shared.rules.work import SHARDS
from tests.dynamodb import reference

INSURED = (6_600, 1_000_000, 10_000_000)
SEED = 20201231
# One module for all: as much as its PDF engine needs.
MEMORY_OF_USUAL = 1024
BOUND, BOUND_WITHOUT_MAIL = 135.0, 30.0
Found = Mapping[str, Mapping[str, float]]
ABOUT = """\
One payment of one quarter by a payer with an e-mail address, from its first page to the day on
which that address is forgotten; all calls warm but for the share of cold ones that the arrivals of
the second size show. Prices and what had to be assumed stand in `bench/prices.toml`: milliseconds
of this machine's processor and Python are paid at Lambda's price for arm64. Units, bytes and
processor time are those of this run; so are those of the usual design, whose calls ran on DynamoDB
Local too (`bench/naive.py`), with its handler, page kit and PDF engine as measured above; our write
units are counted by the rules, the usual design's by DynamoDB Local. *Beside* is what a bill has
that the target's list of items leaves out.

Arrivals are drawn by chance from a fixed seed (`bench/arrivals.py`): everybody pays every quarter.
A year's bill is that of its payments alone. Secrets, keys, alarms and dashboards, the firewall's
fixed fee, backups, the schedules' own calls, and what is kept in tables, buckets and logs are left
out."""


def measure(scale: Scale, found: Found) -> Section:
    """Compute both bills, then years."""
    section = Section("cost", "Cost and scale", ABOUT)
    scale.bar.begin(2 + len(INSURED))
    cold = arrivals.cold_share(arrivals.hourly(INSURED[1], last=False), SEED)
    bills = {"this portal": bill(ours(found, cold))}
    scale.bar.step()
    bills["a usual design"] = bill(_usual(found, cold))
    scale.bar.step()
    section.tables.append(_bills(bills))
    portal = bills["this portal"]
    section.targets += [
        Target("a million payments", BOUND, portal.total, "USD"),
        Target("a million payments without e-mail", BOUND_WITHOUT_MAIL, portal.without_mail, "USD"),
    ]
    section.found["usd a million"] = round(portal.total, 1)
    section.found["usd usual"] = round(bills["a usual design"].total, 1)
    section.tables += _years(scale, found)
    return section


def _bills(bills: dict[str, Bill]) -> Table:
    columns = tuple(bills)
    first, *_ = bills.values()
    lines = [(name, [one.items[name] for one in bills.values()]) for name in first.items]
    lines.append(("**total**", [one.total for one in bills.values()]))
    lines.append(("without e-mail", [one.without_mail for one in bills.values()]))
    lines += [
        (f"beside: {name}", [one.beside[name] for one in bills.values()]) for name in first.beside
    ]
    lines.append(("**with what is beside**", [one.whole for one in bills.values()]))
    rows = tuple((name, tuple(count(value, "USD") for value in values)) for name, values in lines)
    return Table(f"A million payments, prices of {PRICES['date']}", columns, rows)


def _usual(found: Found, cold: float) -> Used:
    """Count the usual design's calls; take its other figures from its contenders."""
    writes = reads = calls = 0.0
    with engines.dynamodb_local() as address:
        client = reference.client(address)
        naive.create(client)
        portal = naive.Usual(client)
        for name in (*CALLS, *SHARED):
            with meter.metered(address, [client], naive.TABLE) as one:
                getattr(portal, name)()
            writes, reads = writes + one.told, reads + one.reads
            calls += len(one.calls)
    starts, weights, letters = found["cold"], found["weights"], found["letters"]
    each = starts["usual later ms"] + cold * starts["usual start ms"]
    return Used(
        write_units=writes,
        read_units=reads,
        cpu_ms=len(CALLS) * each + letters["usual warm ms"],
        waiting_mebibytes=calls * MEMORY_OF_USUAL,
        log_bytes=len(CALLS) * starts["usual log bytes"],
        page_bytes=weights["usual journey bytes"],
        page_requests=weights["usual journey requests"],
        mail_bytes=letters["usual mail bytes"],
        rest_api=True,
    )


def _years(scale: Scale, found: Found) -> list[Table]:
    """Give a year's bill and its busiest hour at each size, and what is met first."""
    seconds = {
        name: found["cold"][f"{name} later ms"] / 1e3 / _share(name)
        + 2 * PRICES["assumed"]["aws_call_milliseconds"] / 1e3
        for name in ("lookup", "checkout", "callback", "receipt", "letter")
    }
    sizes: list[tuple[str, tuple[Cell, ...]]] = []
    limits: list[tuple[str, tuple[Cell, ...]]] = []
    for insured in INSURED:
        cold = arrivals.cold_share(arrivals.hourly(insured, last=False), SEED)
        a_million = bill(ours(found, cold))
        peak = arrivals.peak(insured, seconds, SEED)
        payments = insured * arrivals.QUARTERS_A_YEAR
        cells: tuple[Cell, ...] = (
            count(payments), count(a_million.whole * payments / 1e6, "USD"), count(100 * cold, "%"),
            count(peak.payments), count(peak.calls_a_second, "/s"), count(peak.concurrency),
        )  # fmt: skip
        sizes.append((f"{insured:,}", cells))
        limits.append((f"{insured:,}", _first(found, peak)))
        scale.bar.step()
    columns = (
        "payments a year", "a year, payments alone", "cold in quiet hours",
        "payments in the last hour", "most calls", "functions at once",
    )  # fmt: skip
    titles = ("utilisation", "of what", "raise it by")
    return [
        Table("A year by the number of insured persons", columns, tuple(sizes)),
        Table("The limit that is met first at a quarter's end", titles, tuple(limits)),
    ]


def _share(function: str) -> float:
    """Give the share of a processor that a function's memory brings."""
    return min(1.0, memory()[function] / float(PRICES["lambda_arm64"]["mebibytes_a_processor"]))


def _first(found: Found, peak: arrivals.Peak) -> tuple[Cell, ...]:
    limits = PRICES["limits"]
    a_second = peak.payments_a_second
    index = sum(found["calls"][f"{name} index"] for name in GOLDEN) / SHARDS
    uses = {
        "partition_write_units": a_second * index,
        "account_concurrency": peak.concurrency,
        "mails": a_second,
        "http_api_requests": float(peak.calls_a_second),
        "table_write_units": a_second * found["calls"]["golden wru"],
    }
    shares = {name: use / limits[name]["is"] for name, use in uses.items()}
    name = max(shares, key=lambda one: shares[one])
    return count(100 * shares[name], "%"), name.replace("_", " "), str(limits[name]["raise_by"])
