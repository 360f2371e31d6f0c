"""The letter as HTML for mail readers: tables and inline styles, nothing fetched from anywhere."""

from functools import cache
from html import escape
from pathlib import Path
from string import Template

from functions.letter.content import Content, Row
from functions.letter.mail_text import details
from functions.letter.words import Words

PATH = Path(__file__).with_name("letter.html")
FONT = "font-family:'Segoe UI',Tahoma,Arial,sans-serif;font-size:16px;line-height:1.55;"
RULE = "border-bottom:1px solid #d5dbe0;"


def as_html(content: Content, words: Words) -> str:
    """Lay a letter out as an HTML document; every fact and sentence is escaped."""
    labels = ("fund", "service", "greeting", "lines", "automatic")
    said = {label: words.say(f"letter.{label}") for label in labels}
    plain = said | {
        "lang": words.language,
        "dir": words.direction,
        "title": content.title,
        "item": words.say("letter.column.item"),
        "amount": words.say("letter.column.amount"),
        "total_label": content.total[0],
        "total": content.total[1],
        "link": content.link,
        "link_title": content.link_title,
        "link_sentence": content.link_sentence,
        "help": content.help,
    }
    markup = _sides(words) | {
        "font": FONT,
        "opening": "\n".join(map(_paragraph, content.opening)),
        "facts": "\n".join(_fact(words, *fact) for fact in content.facts),
        "rows": "\n".join(_row(row, words) for row in content.rows),
        "closing": "\n".join(map(_paragraph, (*content.closing, *content.sign))),
        "review": "\n".join(_paragraph(it, language) for language, it in content.review),
    }
    return _frame().substitute(markup, **{name: escape(text) for name, text in plain.items()})


@cache
def _frame() -> Template:
    """Give the layout that all letters share."""
    return Template(PATH.read_text(encoding="utf-8"))


def _sides(words: Words) -> dict[str, str]:
    """Name the sides: mail readers do not all know `start` and `end`."""
    start, end = ("left", "right") if words.direction == "ltr" else ("right", "left")
    return {"start": start, "end": end}


def _paragraph(sentence: str, language: str = "") -> str:
    """Give a sentence as a paragraph, marked with its language where that is not the letter's."""
    mark = f' lang="{language}"' if language else ""
    return f'<p{mark} style="margin:0 0 12px;">{escape(sentence)}</p>'


def _fact(words: Words, label: str, value: str) -> str:
    """Give a fact as a row of a table, its label as the row's header."""
    start = _sides(words)["start"]
    cell = f"padding:6px 0;{RULE}text-align:{start};vertical-align:top;"
    return (
        f'<tr><th scope="row" style="{cell}font-weight:normal;color:#4a5560;width:45%;">'
        f'{escape(label)}</th><td style="{cell}font-weight:bold;">{escape(value)}</td></tr>'
    )


def _row(row: Row, words: Words) -> str:
    """Give a line of the order as a row of a table; what is data is marked as French."""
    start, end = _sides(words).values()
    code, *data = map(escape, details(row, words))
    marked = "<br>".join([code, *(f'<bdi lang="fr">{text}</bdi>' for text in data)])
    cell = f"padding:8px 0;{RULE}vertical-align:top;"
    return (
        f'<tr><td style="{cell}text-align:{start};">{escape(row.item)}<br>'
        f'<span style="font-size:13px;color:#4a5560;">{marked}</span></td>'
        f'<td style="{cell}padding-{start}:12px;text-align:{end};white-space:nowrap;">'
        f"{escape(row.amount)}</td></tr>"
    )
