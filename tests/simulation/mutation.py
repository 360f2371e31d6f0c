"""Kill mutants: `python -m tests.simulation.mutation functions.shared.rules.decision`.

Each mutant runs in a process of its own, forked from one that has collected the tests already:
first the module's own tests, then worlds. With `conditions 1/4` each clause of each condition that
the table is asked is dropped, part by part, and the worlds must notice.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial
from io import StringIO
from unittest.mock import patch

import pytest

from tests.simulation import batch, clauses, mutants, writes
from tests.simulation.deployment import standing
from tests.simulation.equivalent import CONDITIONS, MUTANTS
from tests.simulation.mutants import Mutant
from tests.simulation.table import holds
from tests.simulation.values import Item, Json

OWN_TESTS = {
    "functions.shared.rules.decision": ("rules/test_decision.py", "rules/test_decision_words.py"),
    "functions.shared.rules.cmi.answer": (
        "rules/test_cmi_answer.py", "rules/test_cmi_decoding.py", "rules/test_cmi_vectors.py",
    ),
    "functions.shared.rules.cmi.hashing": (
        "rules/test_cmi_hash.py", "rules/test_cmi_decoding.py", "rules/test_cmi_vectors.py",
    ),
    "functions.shared.rules.settlement": (
        "settlement/test_rule.py", "settlement/test_rule_of_reserved.py",
    ),
    "functions.shared.rules.payment": ("rules/test_payment.py",),
    "functions.shared.rules.retention": ("rules/test_retention.py",),
    "functions.settlement.comparison": ("ops/test_comparison.py", "ops/test_comparison_days.py"),
    "functions.settlement.days": ("ops/test_comparison_days.py",),
}  # fmt: skip
# Without pytest's own handlers, which stand where the functions' log is led to memory.
PLUGINS = ("no:xdist", "no:cacheprovider", "no:logging")
OPTIONS = ("-x", "-q", "-s", "--hypothesis-seed=0", *(f"-p{name}" for name in PLUGINS))
WORLDS = 200
SHAPES_OF = 300
PATIENCE_SECONDS = 600
CONDITION_TESTS = (
    "tests/simulation/test_conditions.py",
    "tests/simulation/test_conditions_of_dues.py",
    "tests/simulation/test_conditions_of_letters.py",
    "tests/simulation/test_conditions_of_matters.py",
    "tests/simulation/test_conditions_of_retention.py",
)


@dataclass(slots=True)
class Killing:
    """A pytest plugin that runs the collected tests once for each mutant, and nothing else."""

    mutants: Sequence[Mutant]
    printed: StringIO
    left: list[str] = field(default_factory=list)
    tried: bool = False

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try every mutant, once the right code lives; say that the tests were run."""
        if not session.items or _dies(partial(self._lives, None, session)):
            return False
        self.tried = True
        for mutant in self.mutants:
            if not _dies(partial(self._lives, mutant, session)):
                self.left.append(f"{mutant.function}: {mutant.name}")
        return True

    def _lives(self, mutant: Mutant | None, session: pytest.Session) -> bool:
        with mutant.planted() if mutant else nullcontext():
            for item in session.items:
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
                if session.testsfailed:
                    return False
            return _worlds_live(self.printed)


def _worlds_live(printed: StringIO) -> bool:
    return not any(batch.lived(seed, printed)[1].broken for seed in range(WORLDS))


def _dies(lives: Callable[[], bool]) -> bool:
    """Run something in a forked process; True where it failed, raised, or did not end."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0
    signal.alarm(PATIENCE_SECONDS)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    try:
        os._exit(0 if lives() else 1)
    except BaseException:  # noqa: BLE001 - whatever it was, it was noticed
        os._exit(1)


def of_module(module: str) -> tuple[int, list[str]]:
    """Kill a module's mutants; give their number and the names of those left."""
    tests = [f"tests/{name}" for name in OWN_TESTS[module]]
    with standing() as printed:
        plugin = Killing(list(mutants.of(module)), printed)
        pytest.main([*OPTIONS, *tests], plugins=[plugin])
    if not plugin.tried:
        raise SystemExit(f"no mutant was tried: {tests} did not pass, or no test was found")
    known = {name for one, name in MUTANTS if one == module}
    if unknown := known - set(plugin.left):
        raise SystemExit(f"killed, and called equivalent: {sorted(unknown)}")
    return len(plugin.mutants), [name for name in plugin.left if name not in known]


def of_conditions(part: int, parts: int) -> tuple[int, list[str]]:
    """Kill a part of the weaker conditions; give their number and those left."""
    weaker = [
        (shape, node)
        for shape in _shapes()
        for node in clauses.weaker(clauses.parsed(shape.condition))
    ][part - 1 :: parts]
    left = []
    with standing() as printed:
        if _dies(partial(_noticed_by_nobody, printed)):
            raise SystemExit("no condition was weakened: worlds or tests fail as it is")
        for shape, node in weaker:
            with clauses.planted(shape, node):
                if not _dies(partial(_noticed_by_nobody, printed)):
                    left.append(f"{shape} -> {node}")
    mine = {f"{shape} -> {node}" for shape, node in weaker}
    if unknown := (set(CONDITIONS) & mine) - set(left):
        raise SystemExit(f"killed, and called equivalent: {sorted(unknown)}")
    return len(weaker), [name for name in left if name not in CONDITIONS]


def _noticed_by_nobody(printed: StringIO) -> bool:
    """Say whether all lives on. The tests come last: they take down what the worlds stand in."""
    return _worlds_live(printed) and pytest.main([*OPTIONS, *CONDITION_TESTS]) == 0


def _shapes() -> Iterable[clauses.Shape]:
    """Give the shapes of all conditions that some worlds ask, and the direct tests."""
    seen: set[clauses.Shape] = set()

    def seeing(params: Json, row: Item | None, used: frozenset[str] = frozenset()) -> bool:
        seen.add(clauses.shape(params))
        return holds(params, row, used)

    with patch.object(writes, "holds", seeing):
        with standing() as printed:
            for seed in range(SHAPES_OF):
                batch.lived(seed, printed)
        pytest.main([*OPTIONS, *CONDITION_TESTS])
    unasked = {
        text for text in clauses.written() if not any(text in shape.condition for shape in seen)
    }
    if unasked:
        raise SystemExit(f"no test and no world asks: {sorted(unasked)}")
    return sorted(shape for shape in seen if shape.condition)


def main(told: Sequence[str]) -> int:
    """Kill what was asked for; 1 where something is left."""
    if told[0] == "conditions":
        part, _, parts = told[1].partition("/")
        count, left = of_conditions(int(part), int(parts))
    else:
        count, left = of_module(told[0])
    print(f"{count} mutants of {' '.join(told)}, {len(left)} left")  # noqa: T201 - for a person
    for name in left:
        print(f"  {name}")  # noqa: T201 - likewise
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
