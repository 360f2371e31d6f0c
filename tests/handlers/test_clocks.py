"""A sandbox whose clock is off: API Gateway's word stands beside it (events 8 and 108, I26)."""

from datetime import timedelta

import pytest

from tests.portal import NUMBER, Answer, Json, Portal, copied

TEN = timedelta(minutes=10)


def posted(portal: Portal, path: str, content: Json, off: timedelta) -> Answer:
    """Post from a browser; the sandbox that serves it has a clock that is `off`."""
    event = portal.event("POST", path, content)
    portal.now += off
    try:
        return portal.handed("POST", path, event)
    finally:
        portal.now -= off


@pytest.mark.parametrize("off", [-TEN, timedelta(0), TEN])
def test_expired_code(portal: Portal, off: timedelta) -> None:
    """A code that ran out stays so, whatever a sandbox takes for the time (events 8 and 108)."""
    asked = copied(portal.post("/api/control-code").json, NUMBER)
    portal.now += timedelta(minutes=5, seconds=1)
    assert posted(portal, "/api/lookup", asked, off).code == "control_code_expired"


@pytest.mark.parametrize("off", [-TEN, timedelta(0), TEN])
@pytest.mark.parametrize("path", ["/api/lookup", "/api/checkout"])
def test_expired_session(portal: Portal, path: str, off: timedelta) -> None:
    """A session that ran out stays so, whatever a sandbox takes for the time (event 108)."""
    wanted = portal.wanted()
    asked = wanted if path == "/api/checkout" else {"session": wanted["session"]}
    portal.now += timedelta(minutes=30, seconds=1)
    assert posted(portal, path, asked, off).code == "session_expired"
    assert not portal.rows("ORDER#")


def test_consumed_code(portal: Portal) -> None:
    """A code that was used is used, ten minutes earlier too (event 108)."""
    asked = copied(portal.post("/api/control-code").json, NUMBER)
    assert portal.post("/api/lookup", asked).status == 200
    assert posted(portal, "/api/lookup", asked, -TEN).code == "control_code_used"


@pytest.mark.parametrize("off", [-TEN, TEN])
def test_verdict(portal: Portal, off: timedelta) -> None:
    """A verdict is decided by what stands in the table, not by the time it is (event 108)."""
    order = portal.checkout().json
    portal.now += off
    assert portal.verdict(order).text == "ACTION=POSTAUTH"
    portal.now -= 2 * off
    assert portal.verdict(order).text == "ACTION=POSTAUTH"
    assert portal.due_states() == ["paid"]
