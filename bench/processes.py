"""Who is measured as a process: the portal's functions, and what an engineer would pick instead."""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from bench import copies
from bench.figures import Json
from bench.places import PACKAGES
from bench.runtime import Function, Spent
from bench.standing import Addresses, environment

CONTENDERS = {
    "floor": "floor: standard library, signed by hand",
    "of_chalice": "Chalice",
    "of_flask": "Flask and an adapter",
    "of_powertools": "Powertools, validating, and boto3",
    "of_fastapi": "FastAPI and an adapter",
    "usual": "the usual module, everything imported",
}


@dataclass(frozen=True, slots=True)
class Process:
    """A handler and the folders that it imports from."""

    name: str
    handler: str
    path: tuple[Path, ...]

    def start(self, addresses: Addresses, log: IO[bytes] | int = subprocess.DEVNULL) -> Function:
        """Start it, with AWS at some addresses."""
        return Function.start(self.handler, self.path, environment(self.name, addresses), log)


def ours(names: Sequence[str]) -> dict[str, Process]:
    """Make the artifacts of functions of the portal, and give them as processes."""
    client, known = copies.client(), copies.handlers()
    made = copies.functions(*names)
    return {name: Process(name, known[name], (path, client)) for name, path in made.items()}


def theirs(*names: str) -> dict[str, Process]:
    """Give contenders by the names of their modules."""
    folder, client = copies.contenders(), copies.client()
    return {
        name: Process(name, f"bench.contenders.{name}.handle", (folder, client, PACKAGES))
        for name in names
    }


def bare() -> Process:
    """Give the least that Lambda can run, by which everything is divided."""
    return Process("bare", "bench.contenders.bare.handle", (copies.contenders(), copies.client()))


def accepted(found: tuple[Json, Spent]) -> tuple[Json, Spent]:
    """Give an answer and what it took back; raise ValueError where it refuses."""
    answer, _ = found
    if answer.get("statusCode", 200) >= 400 or answer.get("batchItemFailures"):  # noqa: PLR2004 - a status of HTTP
        raise ValueError(f"refused: {answer}")
    return found
