"""What documents point at exists: pages, headings, tests, commands, alarms."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from ops.commands import _RUN

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "infra").rglob("*.md")]
)
LINK = re.compile(r"\]\((?!https?://|mailto:)([^)\s]*)\)")
TEST = re.compile(r"`(tests/[\w/]+(?:\.py)?)/?(?:::(\w+))?`")
POINTED = re.compile(r"docs/([\w-]+\.md)#([\w-]+)")
MAKE = re.compile(r"`make ([a-z-]+)|^make ([a-z-]+)", re.MULTILINE)
ASVI = re.compile(r"`asvi ([a-z]+)")
ALARM = re.compile(r"AlarmName: !Sub asvi-\$\{Stage\}-([\w-]+)")
TEMPLATES = [ROOT / "infra" / "template.yaml", ROOT / "infra" / "edge.yaml"]
NAMED = re.compile(
    r"AlarmName: !Sub asvi-\$\{Stage\}-([\w-]+)\n\s+AlarmDescription: (?:>-\n)?(.*?)docs/runbook\.md#([\w-]+)",
    re.DOTALL,
)


def slug(heading: str) -> str:
    """Give the anchor that a heading has on the page."""
    plain = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return plain.replace(" ", "-")


def anchors(page: Path) -> set[str]:
    """Give the anchors of a page's headings, outside of its code."""
    prose = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    return {slug(line.lstrip("#")) for line in prose.splitlines() if line.startswith("#")}


def names_in(path: Path) -> set[str]:
    """Give the names of the tests in a file."""
    tree = ast.parse(path.read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def name(page: Path) -> str:
    """Give a page's path in the tree."""
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links(page: Path) -> None:
    """Every link inside the tree leads to a file, and to a heading of it."""
    for target in LINK.findall(page.read_text("utf-8")):
        path, _, anchor = target.partition("#")
        place = (page.parent / path).resolve() if path else page
        assert place.exists(), target
        assert not anchor or anchor in anchors(place), target


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_named_tests(page: Path) -> None:
    """Every test that a document names exists, so that its promise is still held."""
    for path, test in TEST.findall(page.read_text("utf-8")):
        place = ROOT / path
        assert place.exists(), path
        assert not test or test in names_in(place), f"{path}::{test}"


def test_commands() -> None:
    """Every make target and every command of asvi that a document names exists."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for page in PAGES:
        text = page.read_text("utf-8")
        made = {one or other for one, other in MAKE.findall(text)}
        assert made <= targets, f"{name(page)}: {made - targets}"
        assert set(ASVI.findall(text)) <= set(_RUN), name(page)


def pointers() -> Iterator[tuple[str, str, str]]:
    """Give where code and templates point into the documents: place, page, heading."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "infra", "tools", "functions", "ops"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    for file in filter(lambda file: (ROOT / file).suffix in (".py", ".yaml", ".toml"), listed):
        if (ROOT / file).is_file():
            for page, anchor in POINTED.findall((ROOT / file).read_text("utf-8")):
                yield file, page, anchor


def test_pointed_at() -> None:
    """Whoever is woken by an alarm, or stopped by a command, finds the section that it names."""
    found = list(pointers())
    assert len(found) > 20
    for place, page, anchor in found:
        assert anchor in anchors(ROOT / "docs" / page), f"{place}: {page}#{anchor}"


def test_alarms() -> None:
    """Every alarm names a section of the runbook, and that section names the alarm."""
    runbook = (ROOT / "docs" / "runbook.md").read_text("utf-8")
    sections = {slug(part.partition("\n")[0]): part for part in runbook.split("\n### ")[1:]}
    for template in TEMPLATES:
        text = template.read_text("utf-8")
        named = NAMED.findall(text)
        assert {alarm for alarm, _, _ in named} == set(ALARM.findall(text)), template
        for alarm, _, anchor in named:
            assert f"`{alarm}`" in sections[anchor], f"{alarm}: #{anchor}"


def test_runbook_says_the_three_things() -> None:
    """Each section says what is seen, what to do, and how it was rehearsed."""
    runbook = (ROOT / "docs" / "runbook.md").read_text("utf-8")
    for part in runbook.split("\n### ")[1:]:
        for word in ("**Seen.**", "**Do.**", "**Rehearsed.**"):
            assert part.count(word) == 1, f"{part.partition(chr(10))[0]}: {word}"
