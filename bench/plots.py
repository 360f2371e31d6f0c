"""Draw a run's plots. Runs in the bench's own environment: `plots.py results.json FOLDER`."""

import json
import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")
from matplotlib import pyplot as plt

# The same run gives the same file.
mpl.rcParams |= {"svg.hashsalt": "asvi", "font.size": 9, "svg.fonttype": "none"}
OURS, OTHERS, SECOND = "#12496b", "#9db4c0", "#c9a66b"
Json = dict[str, Any]
# Section, table of it, columns of the table (one bar for each), unit of the axis, file.
PLOTS = (
    ("cold", 0, (0,), "processor time of a start, ms", "start.svg"),
    ("warm", 0, (0, 1), "processor time, µs: request and its calls alone", "warm.svg"),
    ("site", 0, (1,), "wall time a page, ms", "site.svg"),
    ("weights", 0, (5,), "kB on the wire", "weights.svg"),
)


def draw(rows: list[Any], columns: tuple[int, ...], axis: str, path: Path) -> None:
    """Draw bars, one row below the other, with the least and the most as whiskers."""
    names = [name.replace("*", "") for name, _ in rows]
    figure, axes = plt.subplots(figsize=(6.4, 0.5 + 0.34 * len(rows)))
    height = 0.7 / len(columns)
    for place, column in enumerate(columns):
        cells = [cells[column] for _, cells in rows]
        middles = [cell["median"] for cell in cells]
        spread = [
            [cell["median"] - cell["least"] for cell in cells],
            [cell["most"] - cell["median"] for cell in cells],
        ]
        colours = [OURS if "this portal" in name else OTHERS for name in names]
        places = [row + (place - (len(columns) - 1) / 2) * height for row in range(len(rows))]
        colour: Any = colours if len(columns) == 1 else (OURS, OTHERS)[place]
        axes.barh(places, middles, height, xerr=spread, color=colour, ecolor="#555555")
    axes.set_yticks(range(len(rows)), names)
    axes.invert_yaxis()
    axes.set_xlabel(axis)
    axes.spines[["top", "right"]].set_visible(False)
    save(figure, path)


def draw_bills(rows: list[Any], names: list[str], path: Path) -> None:
    """Draw bills, one beside the other, item upon item, up to the total."""
    items = rows[: next(at for at, (name, _) in enumerate(rows) if "total" in name)]
    figure, axes = plt.subplots(figsize=(6.4, 2.2))
    left = [0.0] * len(names)
    for name, cells in items:
        values = [cell["median"] for cell in cells]
        axes.barh(range(len(names)), values, 0.6, left=left, label=name)
        left = [one + value for one, value in zip(left, values, strict=True)]
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.set_xlabel("USD for a million payments")
    axes.legend(ncols=4, loc="lower center", bbox_to_anchor=(0.4, 1.0), frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    save(figure, path)


def save(figure: Any, path: Path) -> None:  # noqa: ANN401 - matplotlib has no types here
    """Write a small SVG without a date."""
    figure.savefig(path, bbox_inches="tight", metadata={"Date": None})
    plt.close(figure)


def main(results: Path, folder: Path) -> None:
    """Draw what the run has."""
    sections = {one["name"]: one for one in json.loads(results.read_text("utf-8"))["sections"]}
    for name, table, columns, axis, file in PLOTS:
        if name in sections:
            draw(sections[name]["tables"][table]["rows"], columns, axis, folder / file)
    if "cost" in sections:
        table = sections["cost"]["tables"][0]
        draw_bills(table["rows"], table["columns"], folder / "cost.svg")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
