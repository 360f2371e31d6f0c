"""What the functions say while they are fuzzed: that nothing broke, and nothing of the payer."""

import json
import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from unittest.mock import patch

from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter

from local.settings import STORE_KEY, TOKEN_KEY
from tests.portal import NUMBER

CANARY = "kestrel"  # a word that nothing else says
SECRET = (CANARY, NUMBER, STORE_KEY, json.dumps(STORE_KEY)[1:-1], TOKEN_KEY)


@dataclass(slots=True)
class Ear:
    """Everything that was logged and counted since it was last `heard`."""

    lines: StringIO = field(default_factory=StringIO)

    def heard(self) -> str:
        """Give what was said, and forget it."""
        text = self.lines.getvalue()
        self.lines.seek(0)
        self.lines.truncate()
        return text

    def is_calm(self, *secrets: str) -> None:
        """Make sure that nothing broke and that no secret was told."""
        said = self.heard()
        assert '"broken"' not in said, said
        for secret in (*SECRET, *secrets):
            assert secret not in said, said


@contextmanager
def listening() -> Iterator[Ear]:
    """Hear every logger of the functions at its most talkative, and their metrics."""
    ear = Ear()
    with ExitStack() as stack:
        stack.enter_context(redirect_stdout(ear.lines))
        for name in list(logging.root.manager.loggerDict):
            logger = logging.getLogger(name)
            for handler in logger.handlers:
                if isinstance(handler.formatter, LambdaPowertoolsFormatter):
                    stack.enter_context(patch.object(handler, "stream", ear.lines))
                    stack.enter_context(patch.object(logger, "level", logging.DEBUG))
        yield ear
