"""Capacity by AWS's written rules: what the bench counts a payment's writes and reads with."""

import pytest

from bench import capacity
from bench.figures import Json

KEY: Json = {"pk": {"S": "p"}, "sk": {"S": "s"}}
PLACE = ("p", "s")


def item(size_bytes: int, **more: str) -> Json:
    """Give an item of a size, its key and further texts included."""
    made = KEY | {name: {"S": text} for name, text in more.items()}
    return made | {"x": {"S": "x" * (size_bytes - capacity.size(made) - 1)}}


def test_sizes() -> None:
    """Names and texts count by their UTF-8, a number by half its digits and one."""
    assert capacity.size({"name": {"S": "é"}}) == 4 + 2
    assert capacity.size({"n": {"N": "145110"}}) == 1 + 4
    assert capacity.size({"n": {"N": "-1"}}) == 1 + 2
    assert capacity.size(item(700)) == 700


@pytest.mark.parametrize(("before", "after", "units"), [(0, 1024, 1), (0, 1025, 2), (3000, 10, 3)])
def test_a_write(before: int, after: int, units: int) -> None:
    """A write costs by the larger of what stood and what stands; in a transaction twice that."""
    stood = {PLACE: item(before)} if before else {}
    stands = {PLACE: item(after)}
    (alone,) = capacity.writes("PutItem", {"Item": KEY}, stood, stands)
    together = {"TransactItems": [{"Put": {"Item": KEY}}]}
    (twice,) = capacity.writes("TransactWriteItems", together, stood, stands)
    assert (alone.table, twice.table) == (units, 2 * units)


@pytest.mark.parametrize(
    ("before", "after", "units"),
    [
        ({}, {"waits": "WORK#1", "waits_at": "1"}, 1),
        ({"waits": "WORK#1", "waits_at": "1"}, {"waits": "WORK#1", "waits_at": "2"}, 2),
        ({"waits": "WORK#1", "waits_at": "1"}, {}, 1),
        ({"waits": "WORK#1", "waits_at": "1"}, {"waits": "WORK#1", "waits_at": "1"}, 0),
        ({"waits": "WORK#1"}, {"waits": "WORK#1"}, 0),
    ],
)
def test_an_index(before: dict[str, str], after: dict[str, str], units: int) -> None:
    """An entry that comes or goes costs a unit, one whose key changes two, any other none."""
    rows = ({PLACE: item(200, **before)}, {PLACE: item(200, **after)})
    (write,) = capacity.writes("UpdateItem", {"Key": KEY}, *rows)
    assert (write.table, write.indexes, write.units) == (1, units, 1 + units)


def test_reads() -> None:
    """A query costs by all that it reads, a batch by each item, and nothing found costs one."""
    small, large = item(100), item(4097)
    keys = {"RequestItems": {"Table": {"Keys": [KEY, KEY, KEY]}}}
    assert capacity.reads("Query", {}, {"Items": [small] * 40}) == 1
    assert capacity.reads("Query", {}, {"Items": [small] * 41}) == 2
    assert capacity.reads("Query", {}, {"Items": []}) == 1
    assert capacity.reads("GetItem", {}, {"Item": large}) == 2
    assert capacity.reads("GetItem", {}, {}) == 1
    assert capacity.reads("BatchGetItem", keys, {"Responses": {"Table": [small, large]}}) == 4
