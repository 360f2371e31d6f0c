"""The letter as plain text, for readers that show no HTML."""

from functions.letter.content import Content, Row
from functions.letter.words import Words

RIGHT_TO_LEFT_MARK = "\u200f"


def as_text(content: Content, words: Words) -> str:
    """Lay a letter out as lines of text, ended by a line feed."""
    parts = (
        [words.say("letter.fund"), words.say("letter.service")],
        [content.title],
        [words.say("letter.greeting")],
        *([sentence] for sentence in content.opening),
        [_fact(words, *fact) for fact in content.facts],
        [words.say("letter.lines")],
        *(_row(row, words) for row in content.rows),
        [_fact(words, *content.total)],
        *([sentence] for sentence in (*content.closing, *content.sign)),
        *([sentence] for _, sentence in content.review),
        [content.link_sentence, content.link],
        [content.help],
        [words.say("letter.automatic")],
    )
    return "\n\n".join(_paragraph(lines, words) for lines in parts) + "\n"


def details(row: Row, words: Words) -> tuple[str, ...]:
    """Give what identifies a line of the order: its code, account and reference."""
    code = f"{words.say('letter.column.code')} {row.code}"
    return tuple(part for part in (code, row.account, row.reference) if part)


def _row(row: Row, words: Words) -> list[str]:
    """Give the lines of text of a line of the order."""
    return [row.item, " · ".join(details(row, words)), row.amount]


def _fact(words: Words, label: str, value: str) -> str:
    """Give a fact after its label."""
    return words.say("letter.fact", label=label, value=value)


def _paragraph(lines: list[str], words: Words) -> str:
    """Join lines. Each starts with a mark where the language runs from right to left.

    Readers take a line's direction from its first letter, which may be of a Latin name. An
    address keeps its own direction, and no sign that a reader could take for a part of it.
    """
    if words.direction == "ltr":
        return "\n".join(lines)
    return "\n".join(_marked(line) for line in lines)


def _marked(line: str) -> str:
    """Make a line run from right to left, unless it is an address."""
    return line if line.startswith(("http://", "https://")) else RIGHT_TO_LEFT_MARK + line
