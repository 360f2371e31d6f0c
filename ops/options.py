"""What the operator types: references, names, reasons, days. Refused before anything is read."""

import getpass
from datetime import date, datetime
from typing import Annotated

import typer

from functions.settlement import captured
from functions.shared.rules import digits, references
from functions.shared.rules.morocco import CASABLANCA

LONGEST = 500


def _reference(typed: str) -> str:
    """Take a reference as a payer reads it out: in groups, in any digits."""
    reference = digits.plain(typed)
    if wrong := no_reference(reference):
        raise typer.BadParameter(wrong)
    return reference


def _listed(typed: str) -> str:
    """Take a reference, or whatever CMI's list may hold in its place: such a matter waits too."""
    reference = digits.plain(typed)
    if not captured.REFERENCE.fullmatch(reference):
        raise typer.BadParameter("no reference of a payment, nor an order number of CMI's list")
    return reference


def no_reference(reference: str) -> str:
    """Say what is wrong with a reference in plain digits; nothing where it is one of ours."""
    wrong = references.fault(reference)
    return f"no reference of a payment ({wrong.replace('_', ' ')})" if wrong else ""


def _trans_id(typed: str | None) -> str | None:
    """Take a transaction as CMI names it, in its list and its messages."""
    if typed is None:
        return None
    trans_id = typed.strip()
    if not captured.TRANS_ID.fullmatch(trans_id):
        raise typer.BadParameter("a transaction is 1 to 64 letters, digits, dots, _ and -")
    return trans_id


def _text(typed: str | None) -> str | None:
    """Take one line that says something."""
    if typed is None:
        return None
    text = typed.strip()
    if not text or len(text) > LONGEST or not text.isprintable():
        raise typer.BadParameter(f"one line of 1 to {LONGEST} signs")
    return text


def _account() -> str:
    """Name the account of this machine that runs the command, where nobody says who they are."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        raise typer.BadParameter("say who does it, by --who or ASVI_WHO") from None


def _day(typed: str | date) -> date:
    try:
        return typed if isinstance(typed, date) else date.fromisoformat(typed)
    except ValueError:
        raise typer.BadParameter("a day like 2020-05-05") from None


def _moment(typed: str) -> datetime:
    """Take a time on Morocco's clock; a day alone is its first instant."""
    try:
        at = datetime.fromisoformat(typed.strip())
    except ValueError:
        at = None
    if at is None or at.tzinfo:
        raise typer.BadParameter('a day and time of Morocco like "2020-05-05 21:50", or a day')
    return at.replace(tzinfo=CASABLANCA)


Reference = Annotated[
    str, typer.Argument(callback=_reference, help="Of the payment; groups are fine.")
]
Listed = Annotated[
    str, typer.Argument(callback=_listed, help="Of the payment, or an order number of CMI's list.")
]
TransId = Annotated[
    str | None,
    typer.Option(callback=_trans_id, help="The transaction that CMI's side shows; paid needs it."),
]
CapturedAt = Annotated[
    datetime | None,
    typer.Option(
        parser=_moment,
        metavar="YYYY-MM-DD [HH:MM]",
        help="When CMI captured it, in Morocco; of itself when it was accepted, else now.",
    ),
]
Why = Annotated[str, typer.Option(callback=_text, help="Stays in the payment's timeline.")]
Evidence = Annotated[str, typer.Option(callback=_text, help="What proves it: CMI's list, a call.")]
Who = Annotated[
    str,
    typer.Option(
        envvar=["ASVI_WHO", "USER"], default_factory=_account, callback=_text, help="Who does it."
    ),
]
Second = Annotated[
    str | None, typer.Option(callback=_text, help="Second person, above the limit of refunds.")
]
About = Annotated[
    str | None,
    typer.Option(callback=_text, help="One of what waits, by its name there: a TransId, a letter."),
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
Dry = Annotated[bool, typer.Option("--dry-run", help="Look, and change nothing.")]
Day = Annotated[date, typer.Option(parser=_day, metavar="YYYY-MM-DD", help="A day in Morocco.")]
MaybeDay = Annotated[
    date | None,
    typer.Option(parser=_day, metavar="YYYY-MM-DD", help="The one day that the list is about."),
]
