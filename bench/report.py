"""What a run is told in: docs/bench.md, the README's figures, and a table on the screen."""

from collections.abc import Sequence

from bench import figures
from bench.figures import Json, Section, Table, Target

START, END = "<!-- figures of make bench -->", "<!-- end of the figures -->"
DECISION = "docs/decisions/0018-speed-and-cost.md"
PLOTS = {
    "cold": ("start.svg", "Start of the same look-up, by handler"),
    "warm": ("warm.svg", "A request beside the calls that it must make"),
    "site": ("site.svg", "Time to build a page"),
    "weights": ("weights.svg", "The form's page on the wire"),
    "cost": ("cost.svg", "A million payments"),
}
# What the README says of a run: sentences, and which figures stand in them.
QUOTES = """\
- A look-up starts in {} times what an empty Lambda handler takes, a verdict in {}; Powertools with
  boto3 takes {}, Flask {}, FastAPI {}.
- A verdict makes {} calls to AWS and writes {} units; a core answers {} of them a second.
- The form of number and code weighs {} kB with everything; a letter's PDF takes {} ms.
- A million payments cost {} USD at list prices, e-mail included; the same by a usual design {}.
"""
QUOTED = (
    ("cold", "lookup start ratio"), ("cold", "callback start ratio"),
    ("cold", "of_powertools start ratio"), ("cold", "of_flask start ratio"),
    ("cold", "of_fastapi start ratio"), ("calls", "callback calls"), ("calls", "callback wru"),
    ("load", "callback a second"), ("weights", "form kB"), ("letters", "warm ms"),
    ("cost", "usd a million"), ("cost", "usd usual"),
)  # fmt: skip


def page(results: Json) -> str:
    """Give docs/bench.md of a run."""
    sections = [figures.read(one) for one in results["sections"]]
    parts = [_head(results), *(_section(section) for section in sections)]
    return "\n".join(parts).rstrip() + "\n"


def _head(results: Json) -> str:
    machine = ", ".join(f"{name} {value}" for name, value in results["machine"].items())
    versions = ", ".join(f"{name} {value}" for name, value in results["versions"].items())
    scale = "a quick run, good for trying only" if results["quick"] else "a full run"
    met = [target["met"] for one in results["sections"] for target in one["targets"]]
    return f"""\
# Speed, cost and scale

Written by `make bench` on {results["date"]}, {scale}; not edited by hand. `make bench QUICK=1`
takes less than two minutes. Figures are medians, with the least and the most in brackets; a figure
alone was counted or computed. {sum(met)} of {len(met)} targets are met; those that are not are
argued in [a decision]({DECISION.removeprefix("docs/")}).

Machine: {machine}.
Versions: {versions}.
"""


def _section(section: Section) -> str:
    parts = [f"## {section.title}", "", section.about, ""]
    for table in section.tables:
        parts += [f"### {table.title}", "", _markdown(table), ""]
    if section.name in PLOTS:
        file, title = PLOTS[section.name]
        parts += [f"![{title}](bench/{file})", ""]
    if section.targets:
        parts += ["### Targets", "", _targets(section.targets), ""]
    return "\n".join(parts)


def _markdown(table: Table) -> str:
    head = f"| | {' | '.join(table.columns)} |"
    line = "|---" * (len(table.columns) + 1) + "|"
    rows = [f"| {name} | {' | '.join(map(str, cells))} |" for name, cells in table.rows]
    return "\n".join([head, line, *rows])


def _targets(targets: Sequence[Target]) -> str:
    rows = [
        f"| {one.name} | {'≤' if one.at_most else '≥'} {figures.short(one.bound)} {one.unit} "
        f"| {figures.short(one.measured)} {one.unit} | {'yes' if one.met else '**no**'} |"
        for one in targets
    ]
    return "\n".join(["| target | bound | measured | met |", "|---|---|---|---|", *rows])


def quoted(results: Json) -> str:
    """Give the README's figures of a run."""
    found = {one["name"]: one["found"] for one in results["sections"]}
    told = QUOTES.format(*(figures.short(found[part][name]) for part, name in QUOTED))
    return f"{START}\n{told}{END}"


def with_quotes(readme: str, results: Json) -> str:
    """Put a run's figures into the README, between their marks; raise ValueError without marks."""
    before, start, rest = readme.partition(START)
    _, end, after = rest.partition(END)
    if not (start and end):
        raise ValueError("README.md has no place for the figures")
    return before + quoted(results) + after
