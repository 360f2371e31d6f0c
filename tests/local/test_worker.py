import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from local.pool import MOST_COPIES, Pool
from local.process import Failed, TimedOut, environment
from local.template import Function

AWS = "http://127.0.0.1:9"


def pool_of(name: str, log: Path, timeout_seconds: int = 5) -> Pool:
    """Give a pool of one of the sample functions."""
    handler = f"tests.local.sample.{name}"
    function = Function("Sample", handler, timeout_seconds, 512, {"STAGE": "local"})
    return Pool(function, environment(function, AWS), log)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "functions.log"


@pytest.fixture
def telling(log: Path) -> Iterator[Pool]:
    pool = pool_of("tell", log)
    yield pool
    pool.stop()


@pytest.fixture
def misbehaving(log: Path) -> Iterator[Pool]:
    pool = pool_of("misbehave", log, timeout_seconds=1)
    yield pool
    pool.stop()


def test_surroundings(telling: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A function sees the template's variables and Lambda's, and nothing of the developer's."""
    monkeypatch.setenv("OF_THE_DEVELOPER", "1")
    monkeypatch.setenv("AWS_PROFILE", "production")
    told = telling.invoke({"é": [1, None]})
    assert told["event"] == {"é": [1, None]}
    assert told["environment"]["STAGE"] == "local"
    assert told["environment"]["AWS_ENDPOINT_URL"] == AWS
    assert told["environment"]["AWS_LAMBDA_FUNCTION_NAME"] == "Sample"
    assert {"OF_THE_DEVELOPER", "AWS_PROFILE", "HOME"}.isdisjoint(told["environment"])


def test_context(telling: Pool) -> None:
    """A function learns its name, memory and the time left, as Lambda tells them."""
    told = telling.invoke({})
    assert (told["name"], told["memory"]) == ("Sample", 512)
    assert told["arn"].endswith(":function:Sample")
    assert 4000 < told["left"] <= 5000


def test_log(telling: Pool, log: Path) -> None:
    """What a function prints goes to the log, not into its answer."""
    telling.invoke({"a": 1})
    assert log.read_text() == "told {'a': 1}\n"


def test_clock(log: Path) -> None:
    """The functions' clock starts where it is set and runs on from there."""
    start = datetime(2020, 5, 5, 21, 50, 51, tzinfo=UTC)
    pool = pool_of("tell", log)
    pool.ahead_seconds = (start - datetime.now(UTC)).total_seconds()
    first, second = (datetime.fromisoformat(pool.invoke({})["now"]) for _ in range(2))
    pool.stop()
    assert start < first < second < start + timedelta(seconds=30)


def test_one_copy_while_calls_come_one_by_one(telling: Pool) -> None:
    """A copy is kept between calls, as a warm Lambda is."""
    assert telling.invoke({})["pid"] == telling.invoke({})["pid"]


def test_calls_at_once(misbehaving: Pool) -> None:
    """Calls at once run side by side in as many copies, up to the limit; the others wait."""
    answers: list[int] = []

    def call() -> None:
        answers.append(misbehaving.invoke({"sleep": 0.5})["pid"])

    threads = [threading.Thread(target=call) for _ in range(MOST_COPIES + 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == MOST_COPIES + 2
    assert 1 < len(set(answers)) <= MOST_COPIES


def test_renewed(misbehaving: Pool) -> None:
    """Fresh copies serve once a function is renewed; the call that is under way ends in the old."""
    answers: list[int] = []
    misbehaving.start()
    misbehaving.load()
    (old,) = misbehaving.copies
    calling = threading.Thread(
        target=lambda: answers.append(misbehaving.invoke({"sleep": 0.5})["pid"])
    )
    calling.start()
    while misbehaving._idle:
        time.sleep(0.01)
    misbehaving.renew()
    fresh = misbehaving.invoke({})["pid"]
    calling.join()
    assert answers == [old.pid]
    assert fresh != old.pid
    assert not old.alive
    assert misbehaving.invoke({})["pid"] == fresh


def test_time_out_ends_the_process(misbehaving: Pool) -> None:
    """A function that does not answer in its time is ended, and the next call gets a fresh one."""
    first = misbehaving.invoke({})["pid"]
    with pytest.raises(TimedOut):
        misbehaving.invoke({"sleep": 30})
    assert not misbehaving.copies
    assert misbehaving.invoke({})["pid"] != first


def test_exception(misbehaving: Pool, log: Path) -> None:
    """A function that raises fails its call, leaves its trace in the log, and serves the next."""
    first = misbehaving.invoke({})["pid"]
    with pytest.raises(Failed, match="KeyError"):
        misbehaving.invoke({"fail": "absent"})
    assert "KeyError: 'absent'" in log.read_text()
    assert misbehaving.invoke({})["pid"] == first


def test_death(misbehaving: Pool) -> None:
    """A function whose process dies fails its call; the next call gets a fresh process."""
    with pytest.raises(Failed):
        misbehaving.invoke({"die": True})
    assert misbehaving.invoke({})["pid"]


def test_unknown_handler(log: Path) -> None:
    """A handler that cannot be imported is a failure to load, with the reason in the log."""
    pool = pool_of("absent", log)
    pool.start()
    with pytest.raises(Failed):
        pool.load()
    pool.stop()
    assert "AttributeError" in log.read_text()
