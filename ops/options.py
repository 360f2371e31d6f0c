"""What the operator types: references, names, reasons, days. Refused before anything is read."""

from datetime import date
from typing import Annotated

import typer

from functions.shared.rules import digits, references

LONGEST = 500


def _reference(typed: str) -> str:
    """Take a reference as a payer reads it out: in groups, in any digits."""
    reference = digits.plain(typed)
    if wrong := references.fault(reference):
        raise typer.BadParameter(f"no reference of a payment ({wrong.replace('_', ' ')})")
    return reference


def _text(typed: str | None) -> str | None:
    """Take one line that says something."""
    if typed is None:
        return None
    text = typed.strip()
    if not text or len(text) > LONGEST or not text.isprintable():
        raise typer.BadParameter(f"one line of 1 to {LONGEST} signs")
    return text


def _day(typed: str | date) -> date:
    try:
        return typed if isinstance(typed, date) else date.fromisoformat(typed)
    except ValueError:
        raise typer.BadParameter("a day like 2020-05-05") from None


Reference = Annotated[
    str, typer.Argument(callback=_reference, help="Of the payment; groups are fine.")
]
Why = Annotated[str, typer.Option(callback=_text, help="Stays in the payment's timeline.")]
Evidence = Annotated[str, typer.Option(callback=_text, help="What proves it: CMI's list, a call.")]
Who = Annotated[str, typer.Option(envvar=["ASVI_WHO", "USER"], callback=_text, help="Who does it.")]
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
