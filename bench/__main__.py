"""`make bench`: measure everything side by side, and write docs/bench.md, its JSON and its plots.

    python -m bench [--quick] [--only cold,warm] [--out FOLDER]

With `--quick`, `--only` or `--out` nothing under docs/ is touched.
"""

import argparse
import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stdout
from datetime import UTC, datetime
from pathlib import Path

# Nobody's; and a region, before anything asks for one.
os.environ |= {
    "AWS_DEFAULT_REGION": "eu-west-3", "AWS_ACCESS_KEY_ID": "bench",
    "AWS_SECRET_ACCESS_KEY": "bench", "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}  # fmt: skip
os.environ.pop("AWS_CA_BUNDLE", None)

from rich.console import Console
from rich.progress import Progress, TaskID
from rich.table import Table as Screen

from bench import figures, machine, report, sections
from bench.figures import Json
from bench.places import HERE, PYTHON, RESULTS, ROOT
from bench.rounds import Scale


class Shown:
    """A section's line of the progress bar."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        self.progress, self.task = progress, task

    def begin(self, steps: int) -> None:
        """Say how many steps the section takes."""
        self.progress.reset(self.task, total=steps)

    def step(self) -> None:
        """Say that one is done."""
        self.progress.advance(self.task)


def run(names: list[str], console: Console, *, quick: bool) -> Json:
    """Measure sections one after another; the later may use what the earlier found."""
    results: Json = {
        "date": datetime.now(UTC).date().isoformat(), "quick": quick,
        "machine": machine.machine(), "versions": machine.versions(), "sections": [],
    }  # fmt: skip
    found: dict[str, dict[str, float]] = {}
    with Progress(console=console) as progress, redirect_stdout(io.StringIO()):
        tasks = {name: progress.add_task(name, total=None, start=False) for name in names}
        for name, task in tasks.items():
            progress.start_task(task)
            section = sections.measure(name, Scale(quick, Shown(progress, task)), found)
            progress.update(task, total=1, completed=1)
            found[name] = section.found
            results["sections"].append(figures.written(section))
    return results


def show(results: Json, console: Console) -> None:
    """Print the targets, and what was measured."""
    screen = Screen("target", "bound", "measured", "met", title="make bench")
    for section in results["sections"]:
        for one in section["targets"]:
            bound = f"{'≤' if one['at_most'] else '≥'} {figures.short(one['bound'])} {one['unit']}"
            measured = f"{figures.short(one['measured'])} {one['unit']}"
            screen.add_row(one["name"], bound, measured, "yes" if one["met"] else "[bold]no")
    console.print(screen)


def write(results: Json, folder: Path) -> None:
    """Write the JSON, the page and the plots of a run into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / RESULTS.name
    path.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", "utf-8")
    subprocess.run([str(PYTHON), str(HERE / "plots.py"), str(path), str(folder)], check=True)


def main() -> int:
    """Measure what was asked for; a missed target is told, and no error."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="few rounds, in two minutes")
    parser.add_argument(
        "--only", default="", help="sections with commas between; what they need comes with them"
    )
    parser.add_argument("--out", type=Path, help="where to write, instead of docs/bench")
    told = parser.parse_args()
    try:
        names = sections.wanted(told.only.split(",") if told.only else sections.NAMES)
    except ValueError as error:
        parser.error(str(error))
    console = Console(stderr=True)
    results = run(names, console, quick=told.quick)
    show(results, Console())
    whole = not (told.quick or told.only or told.out)
    folder = RESULTS.parent if whole else told.out or ROOT / "build" / "bench" / "docs"
    write(results, folder)
    console.print(f"Figures and plots: {folder}")
    if whole:
        (ROOT / "docs" / "bench.md").write_text(report.page(results), "utf-8")
        readme = ROOT / "README.md"
        readme.write_text(report.with_quotes(readme.read_text("utf-8"), results), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
