"""Say that what waited for the operator is done."""

from dataclasses import replace

from functions.shared import outside
from functions.shared.aws import moves, rows, table
from functions.shared.aws.moves import Word
from functions.shared.rules.orders import Order, OrderState
from functions.shared.rules.settlement import next_look
from ops import matters, words
from ops.options import About, Listed, Who, Why, Yes
from ops.orders import ADVICE, described, held_up
from ops.screen import End, confirmed, grouped, say, stop


def done(reference: Listed, *, why: Why, who: Who, about: About = None, yes: Yes = False) -> None:
    """Take out of the queue what was settled elsewhere: given back at CMI, told by telephone."""
    waiting = [row for row in matters.waiting(reference) if about in (None, words.about(row))]
    if not waiting:
        stop(End.REFUSED, f"Nothing of {grouped(reference)} waits in the queue.")
    for row in waiting:
        say(words.told(row))
    order = next((rows.order(row) for row in waiting if row["sk"] == "ORDER"), None)
    if order and order.state is OrderState.CAPTURING:
        stop(
            End.REFUSED,
            f"{described(order)}: its quarters are held until it is settled.",
            f"What to do: {ADVICE[order.state]}.",
        )
    if yes and about is None and len({words.about(row) for row in waiting}) > 1:
        stop(
            End.REFUSED,
            "More than one matter waits, and nobody was asked: nothing was done.",
            "What to do: name one with --about, as it is named above; or answer without --yes.",
        )
    confirmed("Is all of this done?", yes=yes)
    _close(reference, waiting, order, Word(who, why))
    say("Done: it waits no more.", "green")


def _close(reference: str, waiting: list[table.Row], order: Order | None, word: Word) -> None:
    """Take everything out; an order that is still open expires, or it would stay so for ever."""
    keys = [(row["pk"], row["sk"]) for row in waiting]
    if order and order.state is OrderState.OPEN:
        now = outside.now()
        # CMI is asked about it again, where there is somebody to ask (event 97).
        again = replace(word, look_at=next_look(order, now))
        if not moves.move(order, OrderState.EXPIRED, again, now):
            stop(End.REFUSED, "Nothing was done.", *held_up(order))
        keys.remove((f"ORDER#{reference}", "ORDER"))
    if keys and not matters.close(reference, keys, word):
        stop(End.REFUSED, "Not all was closed: somebody was faster. Look at the queue again.")
