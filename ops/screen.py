"""What the operator sees and answers, and how a command ends."""

import sys
from datetime import datetime
from enum import IntEnum
from typing import NoReturn

import typer
from rich.console import Console
from rich.markup import escape

from functions.shared.rules.money import dirhams
from functions.shared.rules.morocco import CASABLANCA

# Wide enough that nothing is folded where no terminal says how wide it is.
_PAPER = 600


class End(IntEnum):
    """How a command ended. UNKNOWN: AWS did not answer, and nobody knows what it did."""

    DONE = 0
    REFUSED = 1
    UNUSABLE = 2
    UNKNOWN = 3


def console(*, error: bool = False) -> Console:
    """Give the screen as it is now, or the one for errors."""
    shown = sys.stderr if error else sys.stdout
    width = None if shown.isatty() else _PAPER
    return Console(file=shown, width=width, highlight=False, soft_wrap=not shown.isatty())


def say(text: str, style: str | None = None) -> None:
    """Show a line as it is: nothing in it is markup, nothing moves the cursor."""
    console().print(escape(plain(text)), style=style)


def stop(end: End, *lines: str) -> NoReturn:
    """Say why on the screen for errors, and end."""
    for line in lines:
        console(error=True).print(escape(plain(line)), style="red")
    raise typer.Exit(end)


def confirmed(question: str, *, yes: bool) -> None:
    """Ask before something is done; end where the answer is no, or nobody is there to answer."""
    if not yes and not typer.confirm(plain(question)):
        stop(End.REFUSED, "Nothing was done.")


def plain(text: str) -> str:
    """Give a text without what a terminal obeys: escapes, bells, signs that turn lines around."""
    return "".join(sign if sign.isprintable() or sign == "\n" else "\ufffd" for sign in text)


def amount(amount_centimes: int) -> str:
    """Give an amount as operators read it, `1467.06 DH`."""
    return f"{dirhams(amount_centimes)} DH"


def clock(moment: datetime) -> str:
    """Give an instant on Morocco's clock."""
    return f"{moment.astimezone(CASABLANCA):%Y-%m-%d %H:%M:%S}"


def grouped(reference: str) -> str:
    """Give a reference in groups of four, as payers see it."""
    return " ".join(reference[start : start + 4] for start in range(0, len(reference), 4))
