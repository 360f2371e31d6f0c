"""Warm functions: what a request takes once a container runs, beside the calls it must make."""

import json
import subprocess
from functools import partial
from pathlib import Path

from bench import engines, processes, stage, standing, tape
from bench.events import Journey
from bench.figures import Cell, Json, Section, Table, Target, count, of
from bench.places import BUILD, HERE, ISOLATED
from bench.processes import Process
from bench.rounds import Scale, interleaved
from bench.standing import Addresses

CHILD = HERE / "inside" / "warm.py"
FOLDER = BUILD / "tapes"
# Who answers each event, by the folder of its function.
EVENTS = {
    "control_code": "lookup", "first_lookup": "lookup", "renewal": "lookup",
    "checkout": "checkout", "callback": "callback", "returned": "callback",
    "receipt": "receipt", "letter": "letter",
}  # fmt: skip
BOUND = 1.5
# Nothing else is asked of AWS on their way, or the letter itself is the work.
UNBOUND = {"returned", "letter"}
# Less is the loop around no call at all.
NO_CALL_US = 50
ABOUT = """\
An event is handed to its function again and again in one process, from the artifact, with the
network left out: botocore writes, signs and reads every call as always, and AWS's answers are
played from a tape of the same event. By turns the same calls are made of clients as the SDK makes
them. Processor time. In whose code it goes Python's profiler tells, unkind to small functions;
native code, as the typesetter's and pydantic's own, it cannot tell from Python's."""


def measure(scale: Scale) -> Section:
    """Measure each event beside its calls."""
    section = Section("warm", "A request, warm", ABOUT)
    artifacts = processes.ours(sorted(set(EVENTS.values())))
    paths = _tapes()
    times = scale.of(200, 40)
    probes = {
        name: partial(_run, artifacts[function], paths[name], times)
        for name, function in EVENTS.items()
    }
    found = interleaved(probes, scale.of(5, 1), scale.bar)
    section.tables.append(_times(found))
    section.tables.append(_shares(found))
    for name, runs in found.items():
        event, calls = _joined(runs, "event"), _joined(runs, "calls")
        if name not in UNBOUND:
            measured = of(event).median / of(calls).median
            section.targets.append(Target(f"{name} ÷ its calls", BOUND, measured))
    return section


def _tapes() -> dict[str, Path]:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with stage.set_on(engines.dynoxide()) as (_, journey):
        return {name: _tape(journey, name) for name in EVENTS}


def _tape(journey: Journey, name: str) -> Path:
    made = tape.of_event(journey.portal, getattr(journey, name)())
    path = FOLDER / f"{name}.json"
    path.write_text(json.dumps(made, default=tape.plain))
    return path


def _run(process: Process, path: Path, times: int) -> Json:
    told = standing.environment(process.name, Addresses("http://localhost:9", "http://localhost:9"))
    told |= {"PYTHONPATH": str(process.path[0]), "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand"}
    ran = subprocess.run(
        [*ISOLATED, str(CHILD), str(path), str(times)],
        env=told, stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    found: Json = json.loads(ran.stdout)
    return found


def _joined(runs: list[Json], part: str) -> list[float]:
    return [value for run in runs for value in run[part]]


def _times(found: dict[str, list[Json]]) -> Table:
    rows: list[tuple[str, tuple[Cell, ...]]] = []
    for name, runs in found.items():
        event, calls = of(_joined(runs, "event"), "µs"), of(_joined(runs, "calls"), "µs")
        divided = (
            count(event.median / calls.median, "×") if calls.median > NO_CALL_US else "no call"
        )
        rows.append((name.replace("_", " "), (event, calls, divided)))
    return Table("A request and its calls", ("request", "its calls alone", "ratio"), tuple(rows))


def _shares(found: dict[str, list[Json]]) -> Table:
    owners = sorted(
        {owner for runs in found.values() for owner in runs[0]["shares"]},
        key=lambda owner: -sum(runs[0]["shares"].get(owner, 0) for runs in found.values()),
    )
    rows = tuple(
        (
            name.replace("_", " "),
            tuple(of([100 * run["shares"].get(owner, 0) for run in runs], "%") for owner in owners),
        )
        for name, runs in found.items()
    )
    return Table("In whose code a request's time goes", tuple(owners), rows)
