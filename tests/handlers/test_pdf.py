"""The receipt as a PDF: the one that the letter carries, for whoever may read the receipt."""

import subprocess
from pathlib import Path

import pytest

from tests.handlers.test_letter import letters, paid
from tests.handlers.test_receipt import handle
from tests.portal import NUMBER, Answer, Json, Portal

PATH = "/api/receipt/pdf"


def by_number(order: Json, **changes: object) -> Json:
    """Give the request of somebody who holds the reference and the number."""
    return {"reference": order["reference"], "registration_number": NUMBER} | changes


@pytest.fixture
def order(portal: Portal) -> Json:
    """Give a paid order whose receipt is signed."""
    bought = paid(portal)
    portal.stream()
    return bought


def _is_pdf(answer: Answer, order: Json) -> bool:
    assert answer.status == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    name = f'attachment; filename="recu-{order["reference"]}.pdf"'
    assert answer.headers["content-disposition"] == name
    return answer.body.startswith(b"%PDF-")


def test_both_ways(portal: Portal, order: Json) -> None:
    """Handle, or reference and number, give the very file that the letter carried."""
    first = portal.post(PATH, by_number(order))
    second = portal.post(PATH, {"handle": handle(portal, order)})
    assert _is_pdf(first, order)
    assert _is_pdf(second, order)
    assert first.body == second.body
    (attached,) = letters()[0].iter_attachments()
    assert attached.get_content() == first.body


@pytest.mark.parametrize("language", ["fr", "ar", None])
def test_language(portal: Portal, order: Json, language: str | None, tmp_path: Path) -> None:
    """The PDF speaks the language asked for, the order's by itself, and shows the amount."""
    answer = portal.post(PATH, by_number(order, language=language))
    assert _is_pdf(answer, order)
    (tmp_path / "receipt.pdf").write_bytes(answer.body)
    text = subprocess.run(
        ["pdftotext", "-layout", "receipt.pdf", "-"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "467,06" in text
    assert NUMBER not in text
    arabic = any("\u0600" <= sign <= "\u06ff" or "\ufb50" <= sign <= "\ufeff" for sign in text)
    assert arabic == (language == "ar")


def test_unknown_language(portal: Portal, order: Json) -> None:
    """A language that we do not speak is refused by name."""
    answer = portal.post(PATH, by_number(order, language="../fr"))
    assert list(answer.json["fields"]) == ["language"]


def test_not_ready(portal: Portal) -> None:
    """Before it is paid and signed there is nothing to download."""
    order = portal.checkout().json
    assert (
        portal.post(PATH, by_number(order)).status,
        portal.post(PATH, by_number(order)).code,
    ) == (
        409,
        "not_ready",
    )
    portal.verdict(order)
    assert portal.post(PATH, by_number(order)).code == "not_ready"
    portal.stream()
    assert _is_pdf(portal.post(PATH, by_number(order)), order)


def test_not_found(portal: Portal, order: Json) -> None:
    """Another's number, or a handle that is not ours, finds nothing (event 85)."""
    wrong = by_number(order, registration_number="111111111")
    assert portal.post(PATH, wrong).code == "not_found"
    assert portal.post(PATH, {"handle": order["reference"]}).code == "not_found"
