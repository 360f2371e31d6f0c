"""How often each function calls AWS, its container being warm (`design.md` §5)."""

from typing import Any

from tests.handlers.wire import calls, registered, sent
from tests.portal import NUMBER, Portal, copied, signed


def test_lookup(portal: Portal) -> None:
    """A look-up is one transaction and one query; a renewal one query."""
    session = portal.first_lookup().json["session"]
    shown = portal.post("/api/control-code").json
    asked = copied(shown, NUMBER)
    with calls() as made:
        assert portal.post("/api/lookup", asked).status == 200
    assert made == ["TransactWriteItems", "Query"]
    with calls() as made:
        assert portal.post("/api/lookup", {"session": session}).status == 200
    assert made == ["Query"]


def test_control_code(portal: Portal) -> None:
    """A control code costs its address's counter and nothing else."""
    portal.post("/api/control-code")
    with calls() as made:
        assert portal.post("/api/control-code").status == 200
    assert made == ["UpdateItem"]


def test_checkout(portal: Portal) -> None:
    """A checkout is one read and one transaction; a repeated one the read alone."""
    wanted = portal.wanted()
    portal.post("/api/checkout", wanted | {"seen_total_centimes": 1})
    with calls() as made:
        assert portal.post("/api/checkout", wanted).status == 201
    assert made == ["BatchGetItem", "TransactWriteItems"]
    with calls() as made:
        assert portal.post("/api/checkout", wanted).status == 201
    assert made == ["BatchGetItem"]


def test_a_call_says_who_calls(portal: Portal) -> None:
    """AWS is told our name; what the SDK would tell of itself is composed for each call anew."""
    names: list[str] = []

    def note(request: Any, **_: Any) -> None:  # noqa: ANN401 - botocore's shape
        name = request.headers["User-Agent"]
        names.append(name.decode() if isinstance(name, bytes) else name)

    with registered("before-send", note):
        portal.post("/api/control-code")
    assert {name.split()[0] for name in names} == {"asvi"}
    assert not any("botocore" in name.lower() for name in names)


def test_callback(portal: Portal) -> None:
    """A verdict is one read and one transaction, and nothing else on its path (I24)."""
    order = portal.checkout().json
    with calls() as made:
        assert portal.verdict(order).text == "ACTION=POSTAUTH"
    assert made == ["BatchGetItem", "TransactWriteItems"]
    with calls() as made:
        assert portal.verdict(order).text == "ACTION=POSTAUTH"
    assert made == ["BatchGetItem"]


def test_forged_callback(portal: Portal) -> None:
    """A forged verdict is refused before anything is read (event 62)."""
    order = portal.checkout().json
    portal.verdict(order)
    with calls() as made:
        form = {"oid": order["reference"], "HASH": "x"}
        assert portal.call("POST", "/cmi/callback", form=form).text == "FAILURE"
    assert made == []


def test_receipt(portal: Portal) -> None:
    """A receipt is one read by handle; one counter and one read by reference."""
    order = portal.checkout().json
    back = portal.call("POST", "/cmi/return", form=signed(order), query="l=fr")
    handle = back.headers["location"].partition("#h=")[2].partition("&")[0]
    with calls() as made:
        assert portal.post("/api/receipt", {"handle": handle}).status == 200
    assert made == ["Query"]
    with calls() as made:
        assert portal.receipt(order).status == 200
    assert made == ["UpdateItem", "Query"]


def test_letter(portal: Portal) -> None:
    """A letter is one signature, one claim, one message to SES and one mark."""
    portal.verdict(portal.checkout().json)
    with calls() as made:
        portal.stream()
    made.remove("Scan")  # this test's own, to see what the stream would bring
    assert made == ["Sign", "TransactWriteItems", "SendEmail", "UpdateItem"]


def test_reads_are_strong(portal: Portal) -> None:
    """No read of the journey may be older than the last write, and none walks an index or table."""
    with sent() as made:
        order = portal.checkout().json
        portal.verdict(order)
        portal.receipt(order)
    reads = [one for one in made if "KeyConditionExpression" in one or "RequestItems" in one]
    reads += [one for one in made if "Key" in one and "UpdateExpression" not in one]
    for read in reads:
        (wanted,) = read["RequestItems"].values() if "RequestItems" in read else (read,)
        assert wanted["ConsistentRead"] is True
        assert "IndexName" not in wanted
    assert len(reads) >= 4
