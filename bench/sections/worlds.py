"""The simulator: how many worlds a minute and core it lives through."""

import re
import subprocess
import sys

from bench.figures import Section, Table, Target, of
from bench.places import ROOT
from bench.rounds import Scale, interleaved

RATE = re.compile(r"(\d+) worlds, (\d+) a minute and core")
BOUND, STRETCH = 1_500, 8_000
ABOUT = """\
`make simulate`: worlds of payers, tabs, a bank and an operator against the real handlers, with
faults everywhere and every promise checked; the letter's typesetting is left out. In one world of
four each request passes through botocore as in life; the other three leave out botocore's own
checking, writing and reading of it (`tests/simulation/world.py`), and the rate is that of this mix.
A minute of a core's processor time, all cores being used."""


def measure(scale: Scale) -> Section:
    """Run worlds."""
    section = Section("worlds", "Simulated worlds", ABOUT)
    worlds = scale.of(1_000, 80)
    found = interleaved({"worlds": lambda: _rate(worlds)}, scale.of(3, 1), scale.bar)["worlds"]
    rows = (("worlds a minute and core", (of(found),)),)
    section.tables.append(Table(f"{worlds} worlds at a time", ("rate",), rows))
    rate = of(found).median
    section.targets.append(Target("worlds a minute and core", BOUND, rate, at_most=False))
    section.targets.append(
        Target("worlds a minute and core (stretch)", STRETCH, rate, at_most=False)
    )
    return section


def _rate(worlds: int) -> float:
    command = [sys.executable, "-m", "tests.simulation", "--worlds", str(worlds)]
    ran = subprocess.run(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True
    )
    found = RATE.search(ran.stdout)
    if found is None:
        raise ValueError("the simulator told no rate")
    return float(found[2])
