"""The golden case through every function: 1451.10 + 15.96 = 1467.06 DH."""

from tests.portal import NUMBER, Portal


def test_golden_case(portal: Portal) -> None:
    """A payer looks up, checks out, is accepted by CMI, and holds a receipt and a letter."""
    listed = portal.first_lookup().json
    assert [due["amount_centimes"] for due in listed["dues"]] == [145110]
    order = portal.checkout(listed)
    assert order.status == 201, order.text
    assert [line["code"] for line in order.json["lines"]] == ["202001", "202005"]
    assert [line["amount_centimes"] for line in order.json["lines"]] == [145110, 1596]
    assert order.json["gateway"]["fields"]["amount"] == "1467.06"
    reply = portal.verdict(order.json)
    assert (reply.status, reply.body) == (200, b"ACTION=POSTAUTH")
    assert portal.due_states() == ["paid"]
    assert portal.stream() == {"batchItemFailures": []}
    receipt = portal.receipt(order.json, NUMBER).json
    assert receipt["state"] == "paid"
    assert receipt["total_centimes"] == 146706
    assert receipt["letter"] == {"state": "sent", "to": "p•••@example.ma"}
    assert receipt["proof"]
    assert portal.first_lookup().json["dues"] == []
