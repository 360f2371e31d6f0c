"""`make simulate SEED=7` tells one world's story; `make simulate WORLDS=100000` runs many."""

import argparse
import os
import sys

os.environ.setdefault("AWS_DEFAULT_REGION", "eu-west-3")
os.environ.setdefault("AWS_ACCESS_KEY_ID", "none")
os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "none")

from tests.simulation import batch, witness
from tests.simulation.deployment import standing


def main() -> int:
    """Run what was asked for; 1 where a promise was broken or too little was met."""
    parser = argparse.ArgumentParser(prog="make simulate", description=__doc__)
    parser.add_argument("--seed", type=int, help="tell this world's story")
    parser.add_argument("--worlds", type=int, default=2000, help="how many worlds (2000)")
    parser.add_argument("--first", type=int, default=0, help="the first seed (0)")
    told = parser.parse_args()
    if told.seed is not None:
        return _story(told.seed)
    return _many(range(told.first, told.first + told.worlds))


def _story(seed: int) -> int:
    with standing() as printed:
        world, result = batch.lived(seed, printed)
    print(world.story.told())  # noqa: T201 - for a person
    print(f"seed {seed}, {world.evidence} evidence, faults: {world.faults.told()}")  # noqa: T201 - likewise
    print(f"SHA-256 of the story: {result.digest}")  # noqa: T201 - likewise
    for one in result.broken:
        print(f"BROKEN {one.promise}: {one.text}")  # noqa: T201 - likewise
    return 1 if result.broken else 0


def _many(seeds: range) -> int:
    report = batch.run(seeds, shown=True)
    for what, count in sorted(report.witnessed.items()):
        print(f"{count:8} worlds met: {what}")  # noqa: T201 - for a person
    print(f"{report.worlds} worlds, {report.rate} a minute and core")  # noqa: T201 - likewise
    for seed, broken in sorted(report.broken.items())[:20]:
        print(f"make simulate SEED={seed}   {broken[0].promise}: {broken[0].text}")  # noqa: T201 - likewise
    unmet = witness.missing(set(report.witnessed)) if len(seeds) >= 2000 else []
    for what in unmet:
        print(f"never met: {what}")  # noqa: T201 - likewise
    return 1 if report.broken or unmet else 0


if __name__ == "__main__":
    sys.exit(main())
