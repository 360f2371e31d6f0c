"""What docs/security.md and docs/asvs.md claim of the code."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from functions.checkout.api import MOST_DUES
from functions.intake import loading
from functions.settlement import captured, xml
from functions.shared import web
from functions.shared.aws import dues, orders
from functions.shared.rules import letters, tokens
from functions.shared.rules.cmi import answer
from tests.handlers.conftest import portal, stack
from tests.portal import Portal

__all__ = ["portal", "stack"]  # fixtures of the handlers' tests

ROOT = Path(__file__).resolve().parent.parent.parent
FUNCTIONS = sorted((ROOT / "functions").rglob("*.py"))
IDS = (Path(__file__).parent / "asvs-5.0.0-levels-1-2.txt").read_text().split()
ROW = re.compile(
    r"^\| ([0-9][0-9., –]*) \| (met|part|fund|n/a) \| (.+?) \| (.*?) ?\|$", re.MULTILINE
)
EXECUTES = {"subprocess", "pickle", "marshal", "ctypes", "shelve", "multiprocessing", "yaml"}
CALLS = {"eval", "exec", "compile", "__import__"}
CARD = {
    "maskedCreditCard": "4000 00** **** 0010", "MaskedPan": "400000***0010", "ACQBIN": "400000",
    "Ecom_Payment_Card_ExpDate_Month": "11", "Ecom_Payment_Card_ExpDate_Year": "31",
    "EXTRA.CARDBRAND": "VISA", "EXTRA.CARDISSUER": "ISSUER-CANARY", "cavv": "CAVV-CANARY",
    "md": "MD-CANARY", "cardHolderName": "HOLDER CANARY", "xid": "XID-CANARY",
}  # fmt: skip


def calls(path: Path) -> Iterator[str]:
    """Give the functions that a file calls, as it writes them."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


def imports(path: Path) -> set[str]:
    """Give the packages that a file imports."""
    nodes = list(ast.walk(ast.parse(path.read_text())))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    named = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    return {name.partition(".")[0] for name in plain | named}


def expanded(item: str) -> list[str]:
    """Give the requirements that a cell names: `6.2.1–6.2.12`, `1.3.4, 1.3.5`."""  # noqa: RUF002 - a range is written so
    found = []
    for part in item.split(", "):
        first, _, last = part.partition("–")
        start = IDS.index(first)
        found += IDS[start : IDS.index(last or first) + 1]
    return found


def test_every_requirement() -> None:
    """Each requirement of levels 1 and 2 is answered once, and none that does not exist."""
    rows = ROW.findall((ROOT / "docs" / "asvs.md").read_text())
    told = [one for item, *_ in rows for one in expanded(item)]
    assert sorted(told) == sorted(IDS)
    assert len(IDS) == 253


@pytest.mark.parametrize("state", ["met", "part", "fund", "n/a"])
def test_every_answer(state: str) -> None:
    """What is met names what shows it; what is not says why in words."""
    for item, found, how, shown in ROW.findall((ROOT / "docs" / "asvs.md").read_text()):
        if found == state:
            assert how.strip(), item
            assert shown.strip() or state != "met", item


def test_nothing_executes_text() -> None:
    """No function starts a process, evaluates a text, or reads objects out of bytes."""
    for path in FUNCTIONS:
        assert not imports(path) & EXECUTES, path
        assert not CALLS & set(calls(path)), path
        assert not {"os.system", "os.popen"} & set(calls(path)), path


def test_hashes() -> None:
    """SHA-256 and SHA-512 alone, and MACs compared by the library that takes its time."""
    named = re.compile(r"(hashlib|hmac)\.\w+")
    used = {name for path in FUNCTIONS for name in calls(path) if named.fullmatch(name)}
    assert used == {"hashlib.sha256", "hashlib.sha512", "hmac.digest", "hmac.compare_digest"}
    assert tokens.HANDLE_MAC_BYTES * 8 >= 128


def test_limits() -> None:
    """The limits that are told are those of the code."""
    text = (ROOT / "docs" / "security.md").read_text()
    table = text[text.index("## Limits") : text.index("## Keys")]
    kb, mb = 1024, 1024 * 1024
    assert dues.CODES_A_WINDOW == dues.LOOKUPS_A_WINDOW == 600
    assert "| 600 each |" in table
    for value, written in (
        (dues.QUESTIONS_A_WINDOW, "| {} | `QUESTIONS_A_WINDOW`"),
        (orders.OPEN_ORDERS_A_WINDOW, "| {} | `OPEN_ORDERS_A_WINDOW`"),
        (MOST_DUES, "| {} | `MOST_DUES`"),
        (letters.MOST_LETTERS, "| {} | `MOST_LETTERS`"),
    ):
        assert written.format(value) in table
    bodies = f"| {web.LARGEST_BYTES // kb} KB, {answer.LARGEST_BYTES // kb} KB |"
    files = [loading.LARGEST_BYTES // mb, captured.LARGEST_BYTES // mb, xml.LARGEST_BYTES // kb]
    assert bodies in table
    assert "| {} MB, {} MB, {} KB |".format(*files) in table


def test_no_card_kept(portal: Portal, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever CMI tells of a card, nothing of it stands in the table or a log (SAQ A)."""
    paid, declined = portal.checkout().json, portal.checkout().json
    assert portal.verdict(paid, None, **CARD).text == "ACTION=POSTAUTH"
    said = {"Response": "Declined", "ProcReturnCode": "51", "mdStatus": "1"}
    assert portal.verdict(declined, said, **CARD | {"TransId": "T2"}).text == "APPROVED"
    portal.stream()
    kept = str(portal.rows()) + capsys.readouterr().out
    for name, value in CARD.items():
        # As a name: two letters such as `md` stand in a signature's text now and then.
        assert not re.search(rf"['\"]{name}['\"]", kept), name
        assert len(value) < 5 or value not in kept, name
