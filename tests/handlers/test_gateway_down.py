"""CMI's page does not open: the order stays what it was, and nothing was debited (event 40)."""

from datetime import timedelta

from tests.portal import Portal


def test_same_order_while_it_is_valid(portal: Portal) -> None:
    """Back within the form's time, the payer tries the same order again (event 40)."""
    wanted = portal.wanted()
    order = portal.post("/api/checkout", wanted).json
    portal.now += timedelta(minutes=14)
    again = portal.post("/api/checkout", wanted)
    assert (again.status, again.json["reference"]) == (201, order["reference"])
    assert again.json["gateway"] == order["gateway"]
    assert portal.receipt(order).json["state"] == "open"


def test_new_order_afterwards(portal: Portal) -> None:
    """Later the quarter is paid by another order, and the first is told as never debited (event 40)."""
    wanted = portal.wanted()
    order = portal.post("/api/checkout", wanted).json
    portal.now += timedelta(minutes=16)
    assert portal.post("/api/checkout", wanted).code == "order_closed"
    other = portal.checkout().json
    assert other["reference"] != order["reference"]
    assert portal.verdict(other).text == "ACTION=POSTAUTH"
    portal.now += timedelta(hours=1)
    assert portal.receipt(order).json["state"] == "expired"
    assert portal.receipt(other).json["state"] == "paid"
