"""Run in the bench's environment: make a PDF of a letter's HTML again and again, by WeasyPrint.

Prints the same as `letter.py`.
"""

import json
import sys
import time
from pathlib import Path

twin, fonts, times = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
since = time.process_time(), time.perf_counter()

from weasyprint import CSS, HTML  # noqa: E402 - importing it is part of the first letter
from weasyprint.text.fonts import FontConfiguration  # noqa: E402 - likewise

FACES = "".join(
    f'@font-face {{ font-family: "{family}"; font-weight: {weight}; src: url("{file.as_uri()}") }}'
    for family, name in (("Noto Sans", "NotoSans"), ("Noto Naskh Arabic", "NotoNaskhArabic"))
    for weight, file in (
        (400, fonts / f"{name}-Regular.ttf"),
        (700, fonts / f"{name}-Bold.ttf"),
    )
)
STYLE = FACES + '@page { size: A4 } * { font-family: "Noto Sans", "Noto Naskh Arabic" !important }'
# Made once and kept, as the portal keeps its typesetter; the first letter pays for them.
KNOWN = FontConfiguration()
SHEET = CSS(string=STYLE, font_config=KNOWN)


def made(started: tuple[float, float]) -> tuple[float, float, int]:
    """Make the PDF; give processor and wall time since `started`, and its bytes."""
    html = HTML(string=twin.read_text("utf-8"))
    pdf = html.write_pdf(stylesheets=[SHEET], font_config=KNOWN, pdf_variant="pdf/ua-1")
    cpu, wall = time.process_time() - started[0], time.perf_counter() - started[1]
    return cpu * 1e3, wall * 1e3, len(pdf or b"")


runs = [made(since)]
runs += [made((time.process_time(), time.perf_counter())) for _ in range(times)]
print(json.dumps({"runs": runs, "mail_bytes": 0}))
