"""How the pages look: each like its picture, which somebody looked at when it was taken.

`make snapshots` takes the pictures anew. Up to 1 % of a page's points may differ in a way that an
eye sees (a tenth of the scale): the letters' edges, never a line, a colour or a place.
"""

import io
import os
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from tests.pages.portal import Portal
from tests.pages.test_access import STATES

PICTURES = Path(__file__).parent / "snapshots"
SEEN = 26
MOST_PERCENT = 1.0
LOOKED_AT = [
    "number", "number_to_mend", "dues", "dues_with_errors", "recap", "paid", "declined", "followed",
    "verification",
]  # fmt: skip


def difference_percent(one: Image.Image, other: Image.Image) -> float:
    """Give how much of two pictures differs so that it is seen; all of it where a size differs."""
    if one.size != other.size:
        return 100.0
    grey = ImageChops.difference(one, other).convert("L")
    histogram = grey.histogram()
    return 100 * sum(histogram[SEEN:]) / (one.width * one.height)


def taken(portal: Portal) -> Image.Image:
    """Take the whole page as it stands."""
    portal.page.wait_for_timeout(200)
    picture = portal.page.screenshot(full_page=True, animations="disabled", caret="hide")
    return Image.open(io.BytesIO(picture)).convert("RGB")


@pytest.mark.parametrize("portal", ["fr", "ar"], indirect=True)
@pytest.mark.parametrize("state", LOOKED_AT)
def test_looks(portal: Portal, state: str) -> None:
    """The page looks as it did when somebody looked at it."""
    STATES[state](portal)
    now = taken(portal)
    kept = PICTURES / f"{portal.language}-{state}.webp"
    if os.environ.get("TAKE_SNAPSHOTS"):
        kept.parent.mkdir(exist_ok=True)
        now.save(kept, quality=60, method=6)
    assert difference_percent(now, Image.open(kept).convert("RGB")) <= MOST_PERCENT


def test_a_difference_is_seen() -> None:
    """A word that is missing, a colour or a moved line is more than the tolerance."""
    page = Image.new("RGB", (360, 1000), "white")
    other = page.copy()
    other.paste((0, 80, 60), (20, 200, 200, 224))
    assert difference_percent(page, page) == 0
    assert difference_percent(page, other) > MOST_PERCENT
    assert difference_percent(page, page.resize((360, 1001))) == 100
