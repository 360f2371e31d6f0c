"""The receipt as a PDF, set by typst: tagged, PDF/A-2a and PDF/UA-1, the same bytes each time.

typst and segno are imported on first use: the function's other work does without them.
"""

import io
import json
import re
import threading
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, cast

from functions.letter.content import KINDS, Content, content
from functions.letter.words import Words
from functions.shared.rules.receipts import Receipt

if TYPE_CHECKING:
    import typst

FOLDER = Path(__file__).parent
MASK = 3
QUIET_MODULES = 4  # ISO/IEC 18004 asks for them around the code
MODULE_MILLIMETRES = 0.45  # a phone reads it off paper at arm's length
# What no font of the letter draws; PDF/A allows no missing glyph.
LATIN = "\\u0020-\\u007e\\u00a0-\\u017f"
ARABIC = "\\u060c-\\u061b\\u061e-\\u06ff"
TIFINAGH = "\\u2d30-\\u2d67\\u2d6f\\u2d70"
PUNCTUATION = "\\u2010-\\u2015\\u2018-\\u201e\\u2022\\u2026\\u20ac\\u2066-\\u2069"
UNDRAWN = re.compile(f"[^{LATIN}{ARABIC}{TIFINAGH}{PUNCTUATION}]")
_kept = threading.local()


def pdf(receipt: Receipt, words: Words, portal_url: str, kind: str) -> bytes:
    """Set the PDF of a receipt: `kind` is paid or copy; the others prove no payment.

    The document is dated `receipt.paid_at`, so the same receipt gives the same bytes.
    Raise ValueError for a kind that proves nothing, or a receipt that is not signed.
    """
    if not KINDS[kind].proves:
        raise ValueError(f"a letter of kind {kind} carries no receipt")
    said = content(KINDS[kind], receipt, words, portal_url)
    data = asdict(said) | _labels(words) | _verification(said, receipt, words)
    data["rows"] = [{name: _drawn(text) for name, text in row.items()} for row in data["rows"]]
    made = _compiler().compile(
        format="pdf",
        sys_inputs={"letter": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["a-2a", "ua-1"],
        timestamp=int(receipt.paid_at.timestamp()),
    )
    return cast(bytes, made)


def _compiler() -> "typst.Compiler":
    """Give this thread's compiler, made on first use: reading fonts takes longer than a letter."""
    if not hasattr(_kept, "compiler"):
        import typst  # noqa: PLC0415 - 84 MB that the function's other work does without

        fonts = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[FOLDER / "fonts"]
        )
        _kept.compiler = typst.Compiler(FOLDER / "letter.typ", root=FOLDER, font_paths=fonts)
    return cast("typst.Compiler", _kept.compiler)


def _labels(words: Words) -> dict[str, object]:
    """Give the words of the document that no fact changes."""
    columns = ("code", "item", "account", "amount")
    return {
        "language": words.language,
        "direction": words.direction,
        "fund": words.say("letter.fund"),
        "service": words.say("letter.service"),
        "lines": words.say("letter.lines"),
        "columns": [words.say(f"letter.column.{name}") for name in columns],
        "page": words.sentences["letter.page"],
    }


def _verification(said: Content, receipt: Receipt, words: Words) -> dict[str, object]:
    """Give the QR, and how to check the receipt with it or, where none fits, without it."""
    reference = words.reference(receipt.reference)
    qr = _qr(said.link)
    if qr is not None:
        qr["alt"] = words.say("letter.verify.alt", reference=reference)
    way = "open" if qr is None else "scan"
    return {
        "reference": reference,
        "qr": qr,
        "verify": {
            "title": words.say("letter.verify.title"),
            "sentence": words.say(f"letter.verify.{way}"),
            "address": words.figure(said.link.partition("#")[0]),
        },
    }


def _qr(address: str) -> dict[str, object] | None:
    """Draw an address as a QR code, SVG and its side in millimetres; None if it is too long.

    Long orders get the lowest error correction. The mask is fixed: any can be read, and the
    search for the prettiest takes longer than the rest of the letter.
    """
    import segno  # noqa: PLC0415 - only a receipt needs it

    for error in ("m", "l"):
        try:
            code = segno.make_qr(address, error=error, boost_error=False, mask=MASK)
        except segno.DataOverflowError:
            continue
        side = code.symbol_size(border=QUIET_MODULES)[0]
        code.save(drawing := io.BytesIO(), kind="svg", border=QUIET_MODULES, xmldecl=False)
        return {"svg": drawing.getvalue().decode(), "millimetres": side * MODULE_MILLIMETRES}
    return None


def _drawn(text: str) -> str:
    """Put the replacement sign for each sign of a text that no font of the letter draws."""
    return UNDRAWN.sub("\N{REPLACEMENT CHARACTER}", text)
