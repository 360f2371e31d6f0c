"""A language that a deployment leaves out, and one that it offers without a reviewer."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from functions.shared import settings
from functions.shared.rules.languages import LANGUAGES, REVIEWED
from tests.handlers.test_letter import letters, paid
from tests.handlers.test_pdf import PATH as PDF
from tests.handlers.test_pdf import by_number
from tests.portal import Portal, signed

Offer = Callable[[tuple[str, ...]], None]


@pytest.fixture
def offer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Offer]:
    """Set which languages the deployment offers, as its next containers read it."""

    def told(languages: tuple[str, ...]) -> None:
        monkeypatch.setenv("LANGUAGES", ",".join(languages))
        settings.read.cache_clear()

    yield told
    settings.read.cache_clear()


def test_order_left_out(portal: Portal, offer: Offer) -> None:
    """A language that is not offered is refused as any unknown one is, and makes no order."""
    offer(REVIEWED)
    left_out, unknown = portal.checkout(language="zgh"), portal.checkout(language="xx")
    assert (left_out.status, left_out.json) == (unknown.status, unknown.json)
    assert (left_out.code, list(left_out.json["fields"])) == ("invalid", ["language"])
    assert not portal.rows("ORDER#")


def test_receipt_left_out(portal: Portal, offer: Offer) -> None:
    """Nor is a receipt printed in it; the order's own language stays, whatever that was."""
    order = paid(portal, language="zgh")
    portal.stream()
    offer(REVIEWED)
    assert list(portal.post(PDF, by_number(order, language="zgh")).json["fields"]) == ["language"]
    assert portal.post(PDF, by_number(order)).body.startswith(b"%PDF-")


@pytest.mark.parametrize(("languages", "place"), [(tuple(LANGUAGES), "zgh"), (REVIEWED, "fr")])
def test_way_back(portal: Portal, offer: Offer, languages: tuple[str, ...], place: str) -> None:
    """Who comes back from CMI lands on pages that exist: in French where theirs are left out."""
    form = signed(portal.checkout(language="zgh").json)
    offer(languages)
    returned = portal.call("POST", "/cmi/return", form=form, query="l=zgh")
    assert returned.headers["location"].startswith(f"/{place}/assure/recu/#h=")
    cancelled = portal.call("GET", "/cmi/cancel", query="l=zgh")
    assert cancelled.headers["location"] == f"/{place}/assure/transaction/#cancelled"


def test_begun_before(portal: Portal, offer: Offer) -> None:
    """A payment begun in a language before it was left out is settled and confirmed in it."""
    order = portal.checkout(language="zgh").json
    offer(REVIEWED)
    assert portal.verdict(order).text == "ACTION=POSTAUTH"
    assert portal.stream() == {"batchItemFailures": []}
    (letter,) = letters()
    assert "ⴰⵙⵖⵣⵏ ⵏ ⵡⵓⴼⵔⵓ" in letter["Subject"]


def test_card_page(portal: Portal) -> None:
    """CMI's page speaks French to who pays in Tamazight, and brings them back to their own."""
    fields = portal.checkout(language="zgh").json["gateway"]["fields"]
    assert fields["lang"] == "fr"
    assert fields["shopurl"].endswith("/cmi/cancel?l=zgh")


def test_receipt_in_tamazight(portal: Portal, tmp_path: Path) -> None:
    """A receipt asked for in Tamazight is in Tifinagh, and says that nobody has reviewed it."""
    order = paid(portal)
    portal.stream()
    path = tmp_path / "receipt.pdf"
    path.write_bytes(portal.post(PDF, by_number(order, language="zgh")).body)
    ran = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True)
    text = " ".join(ran.stdout.split())
    assert "ⵜⴰⵡⵙⴰ" in text
    assert "que personne, parmi ceux dont c’est la langue, n’a encore relue" in text
