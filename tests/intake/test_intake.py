"""Files of dues dropped in S3."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from botocore.exceptions import ReadTimeoutError
from pydantic import ValidationError

from functions.intake import lines, loading
from functions.intake.lines import Reject, parsed
from functions.shared import settings
from functions.shared.aws import dues, files
from functions.shared.rules.errors import Unavailable
from functions.shared.rules.orders import Due, DueState
from tests.intake.conftest import Bucket
from tests.portal import GOLDEN, NUMBER, Portal

HEADER = b"registration_number,year,quarter,amount_dh,reference,account,paid_on\n"
TODAY = date(2020, 5, 5)
LINE = f"{NUMBER},2020,1,1451.10,{GOLDEN.reference},BPC pour encaissements ASVI,\n".encode()
OTHER = b"987654321,2020,2,12.00,R2,BPC,\n"
# The handler is not imported here: the environment of the portal comes first.
LIMIT = "functions.intake.handler.LARGEST_BYTES"
NONE = "line,column,reason,written\r\n"


def test_loaded(portal: Portal, bucket: Bucket) -> None:
    """A dropped file is loaded; an empty list of rejects says that every line was good."""
    assert bucket.drop("2020-05.csv", HEADER + OTHER) == {}
    (due,), _ = dues.of_number("987654321")
    assert (due.amount_centimes, due.state) == (1200, DueState.UNPAID)
    assert dues.data_time() == portal.now.replace(microsecond=0)
    assert bucket.rejects("2020-05.csv") == NONE


def test_written_down(portal: Portal, bucket: Bucket) -> None:
    """A dropped file is in the story of the files, one of which nothing was read is not."""
    bucket.drop("a.csv", HEADER + OTHER + b"x\n")
    bucket.drop("b.csv", b"nothing of ours")
    (row,) = [row for row in portal.rows("DATA") if row["sk"].startswith("LOAD#")]
    assert (row["source"], row["who"]) == ("a.csv", "intake")
    assert (row["loaded"], row["rejected"], row["kept"]) == (1, 1, 0)


@pytest.mark.parametrize("time", [None, "2020-05-06T21:50:51Z"])
def test_brought_by_hand(portal: Portal, bucket: Bucket, time: str | None) -> None:
    """An event without a time, or with one to come, is of now: no file is newer than its event."""
    bucket.drop("a.csv", HEADER + OTHER)
    bucket.bring("a.csv", time)
    assert dues.data_time() == portal.now
    portal.now += timedelta(minutes=1)
    bucket.drop("b.csv", HEADER + OTHER.replace(b"12.00", b"13.00"))
    (due,), _ = dues.of_number("987654321")
    assert due.amount_centimes == 1300


def test_brought_twice(portal: Portal, bucket: Bucket, capsys: pytest.CaptureFixture[str]) -> None:
    """An event brought twice changes nothing the second time."""
    bucket.drop("a.csv", HEADER + OTHER)
    before = portal.rows("REG#")
    capsys.readouterr()
    bucket.tell("a.csv")
    assert portal.rows("REG#") == before
    assert '"DuesUnchanged":[1.0]' in capsys.readouterr().out


def test_paid_and_held(portal: Portal, bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dropped file never touches a due that is being confirmed or paid (event 77)."""
    monkeypatch.setenv("EVIDENCE", "status-api")
    settings.read.cache_clear()
    order = portal.checkout().json
    portal.verdict(order)
    assert portal.due_states() == [DueState.HELD]
    before = portal.rows("REG#")
    bucket.drop("a.csv", HEADER + LINE.replace(b"1451.10", b"9.00"))
    assert portal.rows("REG#") == before


def test_paid_elsewhere_meanwhile(portal: Portal, bucket: Bucket) -> None:
    """A due that the core system calls paid while its payer is at CMI is not captured (event 76)."""
    order = portal.checkout().json
    bucket.drop("a.csv", HEADER + LINE.replace(b"ASVI,", b"ASVI,2020-05-05"))
    assert portal.verdict(order).text == "APPROVED"
    assert portal.receipt(order).json["reason"] == "already_paid"


def test_late_event(portal: Portal, bucket: Bucket, capsys: pytest.CaptureFixture[str]) -> None:
    """An older file whose event comes late, or again, undoes nothing of a newer one."""
    first = portal.now
    bucket.drop("2020-05.csv", HEADER + OTHER)
    portal.now = second = first + timedelta(hours=2)
    bucket.drop("2020-06.csv", HEADER + OTHER.replace(b"12.00", b"25.00"))
    portal.now += timedelta(hours=1)
    before = portal.rows("REG#")
    capsys.readouterr()
    bucket.tell("2020-05.csv", first)
    assert portal.rows("REG#") == before
    assert dues.data_time() == second.replace(microsecond=0)
    assert '"DuesOutdated":[1.0]' in capsys.readouterr().out


def test_stated_again(portal: Portal, bucket: Bucket) -> None:
    """A due that a newer file states unchanged is as new as that file."""
    middle = portal.now + timedelta(hours=1)
    bucket.drop("a.csv", HEADER + OTHER)
    bucket.drop("b.csv", HEADER + OTHER.replace(b"12.00", b"25.00"))
    portal.now += timedelta(hours=2)
    bucket.drop("c.csv", HEADER + OTHER.replace(b"12.00", b"25.00"))
    bucket.tell("a.csv", middle)
    (due,), _ = dues.of_number("987654321")
    assert due.amount_centimes == 2500


@pytest.mark.parametrize("time", ["", "2020-05-05", "2020-05-05T21:50:51", "yesterday"])
def test_event_without_its_time(bucket: Bucket, time: str) -> None:
    """An event that does not say when its file was dropped loads nothing."""
    bucket.drop("a.csv", HEADER)
    with pytest.raises(ValidationError):
        bucket.bring("a.csv", time)


