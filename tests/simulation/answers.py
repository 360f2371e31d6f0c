"""What functions answer: I6, I9 to I11, I13, I23, I24 and I26, looked at as each invocation ends."""

import base64
import json
from typing import TYPE_CHECKING

from tests.simulation.bank import POSTAUTH, Transaction
from tests.simulation.faults import Fault
from tests.simulation.records import OrderRow, text
from tests.simulation.values import Item, Json

if TYPE_CHECKING:
    from tests.simulation.lambdas import Invocation, Outcome
    from tests.simulation.promises import Promises

REPLIES = (POSTAUTH, "APPROVED", "FAILURE")
TAKEN = ("capturing", "paid")
MOST_CALLBACK_CALLS = 3
# What the callback may ask for: the store key, one read, one transaction.
CALLBACK_ASKS = {"GetSecretValue", "BatchGetItem", "TransactWriteItems"}


def ended(promises: "Promises", one: "Invocation", outcome: "Outcome") -> None:
    """Look at how an invocation ended; a function of the API answers, whatever happens."""
    path = one.about.get("path")
    if path and outcome.error.startswith("raised"):
        promises.fail("answers", f"{one} {outcome.error}")
    if path is None or outcome.error:
        return
    status = outcome.answer["statusCode"]
    if path == "/cmi/callback":
        _replied(promises, one, outcome.answer)
    elif status < 300:
        _in_time(promises, one)
    elif status >= 400:
        promises.world.discreet(outcome.answer["body"], f"an answer of {one}")


def _replied(promises: "Promises", one: "Invocation", answer: Json) -> None:
    reply, verdict, trans_id = answer["body"], one.about["verdict"], one.about["trans_id"]
    if answer["statusCode"] != 200 or reply not in REPLIES:
        promises.fail("I9", f"{one} answered {answer['statusCode']} {reply!r}")
    _quick(promises, one)
    if verdict == "forged":
        if reply != "FAILURE":
            promises.fail("I10", f"a forged message was answered {reply}")
    elif reply == POSTAUTH:
        _backed(promises, one, verdict, trans_id)
    elif reply == "APPROVED":
        _logged(promises, trans_id, reply)


def _quick(promises: "Promises", one: "Invocation") -> None:
    """I24: few calls to AWS up to the first commit, and nothing asked of anybody else."""
    calls = one.calls[: _first_commit(one.calls)]
    if len(calls) > MOST_CALLBACK_CALLS:
        promises.fail("I24", f"{one} called AWS {len(calls)} times: {calls}")
    if strange := set(one.calls) - CALLBACK_ASKS:
        promises.fail("I24", f"{one} asked for {sorted(strange)}")


def _first_commit(calls: list[str]) -> int:
    """Count the calls up to the first commit: whoever loses a race, or its answer, looks again."""
    return calls.index("TransactWriteItems") + 1 if "TransactWriteItems" in calls else len(calls)


def _backed(promises: "Promises", one: "Invocation", verdict: str, trans_id: str) -> None:
    """Want POSTAUTH to stand on what was written before it."""
    tried = promises.world.bank.ledger[trans_id]
    if verdict == "decline":
        promises.fail("I6", f"{one} asked to capture a decline")
    if promises.world.frozen:
        promises.fail("I9", f"{one} asked to capture on the word of a table that is not whole")
    order = promises.order(tried.oid)
    if order is None or order.trans_id != trans_id or order.state not in TAKEN:
        promises.fail("I9", f"{one} asked to capture {trans_id}, and nothing stands for it")
        return
    _logged(promises, trans_id, POSTAUTH)
    if Fault.UNKNOWN in one.faults and "TransactWriteItems" in one.calls:
        promises.world.sometimes("ambiguous commit resolved by a read")
    _hard(promises, tried)


def _hard(promises: "Promises", tried: Transaction) -> None:
    """Note what was hard about a payment that was accepted."""
    bank, secrets = promises.world.bank, promises.world.secrets
    same = bank.of_order(tried.oid)
    if any(one.state == "declined" for one in same[: same.index(tried)]):
        promises.world.sometimes("decline, then approval")
    if tried.key != secrets.values["StoreKeySecret"]["current"]:
        promises.world.sometimes("paid under the key before")


def _logged(promises: "Promises", trans_id: str, reply: str) -> None:
    """Want what was answered in the attempt log, under its transaction and code."""
    tried = promises.world.bank.ledger[trans_id]
    code = tried.fields["ProcReturnCode"]
    row = promises.world.table.get((f"ORDER#{tried.oid}", f"ATTEMPT#{trans_id}#{code}"))
    order = promises.order(tried.oid)
    given_back = order is not None and order.state not in ("open", "expired", *TAKEN)
    # Under moved names one transaction has two messages, and the bank's own is refused.
    if text(row, "reply") != reply and not given_back and not tried.renamed:
        promises.fail("I11", f"{trans_id} was answered {reply}; its row: {text(row, 'reply')}")
    _refusal(promises, row, order)


def _refusal(promises: "Promises", row: Item | None, order: OrderRow | None) -> None:
    """Note why an approval was refused."""
    if text(row, "reason") == "already_paid" and order is not None:
        lost = order.state in ("open", "expired")
        promises.world.sometimes("two tabs on one due" if lost else "approved twice")


def _in_time(promises: "Promises", one: "Invocation") -> None:
    """Want what opened something to be still good, whatever the sandbox took the time for."""
    late = "I26" if one.sandbox.skew_ms else "I13"
    for name, promise in (("ticket", late), ("session", "I26")):
        if name in one.about:
            over = one.arrived_at.timestamp() - _token(one.about[name])["expires"]
            if over >= 1:
                promises.fail(promise, f"{one} took a {name} {over:.0f} s after its end")


def _token(token: str) -> Json:
    """Read a token's facts, without its signature."""
    head = token.partition(".")[0]
    facts: Json = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    return facts
