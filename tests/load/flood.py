"""A flood of look-ups: `python -m tests.load.flood <portal> <seconds> <threads> <number> ...`.

Runs as a process of its own, asks as fast as it is answered, and prints what it saw as JSON.
"""

import http.client
import json
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from tests.load.payers import looked_up
from tests.load.web import Browser

FIRST_ADDRESS = 100_000
PAUSE_SECONDS = 0.1  # of whoever was refused: a person is not quicker


def asked(portal: str, place: int, number: str, until: float) -> list[tuple[float, int]]:
    """Ask again and again with one session; give the seconds and status of each answer."""
    browser = Browser(portal, FIRST_ADDRESS + place)
    session = looked_up(browser, number)["session"]
    seen = []
    while (began := time.monotonic()) < until:
        status, _ = browser.post("/api/lookup", {"session": session})
        seen.append((time.monotonic() - began, status))
        if status != http.client.OK:
            time.sleep(PAUSE_SECONDS)
    browser.close()
    return seen


def main(portal: str, seconds: str, threads: str, *numbers: str) -> None:
    """Flood, then say what was seen."""
    until = time.monotonic() + float(seconds)
    count = int(threads)
    with ThreadPoolExecutor(count) as pool:
        calls = [
            pool.submit(asked, portal, place, numbers[place % len(numbers)], until)
            for place in range(count)
        ]
        seen = [one for call in calls for one in call.result()]
    served = sorted(took for took, status in seen if status == http.client.OK)
    statuses = Counter(status for _, status in seen)
    json.dump({"served_seconds": served, "statuses": statuses}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
