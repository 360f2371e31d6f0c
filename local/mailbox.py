"""The letters that were sent, as a person and a test read them."""

import base64
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import getaddresses
from html import escape
from typing import Any

from werkzeug.wrappers import Response

from local.aws import Mail
from local.pages import FRAMED, page
from local.postman import ASKED, Played

# The reference as subjects show it: 4319 0271 8852 04, with any kind of space.
REFERENCE = re.compile(r"(?<!\d)\d{4}\s?\d{4}\s?\d{4}\s?\d{2}(?!\d)")
NO_SCRIPT = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"
)
WORDS = {
    "deliver": "Remettre (deliver)",
    "bounce": "Refuser à l'arrivée (bounce)",
    "complain": "Signaler comme indésirable (complain)",
    "reject": "Rejeter au départ (reject)",
}
UP = '<p><a href="/_local/">Index local (local index)</a></p>'


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a letter."""

    name: str
    type: str
    base64: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as its reader sees it, and its `name` among those of its order.

    `reference` is None where the subject names none, `name` where no header does.
    """

    to: list[str]
    subject: str
    text: str
    html: str
    attachments: list[Attachment]
    reference: str | None
    name: str | None


Told = Callable[[Mail], list[Played]]


def letter_of(raw: bytes) -> Letter:
    """Read a MIME message."""
    message = message_from_bytes(raw, _class=EmailMessage, policy=default)
    subject = str(message["Subject"] or "")
    found = REFERENCE.search(subject)
    return Letter(
        to=[address for _, address in getaddresses(message.get_all("To", []))],
        subject=subject,
        text=_part(message, "plain"),
        html=_part(message, "html"),
        attachments=[_attachment(part) for part in message.iter_attachments()],
        reference=re.sub(r"\s", "", found[0]) if found else None,
        name=str(message["X-ASVI-Letter"]) if message["X-ASVI-Letter"] else None,
    )


def as_json(mails: list[Mail]) -> list[dict[str, Any]]:
    """Give the letters as `/_local/mail.json` does."""
    return [asdict(letter_of(mail.raw)) for mail in mails]


def answer(path: str, mails: list[Mail], told: Told) -> Response | None:
    """Answer for `path`, what follows `/_local/mail/`; None where nothing stands there.

    `told` gives what SES told of a mail.
    """
    if not path:
        return _list(mails, told)
    number, _, rest = path.partition("/")
    mail = numbered(number, mails)
    return _letter(number, mail, rest.split("/"), told) if mail else None


def numbered(number: str, mails: list[Mail]) -> Mail | None:
    """Give the mail of a number as pages write it: the first is 1."""
    if not (number.isascii() and number.isdigit() and 0 < int(number) <= len(mails)):
        return None
    return mails[int(number) - 1]


def _letter(number: str, mail: Mail, rest: list[str], told: Told) -> Response | None:
    letter = letter_of(mail.raw)
    match rest:
        case [""]:
            return _reading(number, letter, told(mail))
        case ["html"]:
            headers = {"Content-Security-Policy": NO_SCRIPT}
            return Response(letter.html, headers=headers, content_type="text/html; charset=utf-8")
        case ["files", index] if index.isascii() and index.isdigit():
            return _file(letter.attachments, int(index))
    return None


def _file(attachments: list[Attachment], index: int) -> Response | None:
    if index >= len(attachments):
        return None
    found = attachments[index]
    response = Response(base64.b64decode(found.base64), content_type=found.type)
    response.headers.set("Content-Disposition", "inline", filename=found.name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _list(mails: list[Mail], told: Told) -> Response:
    rows = "".join(
        _row(number, mail, told(mail)) for number, mail in reversed(list(enumerate(mails, start=1)))
    )
    names = "".join(f"<th>{name}</th>" for name in ("n°", "Envoyé (UTC)", "Objet", "À", "SES"))
    table = f"<table class=list><thead><tr>{names}</tr></thead><tbody>{rows}</tbody></table>"
    shown = table if mails else "<p>Aucun courrier (no letter yet).</p>"
    return page("Courrier envoyé (letters sent)", shown + UP)


def _row(number: int, mail: Mail, told: list[Played]) -> str:
    letter = letter_of(mail.raw)
    cells = (
        str(number),
        sent_at(mail),
        f'<a href="/_local/mail/{number}/"><bdi>{escape(letter.subject)}</bdi></a>',
        f"<bdi>{escape(', '.join(letter.to))}</bdi>",
        ", ".join(kind for _, kind in told) or "—",
    )
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def sent_at(mail: Mail) -> str:
    """Give the instant that a mail bears, in UTC; a dash where it bears none."""
    date = message_from_bytes(mail.raw, _class=EmailMessage, policy=default)["Date"]
    return _instant(date.datetime) if date else "—"


def _reading(number: str, letter: Letter, told: list[Played]) -> Response:
    files = "".join(
        f'<li><a href="/_local/mail/{number}/files/{index}">{escape(found.name)}</a></li>'
        for index, found in enumerate(letter.attachments)
    )
    body = (
        f"<p>À : <bdi>{escape(', '.join(letter.to))}</bdi></p><ul>{files}"
        f'<li><a href="/_local/mail/{number}/html">HTML</a></li></ul>'
        f"{_events(number, told)}"
        f'<iframe sandbox title="HTML" src="/_local/mail/{number}/html"></iframe>'
        f'<h2>Texte</h2><pre dir="auto">{escape(letter.text)}</pre>'
        '<p><a href="/_local/mail/">Tous les courriers (all letters)</a></p>'
    )
    return page(letter.subject, body, FRAMED)


def _events(number: str, told: list[Played]) -> str:
    """Give what SES told of a letter, and a button for each thing that it may still tell."""
    rows = "".join(f"<li>{_instant(at)} : {kind}</li>" for at, kind in told)
    buttons = "".join(
        f'<form method="post" action="/_local/mail/{number}/{asked}">'
        f"<button>{WORDS[asked]}</button></form>"
        for asked in ASKED
    )
    said = f"<ul>{rows}</ul>" if told else "<p>Rien encore (nothing yet).</p>"
    title = "<h2>Ce que dit SES (events played, UTC)</h2>"
    return f'{title}{said}<div class="buttons">{buttons}</div>'


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def _part(message: EmailMessage, kind: str) -> str:
    found = message.get_body((kind,))
    return str(found.get_content()) if found else ""


def _attachment(part: Any) -> Attachment:  # noqa: ANN401 - email's parts have no precise type
    content = part.get_payload(decode=True)
    name = part.get_filename() or "sans-nom"
    return Attachment(name, part.get_content_type(), base64.b64encode(content).decode())
