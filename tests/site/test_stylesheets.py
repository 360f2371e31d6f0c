import re
from itertools import product
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHEETS = sorted((ROOT / "site").rglob("*.css"))
SIDE = r"(left|right|top|bottom)"
PHYSICAL = re.compile(
    rf"(?<![\w-])((margin|padding|border|inset|scroll-margin|scroll-padding)-{SIDE}|{SIDE}|"
    r"(min-|max-)?(width|height))\s*:|(text-align|float|clear)\s*:\s*(left|right)"
)
ON_GROUND = ["ink", "soft", "link", "error", "warning", "success", "info"]
# Classes that a template puts together: button-{{ kind }}.
MADE = {
    "button": ["primary", "secondary", "quiet"],
    "notice": ["info", "success", "warning", "error"],
    "icon": ["arrow", "leave"],
    "table": ["year", "period", "number", "detail", "account", "tick"],
}
TONES = ["error", "warning", "success", "info"]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda it: it.name)
def test_sides_follow_the_reading(sheet: Path) -> None:
    """No property names a side of the screen, so that Arabic mirrors by itself."""
    text = re.sub(r"/\*.*?\*/|@media[^{]*", "", sheet.read_text("utf-8"), flags=re.DOTALL)
    assert not PHYSICAL.search(text), PHYSICAL.search(text)


def test_every_token_exists() -> None:
    """A colour or a space that a sheet asks for is defined somewhere."""
    text = "".join(sheet.read_text("utf-8") for sheet in SHEETS)
    asked, defined = (set(re.findall(it, text)) for it in (r"var\((--[\w-]+)", r"(--[\w-]+)\s*:"))
    assert asked <= defined


def test_no_rule_is_dead() -> None:
    """Every class of a sheet stands in some template or script, so no payer fetches it for nothing."""
    sheets = re.sub(
        r"/\*.*?\*/", "", "".join(it.read_text("utf-8") for it in SHEETS), flags=re.DOTALL
    )
    styled = set(re.findall(r"\.(-?[a-z][\w-]*)(?=[^{}]*\{)", sheets))
    sources = [*(ROOT / "site").rglob("*.html"), *(ROOT / "site").rglob("*.mjs")]
    written = "".join(it.read_text("utf-8") for it in sources)
    made = {f"{stem}-{kind}" for stem, kinds in MADE.items() for kind in kinds}
    dead = {
        it for it in styled - made if not re.search(rf"(?<![\w-]){re.escape(it)}(?![\w-])", written)
    }
    assert not dead


def palettes() -> dict[str, dict[str, str]]:
    base = (ROOT / "site" / "assets" / "base.css").read_text("utf-8")
    blocks = re.findall(r":root \{(.*?)\}", base, re.DOTALL)[:2]
    light, dark = (dict(re.findall(r"--([\w-]+): (#\w+)", block)) for block in blocks)
    return {"light": light, "dark": dark}


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    linear = [it / 12.92 if it <= 0.04045 else ((it + 0.055) / 1.055) ** 2.4 for it in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio, WCAG 2.2."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_can_be_read(scheme: str) -> None:
    """Text keeps 4.5:1 and the edge of a field 3:1, by day and by night (WCAG 1.4.3, 1.4.11)."""
    tokens = palettes()[scheme]
    pairs = list(product(ON_GROUND, ["ground", "surface", "sunk"]))
    pairs += [(tone, f"{tone}-ground") for tone in TONES] + [
        ("ink", f"{tone}-ground") for tone in TONES
    ]
    pairs += [("on-brand", "brand"), ("on-brand", "brand-strong")]
    weak = [it for it in pairs if contrast(tokens[it[0]], tokens[it[1]]) < 4.5]
    marks = product(["edge", "focus"], ["ground", "surface"])
    weak += [it for it in marks if contrast(tokens[it[0]], tokens[it[1]]) < 3]
    assert not weak
