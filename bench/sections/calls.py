"""Round trips and capacity: counted from what the functions really asked of AWS."""

from math import ceil

from bench import engines, meter, stage, tape
from bench.capacity import WRITE_BYTES, Write
from bench.events import Journey
from bench.figures import Cell, Section, Table, Target, count
from bench.meter import Metered
from bench.rounds import Scale

# Calls of a warm function in the order in which it makes them (design, section 5).
DESIGNED = {
    "control_code": ["UpdateItem"],
    "first_lookup": ["TransactWriteItems", "Query"],
    "renewal": ["Query"],
    "checkout": ["BatchGetItem", "TransactWriteItems"],
    "callback": ["BatchGetItem", "TransactWriteItems"],
    "returned": [],
    "receipt": ["Query"],
    "letter": ["Sign", "TransactWriteItems", "SendEmail", "UpdateItem"],
    "letter_sent": ["UpdateItem"],
    "letter_delivered": ["UpdateItem"],
    "forgotten": ["GetItem", "TransactWriteItems"],
}
# What a payer who pays one quarter brings about; the rest are other ways.
GOLDEN = tuple(name for name in DESIGNED if name != "renewal")
QUARTERS = (1, 2, 4, 8, 16)
# A callback's rows but the order's and the dues', and its entries in the indexes.
FIXED_UNITS = 9
BOUND_CALLBACK = BOUND_GOLDEN = 20
ABOUT = """\
Each event runs once in a warm function on Amazon's DynamoDB Local, and every call that botocore
makes meanwhile is written down. Write and read units follow AWS's written rules, from the sizes of
the rows before and after each call (`bench/capacity.py`); beside them stands what DynamoDB Local
says of the same writes. A callback of q quarters writes 9 + 2 q units, and 2 more for each
kilobyte begun of the order's row. *Forgotten* is one address of an hour's sweep, half a year after
its payment; the sweep's questions to the index, one for each shard whatever waits in it, are left
out."""


def measure(scale: Scale) -> Section:
    """Count calls and units of each event, and how a callback grows with its quarters."""
    section = Section("calls", "Round trips and capacity", ABOUT)
    scale.bar.begin(len(DESIGNED) + len(QUARTERS))
    with stage.set_on(engines.dynamodb_local()) as (addresses, journey):
        dynamodb = addresses.dynamodb
        counted = {name: _counted(scale, dynamodb, journey, name) for name in DESIGNED}
        grown = {n: _counted(scale, dynamodb, journey, "callback", n) for n in QUARTERS}
    section.tables.append(_events(counted))
    section.tables.append(_rows(counted))
    section.tables.append(_growth(grown))
    for name, found in counted.items():
        section.found[f"{name} wru"], section.found[f"{name} rru"] = found.write_units, found.reads
        section.found[f"{name} calls"] = len(found.calls)
        section.found[f"{name} index"] = sum(write.indexes for write in found.writes)
    golden = sum(counted[name].write_units for name in GOLDEN)
    section.found["golden wru"] = golden
    callback = Target(
        "callback, golden case", BOUND_CALLBACK, counted["callback"].write_units, "WRU"
    )
    whole = Target("whole golden payment", BOUND_GOLDEN, golden, "WRU")
    section.targets += [_as_designed(counted), callback, whole]
    return section


def _as_designed(counted: dict[str, Metered]) -> Target:
    """Hold every event's calls against the design at once."""
    right = sum(found.calls == DESIGNED[name] for name, found in counted.items())
    return Target("calls as designed", len(DESIGNED), right, "events", at_most=False)


def _counted(
    scale: Scale, dynamodb: str, journey: Journey, name: str, quarters: int = 1
) -> Metered:
    """Make an event, its function being warm, and count what it asks."""
    make = getattr(journey, name)
    told = () if quarters == 1 else (quarters,)
    warming = make(*told)
    journey.portal.invoke(tape.function_of(warming), warming)
    event = make(*told)
    with meter.metered(dynamodb) as found:
        journey.portal.invoke(tape.function_of(event), event)
    scale.bar.step()
    return found


def _events(counted: dict[str, Metered]) -> Table:
    rows: list[tuple[str, tuple[Cell, ...]]] = []
    for name, found in counted.items():
        cells = (
            ", ".join(found.calls) or "none",
            count(found.write_units),
            count(found.told),
            count(found.reads),
        )
        rows.append((name.replace("_", " "), cells))
    columns = ("calls", "WRU by the rules", "WRU by DynamoDB Local", "RRU")
    return Table("What each event asks of AWS", columns, tuple(rows))


def _rows(counted: dict[str, Metered]) -> Table:
    rows = [
        (f"{name.replace('_', ' ')}: {_named(write)}", _cells(write))
        for name in GOLDEN
        for write in counted[name].writes
    ]
    total = count(sum(counted[name].write_units for name in GOLDEN))
    columns = ("bytes", "table", "indexes", "WRU")
    return Table(
        "A golden payment, row by row", columns, (*rows, ("**whole payment**", ("", "", "", total)))
    )


def _cells(write: Write) -> tuple[Cell, ...]:
    return count(write.size_bytes), count(write.table), count(write.indexes), count(write.units)


def _named(write: Write) -> str:
    """Say which kind of row it is, and nothing of whose."""
    return f"{write.key[0].partition('#')[0]} {write.key[1].partition('#')[0]}"


def _growth(grown: dict[int, Metered]) -> Table:
    """Give a callback's units by its quarters, beside the rule that it grows by."""
    rows: list[tuple[str, tuple[Cell, ...]]] = []
    for quarters, one in grown.items():
        order = next(write for write in one.writes if write.key[1] == "ORDER")
        ruled = FIXED_UNITS + 2 * quarters + 2 * ceil(order.size_bytes / WRITE_BYTES)
        cells = (len(one.calls), order.size_bytes, one.write_units, ruled)
        rows.append((f"{quarters} quarter{'s' * (quarters > 1)}", tuple(map(count, cells))))
    columns = ("calls", "bytes of the order's row", "WRU", "by the rule")
    return Table("A callback by its quarters", columns, tuple(rows))
