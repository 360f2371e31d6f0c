"""`asvi`: the operator's commands, each in a module of its own."""

from collections.abc import Callable
from typing import Any

import typer
from botocore.exceptions import BotoCoreError
from typer.core import TyperCommand

from functions.shared.rules.errors import Unavailable
from ops import (
    closing,
    comparing,
    exporting,
    finding,
    forgetting,
    importing,
    loads,
    moving,
    place,
    resending,
    showing,
    waiting,
)
from ops.screen import End, stop

_SILENCE = (
    "AWS did not answer, so nobody knows whether the last step was done. "
    "Look before doing it again (asvi show); every command may be run twice."
)


class _Command(TyperCommand):
    """Finds the portal once the command is understood; ends plainly where AWS is silent."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - the library's signature
        try:
            place.find()
            return super().invoke(ctx)
        except place.NowhereError as error:
            stop(End.UNKNOWN, str(error))
        except (Unavailable, BotoCoreError):
            stop(End.UNKNOWN, _SILENCE)


app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="The operator's side of the portal. Works on TABLE, or on the local stack without it.",
)
_RUN: dict[str, Callable[..., None]] = {
    "import": importing.import_file,
    "loads": loads.shown,
    "queue": waiting.queue,
    "find": finding.find,
    "show": showing.show,
    "settle": moving.settle,
    "uncapture": moving.uncapture,
    "refund": moving.refund,
    "resend": resending.resend,
    "done": closing.done,
    "forget": forgetting.forget,
    "compare": comparing.compare_file,
    "export": exporting.export,
}
for _name, _run in _RUN.items():
    app.command(_name, cls=_Command)(_run)
