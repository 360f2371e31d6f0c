"""The letter: what its PDF takes, cold and warm, beside the same letter by WeasyPrint."""

import json
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench import processes
from bench.figures import Cell, Section, Table, Target, count, of
from bench.places import BUILD, HERE, ISOLATED, PYTHON, ROOT
from bench.rounds import Scale, interleaved
from tests.simulation.deployment import environment

FONTS = ROOT / "functions" / "letter" / "fonts"
BOUND_COLD_MS, BOUND_WARM_MS = 30.0, 10.0
LANGUAGES = ("fr", "ar")
BASE64 = 4 / 3
ABOUT = """\
One paid quarter with its fee, QR and signature, in French and in Arabic. *Cold* is the first letter
of a started process with all that is imported for it, *warm* each after it; processor time. typst
makes what the portal sends: tagged, PDF/A-2a and PDF/UA-1. WeasyPrint makes PDF/UA-1 of its HTML
twin, with the same fonts and QR, in its own environment."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a process made: of each letter its processor and wall time and bytes; a mail's bytes."""

    runs: list[tuple[float, float, int]]
    mail_bytes: int


def measure(scale: Scale) -> Section:
    """Measure both engines by turns."""
    section = Section("letters", "The letter", ABOUT)
    artifact = processes.ours(["letter"])["letter"].path[0]
    times = str(scale.of(30, 10))
    twins = {language: BUILD / f"letter-{language}.html" for language in LANGUAGES}
    probes = {}
    for language, twin in twins.items():
        ours = [*ISOLATED, str(HERE / "inside" / "letter.py"), language, times, str(twin)]
        theirs = [str(PYTHON), str(HERE / "inside" / "weasyprint_letter.py"), str(twin), str(FONTS)]
        probes[f"typst, {language}"] = partial(_run, ours, artifact)
        probes[f"WeasyPrint, {language}"] = partial(_run, [*theirs, times])
    found = interleaved(probes, scale.of(15, 2), scale.bar)
    rows = tuple((name, _row(runs)) for name, runs in found.items())
    columns = ("cold", "warm", "cold, wall", "warm, wall", "PDF")
    section.tables.append(Table("A letter by typst and by WeasyPrint", columns, rows))
    cold, warm = _times(found["typst, fr"], 0)
    section.targets.append(Target("cold letter", BOUND_COLD_MS, of(cold).median, "ms"))
    section.targets.append(Target("warm letter", BOUND_WARM_MS, of(warm).median, "ms"))
    section.found["warm ms"] = of(warm).median
    _note_mails(section, found)
    return section


def _note_mails(section: Section, found: dict[str, list[Made]]) -> None:
    """Note the bytes of the mail, and of one that carried WeasyPrint's PDF instead."""
    ours, theirs = found["typst, fr"][0], found["WeasyPrint, fr"]
    pdf_bytes, other_bytes = ours.runs[0][2], theirs[0].runs[0][2]
    section.found["mail bytes"] = ours.mail_bytes
    section.found["usual mail bytes"] = ours.mail_bytes + (other_bytes - pdf_bytes) * BASE64
    section.found["usual warm ms"] = of(_times(theirs, 0)[1]).median


def _run(command: Sequence[str], artifact: Path | None = None) -> Made:
    told = {**os.environ, **environment(), "PYTHONPATH": str(artifact or "")}
    ran = subprocess.run(command, env=told, stdout=subprocess.PIPE, check=True)
    said = json.loads(ran.stdout)
    return Made([(cpu, wall, size) for cpu, wall, size in said["runs"]], said["mail_bytes"])


def _times(found: Sequence[Made], part: int) -> tuple[list[float], list[float]]:
    """Give the times of cold and of warm letters: `part` 0 of the processor, 1 of the wall."""
    runs = [one.runs for one in found]
    return [run[0][part] for run in runs], [one[part] for run in runs for one in run[1:]]


def _row(found: Sequence[Made]) -> tuple[Cell, ...]:
    times = (values for part in (0, 1) for values in _times(found, part))
    return *(of(values, "ms") for values in times), count(found[0].runs[0][2] / 1e3, "kB")
