"""Every one of the 124 events has a test that cites it, and the citations are read honestly."""

from pathlib import Path

import pytest

from tools import citations, events
from tools.citations import EVENTS, Citations, collect, numbers

ROOT = Path(__file__).resolve().parents[1]
TEST = '''
CASES = [
    ("a", 1),  # event 12
    ("b", 2),
]
OTHERS = [("c", 3)]  # event 14

@pytest.mark.parametrize(("name", "value"), CASES)
def test_one() -> None:
    """{docstring}"""
'''


def found(source: str) -> dict[int, list[str]]:
    """Give the citations of a test file."""
    read = Citations()
    collect(source, "t.py", read)
    assert not read.faults
    return dict(read.tests)


def faults(docstring: str) -> list[str]:
    """Give what is wrong with the citations of a test with this docstring."""
    read = Citations()
    collect(TEST.format(docstring=docstring), "t.py", read)
    return read.faults


def test_every_event_has_a_test() -> None:
    """Whatever can go wrong and was foreseen is proved by something that `make test` runs."""
    read = citations.read(ROOT)
    for number in EVENTS:
        print(number, "; ".join(read.tests.get(number, ["none"])))  # noqa: T201 - the table
    assert read.faults == []
    assert [number for number in EVENTS if not read.tests.get(number)] == []


def test_every_event_has_its_words() -> None:
    """The page of events words each once, in order, and has the tests of each."""
    words = events.wording()
    assert events.numbered(words) == list(EVENTS)
    shown = events.page(words, citations.read(ROOT))
    assert all(f"\n| {number} | " in shown for number in EVENTS)


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("so it is (event 53).", [53]),
        ("Events 12, 13: both", [12, 13]),
        ("(events 12 and 13)", [12, 13]),
        ("(events 12-14)", [12, 13, 14]),
        ("(events 12\u201314)", [12, 13, 14]),
        ("(events 12 to 14)", [12, 13, 14]),
        ("(events 65-67, 69)", [65, 66, 67, 69]),
        ("(event 103, I25)", [103]),
        ("(event 29) and (event 30)", [29, 30]),
        ("an event that comes 12 times, 3 events", []),
        ("(29, 30)", []),
    ],
)
def test_spellings(text: str, cited: list[int]) -> None:
    """A citation is read in each way that people write it, and nothing else for one."""
    assert numbers(text) == cited


def test_where_a_citation_counts() -> None:
    """In a test's docstring, and beside a case that the test takes; nowhere else."""
    read = found(f'"""Event 1."""\n# event 2\n{TEST.format(docstring="So (event 53).")}\n# event 3')
    assert read == {53: ["t.py::test_one"], 12: ["t.py::test_one"]}


def test_names_of_cases() -> None:
    """A case may cite in its name, as pytest shows it; a text in a test's body is no citation."""
    source = (
        '@pytest.mark.parametrize("x", [pytest.param(1, id="event 71 blank")])\n'
        'def test_x(x):\n    """It holds."""\n    assert f(x) == "event 72"\n'
        'def helper():\n    """Event 73."""\n'
    )
    assert found(source) == {71: ["t.py::test_x"]}


def test_comment_of_its_own() -> None:
    """A comment that stands by itself, with whatever numbers, cites nothing."""
    body = "    # event 15\n    assert one()  # event 16\n"
    assert found(TEST.format(docstring="It holds.") + body).keys() == {12, 16}


@pytest.mark.parametrize("docstring", ["Events 1 to 124.", "(events 1, 2, 3, 4, 5)"])
def test_list(docstring: str) -> None:
    """Many numbers at once prove none of them, and are refused."""
    (fault,) = faults(docstring)
    assert "a list, not a proof" in fault


@pytest.mark.parametrize("docstring", ["(event 0)", "(event 125)", "(events 123 to 125)"])
def test_no_such_event(docstring: str) -> None:
    """A number that names no event is refused."""
    (fault,) = faults(docstring)
    assert "there is no event" in fault


def test_own_file() -> None:
    """This file proves no event, nor does one that `make test` leaves out."""
    paths = citations.files(ROOT)
    assert Path(__file__) not in paths
    assert ROOT / "tests" / "handlers" / "test_lookup.py" in paths
    assert all(path.name.startswith("test_") for path in paths)
