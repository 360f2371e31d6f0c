"""`make simulate SEED=7` tells one world's story, `WORLDS=100000` runs many, `CRASHES=1` crashes."""

import argparse
import sys
from functools import partial

from tests.simulation import batch, crashes, record, witness
from tests.simulation.deployment import standing

say = partial(print, flush=True)


def main() -> int:
    """Run what was asked for; 1 where a promise was broken or too little was met."""
    parser = argparse.ArgumentParser(prog="make simulate", description=__doc__)
    parser.add_argument("--seed", type=int, help="tell this world's story")
    parser.add_argument("--worlds", type=int, default=witness.ENOUGH, help="how many worlds")
    parser.add_argument("--first", type=int, default=0, help="the first seed (0)")
    parser.add_argument("--cores", type=int, help="on how many cores (all)")
    parser.add_argument("--crashes", action="store_true", help="every crash point instead")
    parser.add_argument("--record", action="store_true", help="keep the run's figures")
    told = parser.parse_args()
    code = record.code() if told.record else ""
    if told.crashes:
        return _crashes(told.cores, code)
    if told.seed is not None:
        return _story(told.seed)
    return _many(range(told.first, told.first + told.worlds), told.cores, code)


def _story(seed: int) -> int:
    with standing() as printed:
        world, result = batch.lived(seed, printed)
    say(world.story.told())
    say(f"seed {seed}, {world.evidence} evidence, faults: {world.faults.told()}")
    say(f"SHA-256 of the story: {result.digest}")
    for one in result.broken:
        say(f"BROKEN {one.promise}: {one.text}")
    return 1 if result.broken else 0


def _many(seeds: range, cores: int | None, code: str) -> int:
    """Run many worlds; a `code` that is named has its figures kept."""
    report = batch.run(seeds, cores, shown=sys.stderr.isatty())
    for what, count in sorted(report.witnessed.items()):
        say(f"{count:8} worlds met: {what}")
    say(f"{report.worlds} worlds, {report.rate} a minute and core")
    for seed, broken in sorted(report.broken.items())[:20]:
        say(f"make simulate SEED={seed}   {broken[0].promise}: {broken[0].text}")
    unmet = witness.missing(set(report.witnessed)) if len(seeds) >= witness.ENOUGH else []
    for what in unmet:
        say(f"never met: {what}")
    if code:
        record.worlds(report, seeds, code)
    return 1 if report.broken or unmet else 0


def _crashes(cores: int | None, code: str) -> int:
    """Run every crash point of every story, one fault each, and every two of them."""
    with standing():
        points = crashes.every()
    broken: list[crashes.Point] = []
    told = range(0, len(points), max(1, len(points) // 100))
    for count, (point, promises) in enumerate(batch.pooled(crashes.ended, points, cores), 1):
        if count in told and sys.stderr.isatty():
            sys.stderr.write(f"\r{count:,} of {len(points):,} crash points, {len(broken)} broken ")
        if promises:
            broken.append(point)
            say(f"{point}: {promises[0].promise}: {promises[0].text}")
    say(f"{len(points):,} crash points of {len(crashes.STORIES)} stories, {len(broken)} broken")
    if code:
        record.crash_points(len(points), len(broken), len(crashes.STORIES), code)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
