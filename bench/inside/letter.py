"""Run inside the letter function's artifact: make the same letter again and again, by typst.

Prints the processor and wall time of each in milliseconds, the first with all that it still has to
import, and the size; writes its HTML twin, with the QR, for whoever makes a PDF of that.
"""

import gc
import importlib
import json
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

importlib.import_module("functions.letter.handler")  # the container has started ...
gc.freeze()  # ... and the collector nothing to look through, as functions/shared/start.py does
language, times, twin = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
since = time.process_time(), time.perf_counter()

from functions.letter import document, words  # noqa: E402 - importing it is part of the first letter
from functions.letter.compose import compose  # noqa: E402 - likewise
from functions.letter.content import KINDS, content  # noqa: E402 - likewise
from functions.letter.mail import message  # noqa: E402 - likewise
from functions.letter.mail_html import as_html  # noqa: E402 - likewise
from functions.shared.rules import receipts  # noqa: E402 - likewise
from functions.shared.rules.orders import Line  # noqa: E402 - likewise

PORTAL = "https://asvi.example.ma"
# A key's name and a signature of their true lengths.
KEY, SIGNATURE = "0" * 36, bytes.fromhex(f"30440220{'4a' * 32}0220{'5b' * 32}")
UNSIGNED = receipts.Receipt(
    reference="43190271885204",
    registration_number="xxxxx6789",
    lines=(
        Line("contribution", 2020, 1, 145110, "BPC2020010004319", "BPC pour encaissements ASVI"),
        Line("fee", 2020, 5, 1596, "43190271885204", "Frais de traitement"),
    ),
    total_centimes=146706,
    card_origin="LOC",
    paid_at=datetime(2020, 5, 5, 21, 50, 51, tzinfo=UTC),
    language=language,
    proof=None,
)
PROOF = receipts.proof(receipts.payload(UNSIGNED), KEY, SIGNATURE)
RECEIPT = replace(UNSIGNED, proof=PROOF)


def made(started: tuple[float, float]) -> tuple[float, float, int]:
    """Make the PDF; give processor and wall time since `started`, and its bytes."""
    pdf = document.pdf(RECEIPT, words.load(language), PORTAL, "paid")
    cpu, wall = time.process_time() - started[0], time.perf_counter() - started[1]
    return cpu * 1e3, wall * 1e3, len(pdf)


runs = [made(since)]
runs += [made((time.process_time(), time.perf_counter())) for _ in range(times)]
said = content(KINDS["paid"], RECEIPT, words.load(language), PORTAL)
picture = document._qr(said.link)  # noqa: SLF001 - the very picture of the PDF
svg = str(picture["svg"]) if picture else ""
twin.write_text(as_html(said, words.load(language)).replace("</body>", f"{svg}</body>"), "utf-8")
letter = compose("paid", RECEIPT, words.load(language), PORTAL)
mail = message(
    letter, "asvi@example.ma", "payer@example.ma", RECEIPT.reference, "1", RECEIPT.paid_at
)
print(json.dumps({"runs": runs, "mail_bytes": len(mail)}))
