"""The letters that were sent, as a person and a test read them."""

import base64
import re
from dataclasses import asdict, dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import getaddresses
from html import escape
from typing import Any

from werkzeug.wrappers import Response

from local.pages import FRAMED, page

# The reference as subjects show it: 4319 0271 8852 04, with any kind of space.
REFERENCE = re.compile(r"(?<!\d)\d{4}\s?\d{4}\s?\d{4}\s?\d{2}(?!\d)")
NO_SCRIPT = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"
)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a letter."""

    name: str
    type: str
    base64: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as its reader sees it; `reference` is None where the subject names none."""

    to: list[str]
    subject: str
    text: str
    html: str
    attachments: list[Attachment]
    reference: str | None


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
    )


def as_json(letters: list[bytes]) -> list[dict[str, Any]]:
    """Give the letters as `/_local/mail.json` does."""
    return [asdict(letter_of(raw)) for raw in letters]


def answer(path: str, letters: list[bytes]) -> Response | None:
    """Answer for `path`, what follows `/_local/mail/`; None where nothing stands there."""
    if not path:
        return _list([letter_of(raw) for raw in letters])
    match path.split("/"):
        case [number, *rest] if number.isascii() and number.isdigit():
            position = int(number) - 1
            known = 0 <= position < len(letters)
            return _letter(number, letter_of(letters[position]), rest) if known else None
    return None


def _letter(number: str, letter: Letter, rest: list[str]) -> Response | None:
    match rest:
        case [] | [""]:
            return _reading(number, letter)
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


def _list(letters: list[Letter]) -> Response:
    rows = "".join(
        f'<tr><td>{number}</td><td><a href="/_local/mail/{number}/">'
        f"<bdi>{escape(letter.subject)}</bdi></a></td><td>{escape(', '.join(letter.to))}</td></tr>"
        for number, letter in reversed(list(enumerate(letters, start=1)))
    )
    table = f"<table><tr><th>n°</th><th>Objet</th><th>À</th></tr>{rows}</table>"
    return page("Courrier envoyé (letters sent)", table if letters else "<p>Aucun courrier.</p>")


def _reading(number: str, letter: Letter) -> Response:
    files = "".join(
        f'<li><a href="/_local/mail/{number}/files/{index}">{escape(found.name)}</a></li>'
        for index, found in enumerate(letter.attachments)
    )
    body = (
        f"<p>À : {escape(', '.join(letter.to))}</p><ul>{files}</ul>"
        f'<p><a href="/_local/mail/{number}/html">HTML</a> · '
        '<a href="/_local/mail/">tous les courriers (all letters)</a></p>'
        f'<iframe sandbox title="HTML" src="/_local/mail/{number}/html"></iframe>'
        f'<h2>Texte</h2><pre dir="auto">{escape(letter.text)}</pre>'
    )
    return page(letter.subject, body, FRAMED)


def _part(message: EmailMessage, kind: str) -> str:
    found = message.get_body((kind,))
    return str(found.get_content()) if found else ""


def _attachment(part: Any) -> Attachment:  # noqa: ANN401 - email's parts have no precise type
    content = part.get_payload(decode=True)
    name = part.get_filename() or "sans-nom"
    return Attachment(name, part.get_content_type(), base64.b64encode(content).decode())
