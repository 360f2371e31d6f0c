"""The bank's pages, and the one page for people who drive the simulator."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cmi_simulator import card_form, cards
from cmi_simulator.money import as_listed, dirhams
from cmi_simulator.order_form import WRONG_HASH
from cmi_simulator.words import WORDS, date_in_words, outcome_sentence

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from cmi_simulator.bank import Bank, CardPage, Return
    from cmi_simulator.order_form import RefusedFormError

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
TEMPLATES.filters |= {"listed": as_listed, "dirhams": dirhams}


@dataclass(frozen=True, slots=True)
class Onward:
    """A form that a page posts by itself, after a moment for the reader."""

    url: str
    fields: Mapping[str, str]
    delay_milliseconds: int = 0


def _render(name: str, language: str, **values: object) -> str:
    known = {"language": language, "w": WORDS[language]}
    return TEMPLATES.get_template(name).render(**known, **values)


def card_page(
    page: CardPage,
    now: datetime,
    errors: Mapping[str, str] | None = None,
    kept: Mapping[str, str] | None = None,
) -> str:
    """Return « Demande de paiement », with the errors and what was typed when it comes again."""
    language = page.order.language
    return _render(
        "card.html",
        language,
        page=page,
        order=page.order,
        now=date_in_words(now, language),
        years=card_form.years(now),
        errors=errors or {},
        kept=dict.fromkeys(card_form.KEPT, "") | dict(kept or {}),
    )


def return_page(way_back: Return, language: str) -> str:
    """Return the page that carries the browser back to okUrl or failUrl."""
    return _render(
        "outcome.html",
        language,
        title=WORDS[language]["back_title"],
        approved=way_back.outcome.approved,
        sentence=outcome_sentence(way_back.outcome.name, language),
        code="",
        onward=Onward(way_back.url, way_back.fields),
    )


def refused_page(refused: RefusedFormError, fields: Mapping[str, str]) -> str:
    """Return CMI's error page; it goes on to failUrl when the form named one."""
    words = WORDS[refused.language]
    message = words["refused_hash"] if refused.code == WRONG_HASH else refused.message
    return _render(
        "outcome.html",
        refused.language,
        title=words["refused_title"],
        approved=False,
        sentence=f"{words['refused']} {message}",
        code=refused.code,
        onward=Onward(refused.fail_url, fields, 1500) if refused.fail_url else None,
    )


def dead_end(language: str, title: str, sentence: str) -> str:
    """Return an error page from which nothing goes on; title and sentence are words' names."""
    words = WORDS[language]
    return _render(
        "outcome.html",
        language,
        title=words[title],
        approved=False,
        sentence=words[sentence],
        code="",
        onward=None,
    )


def home(bank: Bank) -> str:
    """Return the page with the cards, the switches and the ledger."""
    with bank.lock:
        ledger = [entry.row() for entry in reversed(bank.ledger.entries)]
        faults = bank.faults.listing()
    return _render("home.html", "en", cards=cards.listing(), faults=faults, ledger=ledger)
