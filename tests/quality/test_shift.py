"""Nothing moves under a thumb: pages come as they stay."""

import pytest

from tests.pages.expectations import EVERY_LANGUAGE
from tests.pages.portal import SAMPLES, Portal
from tests.pages.test_access import STATES

# The sum of Chromium's layout shifts that no input caused (web.dev, "Cumulative Layout Shift").
SHIFTS = """
  globalThis.moved = 0;
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) if (!one.hadRecentInput) globalThis.moved += one.value;
  }).observe({ type: 'layout-shift', buffered: true });
"""
STILL = ["number", "dues", "recap", "paid", "follow_up", "verification", "nothing"]


@EVERY_LANGUAGE
@pytest.mark.parametrize("state", STILL)
def test_still(portal: Portal, state: str) -> None:
    """Once something is shown, what comes later pushes nothing away."""
    portal.page.add_init_script(SHIFTS)
    STATES[state](portal)
    portal.page.wait_for_timeout(300)
    assert portal.page.evaluate("moved") < 0.01


def test_many_dues(portal: Portal) -> None:
    """A long list stands still too."""
    portal.page.add_init_script(SHIFTS)
    portal.at_dues(dues=SAMPLES["three_dues"])
    portal.page.wait_for_timeout(300)
    assert portal.page.evaluate("moved") < 0.01
