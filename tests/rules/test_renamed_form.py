"""A payer who renames the fields of our form: the hash covers values in order, not names.

The gateway then takes the form for genuine, charges what it finds under `amount`, and signs an
answer that echoes the form as it was posted.
"""

from collections.abc import Iterator

from cmi_simulator import hash as bank_hash
from functions.shared.rules.cmi.answer import Message
from functions.shared.rules.cmi.form import signed_form
from functions.shared.rules.decision import Reply, decide
from tests.rules.samples import APPROVED, KEY, MERCHANT, ORDER, reading

FORM = signed_form(ORDER, MERCHANT, KEY)
NAMES = bank_hash.signed_order({name: value for name, value in FORM.items() if name != "HASH"})
# What must be ours for a capture to be right.
OURS = ("clientid", "oid", "amount", "currency", "storetype", "okUrl", "failUrl")


def shifted(left_out: int, put_in: int) -> dict[str, str]:
    """Give the form's values, in their order, under names of which one is left out and one new."""
    names = [name for place, name in enumerate(NAMES) if place != left_out]
    before = names[put_in - 1] if put_in else "A"
    names.insert(put_in, f"{before}0")
    return dict(zip(names, (FORM[name] for name in NAMES), strict=True))


def renamed() -> Iterator[dict[str, str]]:
    """Give every form so renamed that the gateway's check of the hash lets through."""
    for left_out in range(len(NAMES)):
        for put_in in range(len(NAMES)):
            form = shifted(left_out, put_in)
            if bank_hash.matches(form | {"HASH": FORM["HASH"]}, KEY, FORM["HASH"]):
                yield form


def test_renamed_form() -> None:
    """No renaming of a genuine form captures anything but what we ordered (events 35 and 36)."""
    seen = 0
    for form in renamed():
        said = reading(form | {"rnd": "the bank's own", "orgRnd": form.get("rnd", "")} | APPROVED)
        ours = isinstance(said, Message) and said.oid == ORDER.reference
        order = ORDER if ours else None
        decision = decide(said, order, None, MERCHANT, "callback")
        genuine = all(form.get(name) == FORM[name] for name in OURS)
        assert genuine or decision.reply is not Reply.CAPTURE
        seen += not genuine
    assert seen > len(NAMES)


def test_amount_under_another_name() -> None:
    """With its amount moved to a name nobody reads, an order is not captured (event 36)."""
    form = shifted(NAMES.index("amount"), 0)
    assert "amount" not in form
    assert bank_hash.matches(form | {"HASH": FORM["HASH"]}, KEY, FORM["HASH"])
    decision = decide(reading(form | APPROVED), ORDER, None, MERCHANT, "callback")
    assert (decision.row, decision.reply, decision.page) == ("5 amount", Reply.ACKNOWLEDGE, True)
    assert decision.release
