"""Photograph the journey: every page in every language, on a phone and on a desktop.

Runs a stack of its own, pays as the tests' payer does, and writes `docs/journey/`, the page
`docs/journey.md` that shows it, and the README's picture.
"""

import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from functions.shared.rules.languages import LANGUAGES  # noqa: E402 - a script finds its root first
from tests.conftest import CHROMIUM, SWITCHES  # noqa: E402 - likewise
from tests.journey.payer import NO_FUNDS, Payer  # noqa: E402 - likewise
from tests.stack import Running, running  # noqa: E402 - likewise

TARGET = ROOT / "docs" / "journey"
WIDTHS = (360, 1280)
TALLEST = 1100
STATIC = {
    "home": "", "services": "services/", "paiement": "paiement/", "assure": "assure/",
    "suivi": "suivi/", "verification": "verification/", "aide": "aide/",
    "conditions": "conditions/", "confidentialite": "confidentialite/",
    "accessibilite": "accessibilite/", "404": "no-such-page/", "500": "500.html",
}  # fmt: skip
README_SHOTS = ("assure", "creance", "transaction", "paid")
Shot = Callable[[str], None]
# In a picture of a whole page, what stays at the foot of a screen would cover its middle.
UNSTUCK = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('.total-sum { position: static }');
  document.adoptedStyleSheets = [sheet];
}"""


def main() -> int:
    """Take all pictures; give the exit code."""
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    with running() as stack, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        for number, (language, width) in enumerate(_views(), start=1):
            print(f"[{number}/{len(LANGUAGES) * len(WIDTHS)}] {language}, {width} px", flush=True)
            _photograph(browser, stack, language, width)
        _readme_picture(browser)
        browser.close()
    (ROOT / "docs" / "journey.md").write_text(_page())
    return 0


def _views() -> Iterator[tuple[str, int]]:
    return ((language, width) for language in LANGUAGES for width in WIDTHS)


def _photograph(browser: Browser, stack: Running, language: str, width: int) -> None:
    """Take the pictures of one language at one width."""
    stack.reset()
    page = browser.new_context(viewport={"width": width, "height": 740}).new_page()
    page.set_default_timeout(15_000)
    payer = Payer(page, stack, language, [])
    taken = 0

    def shot(name: str) -> None:
        nonlocal taken
        taken += 1
        page.wait_for_timeout(300)
        page.evaluate(UNSTUCK)
        height = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
        page.screenshot(
            path=TARGET / f"{language}-{width}-{taken:02d}-{name}.jpg",
            type="jpeg",
            quality=50,
            full_page=True,
            clip={"x": 0, "y": 0, "width": width, "height": height},
        )

    _still(payer, shot)
    _paying(payer, shot)
    page.context.close()


def _still(payer: Payer, shot: Shot) -> None:
    for name, path in STATIC.items():
        payer.open(path)
        if name == "assure":
            code = payer.page.locator("[data-slot=code]").first
            expect(code).to_have_text(re.compile(r"^\d{4}$"))
        shot(name)
    payer.open("assure/")
    payer.page.click("main form button[type=submit] >> visible=true")
    shot("assure-errors")


def _paying(payer: Payer, shot: Shot) -> None:
    """Refuse a card, pay, and look at what is left; then the long list."""
    payer.open("assure/")
    payer.identify()
    shot("creance")
    payer.choose()
    shot("transaction")
    payer.confirm()
    shot("cmi")
    payer.pay(NO_FUNDS)
    payer.sees("warning")
    shot("declined")
    payer.go_to_card()
    payer.pay()
    payer.sees("success")
    payer.page.wait_for_timeout(1500)
    payer.page.reload()
    payer.sees("success")
    shot("paid")
    payer.open("assure/")
    payer.identify()
    shot("nothing")
    payer.open("assure/")
    payer.identify("300000003")
    shot("thirteen")


def _readme_picture(browser: Browser) -> None:
    """Put the heart of the journey side by side, a row a language."""
    rows = "".join(
        "<div>"
        + "".join(f'<img src="{_named(language, name).as_uri()}">' for name in README_SHOTS)
        + "</div>"
        for language in ("fr", "ar")
    )
    sheet = TARGET / "sheet.html"
    sheet.write_text(
        "<style>body{margin:12px;background:#e8e4da}div{display:flex;gap:12px;margin-bottom:12px}"
        f"img{{width:280px;height:620px;object-fit:cover;object-position:top}}</style>{rows}"
    )
    page: Page = browser.new_page(viewport={"width": 1192, "height": 1290})
    page.goto(sheet.as_uri())
    page.screenshot(path=ROOT / "docs" / "journey.jpg", type="jpeg", quality=75)
    sheet.unlink()


def _named(language: str, name: str) -> Path:
    (path,) = TARGET.glob(f"{language}-360-*-{name}.jpg")
    return path


def _page() -> str:
    """Give the page that shows the pictures, a row a step."""
    lines = [
        "# The journey in pictures", "",
        "Taken by `make pictures` from the running portal, its clock in the evening of 5 May 2020.",
    ]  # fmt: skip
    for width in WIDTHS:
        columns = [language.name for language in LANGUAGES.values()]
        lines += ["", f"## {width} px", "", "| | " + " | ".join(columns) + " |"]
        lines.append("|---|" + "---|" * len(columns))
        for path in sorted(TARGET.glob(f"fr-{width}-*.jpg")):
            name = re.sub(r"^fr-\d+-\d+-", "", path.stem)
            wide = min(width, 420)
            shown = [
                f'<img src="journey/{language}{path.name[2:]}" width="{wide}" alt="{name}">'
                for language in LANGUAGES
            ]
            lines.append(f"| {name} | " + " | ".join(shown) + " |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    sys.exit(main())
