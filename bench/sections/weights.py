"""What a page weighs on the wire, beside pages of the same content by the public services' kits."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import brotli  # type: ignore[import-untyped] # has no types

from bench.figures import Cell, Section, Table, Target, count
from bench.places import BUILD, HERE, NPM
from bench.rounds import Scale

SITE = BUILD / "site" / "out"
KILOBYTE = 1_000
# CloudFront takes brotli's middle road; fonts are packed already.
QUALITY = 5
BOUND_CODE, BOUND_FLIGHT, BOUND_VIEW, BOUND_JOURNEY = 14.0, 14.6, 30.0, 60.0
BOUND_REQUESTS = 6
# The form asks for its control code as soon as it is seen.
CODE_REQUESTS = 1
PICTURES = (".svg", ".png", ".jpg", ".webp", ".ico")
# A rule of a style that shows a file, and the classes that its selectors name.
_RULE = re.compile(r"""([^{}]+)\{[^{}]*?url\(["']?([^"')]+)["']?\)[^{}]*\}""")
_CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
_CLASSES = re.compile(r'class="([^"]*)"')
JOURNEY = ("", "services/", "paiement/", "assure/", "assure/creance/", "assure/transaction/")
GOVUK = NPM / "govuk-frontend" / "dist" / "govuk"
DSFR = NPM / "@gouvfr" / "dsfr" / "dist"
BOOTSTRAP = NPM / "bootstrap" / "dist"
ABOUT = """\
The form that asks for number and control code, in French, by the portal's own build and in the
markup that each kit publishes, with the kit's own style, script and fonts from its npm package.
Compressed by brotli at the middle quality, as CloudFront does; fonts as they are. Pictures are
those that a page names, and those that the style shows for classes that stand in it. Requests are
those for files; the target also counts the API's one, for the control code. A browser gets each
file of the journey once. kB are 1 000 bytes."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The files of a page, in bytes on the wire."""

    html: int
    style: int
    script: int
    fonts: int
    pictures: int
    requests: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.html + self.style + self.script + self.fonts + self.pictures


def measure(scale: Scale) -> Section:
    """Weigh the form's page by each kit, and the portal's journey."""
    section = Section("weights", "Weight of the pages", ABOUT)
    scale.bar.begin(1)
    pages = {"**this portal**": _ours("assure/")} | _kits()
    columns = ("HTML", "style", "script", "fonts", "pictures", "all", "requests")
    rows = tuple((name, _row(parts)) for name, parts in pages.items())
    section.tables.append(Table("The form of number and code, on the wire", columns, rows))
    ours = pages["**this portal**"]
    section.found["form kB"] = ours.total / KILOBYTE
    _journeys(section, pages["Bootstrap"])
    code = (ours.style + ours.script) / KILOBYTE
    flight = (ours.html + ours.style) / KILOBYTE
    requests = ours.requests + CODE_REQUESTS
    journey = section.found["journey bytes"] / KILOBYTE
    section.targets += [
        Target("style and script", BOUND_CODE, code, "kB"),
        Target("HTML and style of the form, one first flight", BOUND_FLIGHT, flight, "kB"),
        Target("first view of the form, with everything", BOUND_VIEW, ours.total / KILOBYTE, "kB"),
        Target("requests of the first view", BOUND_REQUESTS, requests),
        Target("journey to CMI's page", BOUND_JOURNEY, journey, "kB"),
    ]
    scale.bar.step()
    return section


def _journeys(section: Section, usual: Parts) -> None:
    """Tell of a whole journey to CMI's page: each file once, as a browser keeps it."""
    ours = _ours(*JOURNEY)
    theirs = len(JOURNEY) * usual.html + usual.total - usual.html
    requests = len(JOURNEY) + usual.requests - 1
    section.found |= {"journey bytes": ours.total, "journey requests": ours.requests}
    section.found |= {"usual journey bytes": theirs, "usual journey requests": requests}
    rows = (
        ("**this portal**", (count(ours.total / KILOBYTE, "kB"), count(ours.requests))),
        ("as many pages like Bootstrap's", (count(theirs / KILOBYTE, "kB"), count(requests))),
    )
    title = f"The journey to CMI's page, {len(JOURNEY)} pages"
    section.tables.append(Table(title, ("all", "requests"), rows))


def _ours(*paths: str, language: str = "fr") -> Parts:
    """Weigh pages together, each file that they name once."""
    pages = [(SITE / language / path / "index.html").read_text("utf-8") for path in paths]
    html, assets = "".join(pages), sorted((SITE / "assets").iterdir())
    named = {file for file in assets if file.name in html}
    styles = [file for file in named if file.suffix == ".css"]
    named |= {SITE / found.lstrip("/") for style in styles for found in shown(style, html)}
    return Parts(
        html=_packed(page.encode() for page in pages),
        style=_packed(file.read_bytes() for file in styles),
        script=_packed(file.read_bytes() for file in named if file.suffix in (".mjs", ".js")),
        fonts=0,
        pictures=_packed(file.read_bytes() for file in named if file.suffix in PICTURES),
        requests=len(pages) + len(named),
    )


def shown(style: Path, html: str) -> Iterator[str]:
    """Give the pictures, as a style names them, of rules one of whose selectors a page can meet."""
    known = {name for names in _CLASSES.findall(html) for name in names.split()}
    for selectors, url in _RULE.findall(style.read_text("utf-8")):
        named = [set(_CLASS.findall(one)) for one in selectors.split(",")]
        if url.endswith(PICTURES) and any(classes and classes <= known for classes in named):
            yield url


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
    html = (HERE / "pages" / f"{markup}.html").read_text("utf-8")
    # GOV.UK's style names its pictures by the place of its assets, the others by their own.
    places = (style.parent, style.parents[1], GOVUK)
    pictures = {_found(url.lstrip("/"), places) for url in shown(style, html)}
    return Parts(
        html=_packed([html.encode()]),
        style=_packed([style.read_bytes()]),
        script=_packed([script.read_bytes()]),
        fonts=sum(font.stat().st_size for font in fonts),
        pictures=_packed(file.read_bytes() for file in pictures),
        requests=3 + len(fonts) + len(pictures),
    )


def _found(name: str, places: Iterable[Path]) -> Path:
    return next(place / name for place in places if (place / name).is_file())


def _packed(files: Iterable[bytes]) -> int:
    return sum(len(brotli.compress(file, quality=QUALITY)) for file in files)


def _row(parts: Parts) -> tuple[Cell, ...]:
    sizes = (parts.html, parts.style, parts.script, parts.fonts, parts.pictures, parts.total)
    return *(count(size / KILOBYTE, "kB") for size in sizes), count(parts.requests)
