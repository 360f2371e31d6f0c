"""What a page weighs on the wire, beside pages of the same content by the public services' kits."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import brotli  # type: ignore[import-untyped] # has no types

from bench.figures import Cell, Section, Table, Target, count
from bench.places import BUILD, HERE, NPM
from bench.rounds import Scale

SITE = BUILD / "site" / "out"
KIBIBYTE = 1_000
# CloudFront takes brotli's middle road; fonts are packed already.
QUALITY = 5
BOUND_CODE, BOUND_FLIGHT = 14.0, 14.6
JOURNEY = ("", "services/", "paiement/", "assure/", "assure/creance/", "assure/transaction/")
GOVUK = NPM / "govuk-frontend" / "dist" / "govuk"
DSFR = NPM / "@gouvfr" / "dsfr" / "dist"
BOOTSTRAP = NPM / "bootstrap" / "dist"
ABOUT = """\
The form that asks for number and control code, in French, by the portal's own build and in the
markup that each kit publishes, with the kit's own style, script and fonts from its npm package.
Compressed by brotli at the middle quality, as CloudFront does; fonts as they are. kB are 1 000
bytes."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The files of a page, in bytes on the wire."""

    html: int
    style: int
    script: int
    fonts: int
    requests: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.html + self.style + self.script + self.fonts


def measure(scale: Scale) -> Section:
    """Weigh the form's page by each kit, and the portal's journey."""
    section = Section("weights", "Weight of the pages", ABOUT)
    scale.bar.begin(1)
    pages = {"**this portal**": _ours("assure/")} | _kits()
    columns = ("HTML", "style", "script", "fonts", "all", "requests")
    rows = tuple((name, _row(parts)) for name, parts in pages.items())
    section.tables.append(Table("The form of number and code, on the wire", columns, rows))
    ours = pages["**this portal**"]
    section.found["form kB"] = ours.total / KIBIBYTE
    section.found["journey bytes"] = _journey()
    usual = pages["Bootstrap"]
    section.found["usual journey bytes"] = len(JOURNEY) * usual.html + usual.style + usual.script
    code = (ours.style + ours.script) / KIBIBYTE
    flight = (ours.html + ours.style) / KIBIBYTE
    section.targets += [
        Target("style and script", BOUND_CODE, code, "kB"),
        Target("HTML and style of the form, one first flight", BOUND_FLIGHT, flight, "kB"),
    ]
    scale.bar.step()
    return section


def _ours(path: str, language: str = "fr") -> Parts:
    html = (SITE / language / path / "index.html").read_text("utf-8")
    named = [file for file in (SITE / "assets").iterdir() if file.name in html]
    return Parts(
        html=_packed([html.encode()]),
        style=_packed(file.read_bytes() for file in named if file.suffix == ".css"),
        script=_packed(file.read_bytes() for file in named if file.suffix in (".mjs", ".js")),
        fonts=0,
        requests=1 + len(named),
    )


def _journey() -> float:
    """Give the bytes of a whole journey to CMI's page: each file once, as a browser keeps it."""
    pages = [(SITE / "fr" / path / "index.html").read_bytes() for path in JOURNEY]
    text = b"".join(pages).decode()
    files = [file for file in (SITE / "assets").iterdir() if file.name in text]
    return float(_packed([*pages, *(file.read_bytes() for file in files)]))


def _kits() -> dict[str, Parts]:
    """Give the same form by each kit: markup, style, script, the fonts of its two weights."""
    kits: dict[str, tuple[str, Path, Path, list[Path]]] = {
        "GOV.UK Frontend": (
            "govuk", GOVUK / "govuk-frontend.min.css", GOVUK / "govuk-frontend.min.js",
            sorted((GOVUK / "assets" / "fonts").glob("*.woff2")),
        ),
        "DSFR": (
            "dsfr", DSFR / "dsfr.min.css", DSFR / "dsfr.module.min.js",
            [DSFR / "fonts" / f"Marianne-{weight}.woff2" for weight in ("Regular", "Bold")],
        ),
        "Bootstrap": (
            "bootstrap", BOOTSTRAP / "css" / "bootstrap.min.css",
            BOOTSTRAP / "js" / "bootstrap.bundle.min.js", [],
        ),
    }  # fmt: skip
    return {name: _kit(*kit) for name, kit in kits.items()}


def _kit(markup: str, style: Path, script: Path, fonts: list[Path]) -> Parts:
    return Parts(
        html=_packed([(HERE / "pages" / f"{markup}.html").read_bytes()]),
        style=_packed([style.read_bytes()]),
        script=_packed([script.read_bytes()]),
        fonts=sum(font.stat().st_size for font in fonts),
        requests=3 + len(fonts),
    )


def _packed(files: Iterable[bytes]) -> int:
    return sum(len(brotli.compress(file, quality=QUALITY)) for file in files)


def _row(parts: Parts) -> tuple[Cell, ...]:
    sizes = (parts.html, parts.style, parts.script, parts.fonts, parts.total)
    return *(count(size / KIBIBYTE, "kB") for size in sizes), count(parts.requests)
