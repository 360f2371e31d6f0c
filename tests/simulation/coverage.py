"""Which promise is checked where, and what a world cannot show. One line for each, none left out.

effects  after each commit             answers  as each function ends
promises at captures and pages         mailed   at each letter
rest     when the functions have done what they can, before the operator has
audit    when the operator has worked too
world    by reading what was logged

Two exceptions, stated here once. A capture that the bank made although we said no is the bank's:
I1 and I2 leave it out, and I15 wants it given back by the end. In `callback` evidence the portal
believes CMI's word that it accepted; whether it captured, only the daily comparison shows. So there
`rest` lets an order be PAID and not captured, where CMI reserved the money and our word was lost on
the way, or where a payer brought CMI's own words to us under other names; each is counted.
`audit` lets nothing be: by then the comparison has run, in either evidence.
"""

from functools import cache
from pathlib import Path

FILES = ("effects", "answers", "promises", "mailed", "rest", "audit", "world")
WHERE = {
    "I1": ("promises", "at each capture"),
    "I2": ("promises", "at each capture"),
    "I3": ("effects, promises", "amounts of order, dues, form and capture"),
    "I4": ("effects, audit", "dues and orders name each other"),
    "I5": ("effects", "edges of the graph, and who may take them; also event 82"),
    "I6": ("effects, answers", "by the purpose of the invocation that writes"),
    "I7": ("effects", "evidence and attempt row stand with the payment"),
    "I8": ("mailed", "when SES takes a letter; none leaves a table that is not whole"),
    "I9": ("answers", "when a callback is answered"),
    "I10": ("effects, answers", "tampered and renamed messages that must be refused"),
    "I11": ("effects, answers", "the log only grows, and holds the reply that was given"),
    "I12": ("effects, promises", "no start of a payment writes a due, or has one refused"),
    "I13": ("answers, promises", "once, and in time"),
    "I14": ("promises", "same bytes or a refusal"),
    "I15": ("rest, audit", "what was captured is paid, or given back by the operator"),
    "I16": ("effects, rest, audit", "wanted with the payment; left, queued, or told by telephone"),
    "I17": ("rest, audit", "nothing waits for a function; then for nobody"),
    "I18": ("rest, audit", "voided where the API is there, else lapsed at the bank"),
    "I19": ("mailed", "one more only for a send of which nobody knows, ten minutes later"),
    "I20": ("rest, audit", "line by line, whatever the day: a reply may be lost over midnight"),
    "I21": ("audit", "a new tab pays every unpaid due"),
    "I22": ("promises", "paid is taken back by nobody but the operator"),
    "I23": ("world", "logs, metrics, refusals: numbers, addresses, cards, keys, every HASH"),
    "I24": ("answers", "up to the first commit: a lost race or answer looks again"),
    "I25": ("audit", "every record of every subscriber again"),
    "I26": ("answers, promises", "codes, tickets, sessions and notes, by the true time"),
}


@cache
def source(name: str) -> str:
    """Give the text of one of the simulator's files."""
    return (Path(__file__).parent / f"{name}.py").read_text()
