"""Write `docs/events.md`: each event, its right answer and its tests; with `--check`, compare it.

The events stand in `events.toml`; their tests are found by what they cite (`citations.py`).
"""

import sys
import tomllib
from itertools import groupby
from pathlib import Path

from tools.citations import EVENTS, Citations, read

ROOT = Path(__file__).resolve().parents[1]
TARGET = Path("docs/events.md")
HEAD = """\
# The events

What goes wrong or is done on purpose, and the right answer to it. Written by `make events` from
`tools/events.toml` and from what the tests cite; not edited by hand. `tests/test_events.py` fails
where an event has no test. Events that only AWS can bring about are tests of the template or of the
shape of its events, and say so. Tests stand under `tests/`.
"""
Wording = dict[str, dict[str, tuple[str, str]]]


def wording() -> Wording:
    """Give the events in words, by heading and number."""
    source = (ROOT / "tools" / "events.toml").read_text("utf-8")
    return {
        heading: {number: (event, answer) for number, (event, answer) in events.items()}
        for heading, events in tomllib.loads(source).items()
    }


def numbered(words: Wording) -> list[int]:
    """Give the numbers that have words, in their order."""
    return [int(number) for events in words.values() for number in events]


def page(words: Wording, citations: Citations) -> str:
    """Give the whole page."""
    lines = [HEAD]
    for heading, events in words.items():
        lines += [f"## {heading}", "", "| | event | right answer | tests |", "|---|---|---|---|"]
        for number, (event, answer) in events.items():
            tests = named(citations.tests.get(int(number), []))
            lines.append(f"| {number} | {event} | {answer} | {tests} |")
        lines.append("")
    return "\n".join(lines)


def named(tests: list[str]) -> str:
    """Name tests briefly, file by file: `handlers/test_lookup.py` any_keyboard, field_faults."""
    parts = [test.removeprefix("tests/").partition("::") for test in tests]
    files = groupby(sorted(parts), key=lambda part: part[0])
    return "; ".join(
        f"`{file}` " + ", ".join(name.removeprefix("test_") for _, _, name in found)
        for file, found in files
    )


def main(arguments: list[str]) -> int:
    """Write the page, or say whether it is the one that would be written."""
    words, citations = wording(), read(ROOT)
    if numbered(words) != list(EVENTS):
        print("tools/events.toml does not word each event once, in order")
        return 1
    if arguments != ["--check"]:
        TARGET.write_text(page(words, citations), "utf-8")
        return 0
    if TARGET.exists() and TARGET.read_text("utf-8") == page(words, citations):
        return 0
    print(f"{TARGET} is not what the tests cite: run `make events` and commit it")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
