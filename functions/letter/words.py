"""The words of a language, compiled by `tools/words.py`, and how they say facts.

Digits are Western in every language, as Morocco writes. In a right-to-left language whatever
runs left to right (amounts, references, numbers) is isolated by U+2066…U+2069: without them
"1 250,00" can show as "250,00 1" amid Arabic text.
"""

import json
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from functions.shared.rules.languages import LANGUAGES
from functions.shared.rules.money import CENTIMES
from functions.shared.rules.morocco import CASABLANCA
from functions.shared.rules.orders import Line

FOLDER = Path(__file__).with_name("words")
LEFT_TO_RIGHT, AS_IT_STARTS, END = "\u2066", "\u2068", "\u2069"


@dataclass(frozen=True, slots=True)
class Words:
    """A language's sentences by msgid and its names of time; `moment` is a date's form."""

    language: str
    direction: str
    sentences: dict[str, str]
    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    quarters: tuple[str, ...]
    moment: str
    decimal: str
    group: str

    def say(self, msgid: str, **facts: str) -> str:
        """Give the sentence `msgid` with its facts put in; KeyError if either is missing."""
        return self.sentences[msgid].format(**facts)

    def amount(self, centimes: int) -> str:
        """Give a sum in dirhams, `1 451,10 DH`."""
        dirhams, rest = divmod(centimes, CENTIMES)
        figure = f"{dirhams:,}".replace(",", self.group) + f"{self.decimal}{rest:02d}"
        return self.say("letter.amount", amount=self.figure(figure))

    def figure(self, text: str) -> str:
        """Give a text made of figures, isolated where the words around it run the other way."""
        return f"{LEFT_TO_RIGHT}{text}{END}" if self.direction == "rtl" else text

    def reference(self, reference: str) -> str:
        """Give a payment's reference in groups, `4319 0271 8852 04`."""
        groups = (reference[start : start + 4] for start in range(0, len(reference), 4))
        return self.figure(" ".join(groups))

    def instant(self, at: datetime) -> str:
        """Give the day and time in Morocco of an aware instant."""
        local = at.astimezone(CASABLANCA)
        moment = self.moment.format(
            weekday=self.weekdays[local.weekday()],
            day=local.day,
            month=self.months[local.month - 1],
            year=local.year,
            hour=f"{local:%H}",
            minute=f"{local:%M}",
        )
        return self.say("letter.instant", moment=moment)

    def line(self, line: Line) -> str:
        """Say what a line of the order pays, with its period in words."""
        say_period = self._quarter if line.kind == "contribution" else self._month
        return self.say(f"letter.line.{line.kind}", period=say_period(line.year, line.period))

    def _quarter(self, year: int, quarter: int) -> str:
        """Say a quarter, `1er trimestre 2020, janvier à mars`."""
        months = self.months[quarter * 3 - 3 : quarter * 3]
        return self.say(
            "letter.quarter",
            quarter=self.quarters[quarter - 1],
            year=str(year),
            first=months[0],
            last=months[-1],
        )

    def _month(self, year: int, month: int) -> str:
        """Say a month of a year, `mai 2020`."""
        return self.say("letter.month", month=self.months[month - 1], year=str(year))

    def data(self, text: str) -> str:
        """Give a text that is data, harmless: no control, no sign that turns the line round."""
        kept = "".join(sign if sign.isprintable() else " " for sign in text).strip()
        foreign = any(unicodedata.bidirectional(sign) in {"R", "AL", "AN"} for sign in kept)
        isolated = kept and (foreign or self.direction == "rtl")
        return f"{AS_IT_STARTS}{kept}{END}" if isolated else kept


@cache
def load(language: str) -> Words:
    """Give the words of one of LANGUAGES; raise KeyError for any other."""
    direction = LANGUAGES[language].direction
    said = json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    for names in ("months", "weekdays", "quarters"):
        said[names] = tuple(said[names])
    return Words(language, direction, **said)