@pytest.mark.parametrize("content", [HEADER, HEADER + b"x\n"])
def test_nothing_loaded(portal: Portal, bucket: Bucket, content: bytes) -> None:
    """A file of which no due was loaded does not make what stands look fresh."""
    bucket.drop("a.csv", HEADER + OTHER)
    loaded = dues.data_time()
    portal.now += timedelta(days=1)
    bucket.drop("b.csv", content)
    assert dues.data_time() == loaded


def test_endless_rejects(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a file of something else the first refused lines are told, and where that ends."""
    monkeypatch.setattr(loading, "MOST_TOLD", 3)
    bucket.drop("a.csv", HEADER + b"x\n" * 3)
    assert "more" not in bucket.rejects("a.csv")
    bucket.drop("a.csv", HEADER + b"x\n" * 5 + OTHER)
    told = bucket.rejects("a.csv").split("\r\n")
    assert [line.split(",")[:3] for line in told[1:-1]] == [
        ["2", "", "cells"], ["3", "", "cells"], ["4", "", "cells"], ["5", "", "more"],
    ]  # fmt: skip
    assert dues.of_number("987654321") != ([], [])


def test_rejects(bucket: Bucket, capsys: pytest.CaptureFixture[str]) -> None:
    """Bad lines are listed beside the file, safe for a spreadsheet; the good ones are loaded."""
    bucket.drop("a.csv", HEADER + b"=1+1,x\n" + OTHER + b"\xff\n" + OTHER)
    assert bucket.rejects("a.csv").split("\r\n") == [
        NONE.strip(), "2,,cells,\"'=1+1,x\"", "4,,encoding,\ufffd", '5,,duplicate,"987654321,2020,2,12.00,R2,BPC,"', "",
    ]  # fmt: skip
    told = capsys.readouterr().out
    assert '"LinesRejected":[3.0]' in told
    assert '"DuesLoaded":[1.0]' in told


def test_mended_file(bucket: Bucket) -> None:
    """A file dropped anew under its name leaves no old rejects behind."""
    bucket.drop("a.csv", HEADER + b"x\n")
    assert "cells" in bucket.rejects("a.csv")
    bucket.drop("a.csv", HEADER + OTHER)
    assert bucket.rejects("a.csv") == NONE


@pytest.mark.parametrize("content", [b"", b"a;b\n", OTHER])
def test_unusable(bucket: Bucket, capsys: pytest.CaptureFixture[str], content: bytes) -> None:
    """A file of something else loads nothing, is not called fresh data, and pages somebody."""
    bucket.drop("a.csv", content)
    assert "1,,header," in bucket.rejects("a.csv")
    assert dues.data_time() is None
    assert '"Page":[1.0]' in capsys.readouterr().out


def test_too_large(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file beyond the limit is not read, and its rejects say so."""
    monkeypatch.setattr(LIMIT, len(HEADER + OTHER) - 1)
    bucket.drop("a.csv", HEADER + OTHER)
    assert "too_large" in bucket.rejects("a.csv")
    assert dues.of_number("987654321") == ([], [])
    monkeypatch.setattr(LIMIT, len(HEADER + OTHER))
    bucket.tell("a.csv")
    assert bucket.rejects("a.csv") == NONE


def test_many_lines(portal: Portal, bucket: Bucket) -> None:
    """More lines than go at a time are all loaded, each once."""
    many = [f"{900000000 + number},2020,1,1.00,R,B,\n".encode() for number in range(450)]
    bucket.drop("a.csv", HEADER + b"".join(many))
    loaded = {row["pk"] for row in portal.rows("REG#9")}
    assert len(loaded) == 450


def test_no_such_file(bucket: Bucket) -> None:
    """Where S3 does not answer the function fails, and Lambda brings the event again."""
    with pytest.raises(Unavailable):
        bucket.tell("missing.csv")


def test_interrupted(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was loaded before a failure stays; the event brought again does the rest."""
    real = files.client().put_object
    failing = [ReadTimeoutError(endpoint_url="https://aws.example")]

    def put(**asked: object) -> object:
        if failing:
            raise failing.pop()
        return real(**asked)

    monkeypatch.setattr(files.client(), "put_object", put)
    with pytest.raises(Unavailable):
        bucket.drop("a.csv", HEADER + OTHER)
    assert dues.data_time() is None
    bucket.tell("a.csv")
    assert dues.data_time() is not None


def test_no_personal_data_in_logs(bucket: Bucket, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither log nor metrics name an insured person, in bad lines and file names too (I23)."""
    bucket.drop(f"{NUMBER}.csv", HEADER + OTHER + LINE + b"123456780,x\n")
    told = capsys.readouterr().out
    assert "DuesLoaded" in told
    for number in (NUMBER, "987654321", "123456780"):
        assert number not in told


def test_lines_come_as_a_stream() -> None:
    """A file is read line by line: nothing waits for its end."""

    def endless() -> Iterator[bytes]:
        yield HEADER
        number = 0
        while True:
            number += 1
            yield b"987654321,2020,2,12.00,R%d,BPC,\n" % number

    coming = parsed(endless(), TODAY)
    assert isinstance(next(coming), Due)
    assert isinstance(next(coming), Due)


def test_long_line() -> None:
    """A refused line is shown shortened, and without what a terminal obeys."""
    (reject,) = parsed([HEADER, b"\x1b[2J" + b"x" * 5000], TODAY)
    assert isinstance(reject, Reject)
    assert len(reject.written) <= lines._LONGEST_SHOWN
    assert "\x1b" not in reject.written
