"""Parts of the bench measured alone: what they need comes with them."""

from pathlib import Path

import pytest

from bench import sections
from bench.sections import weights


def test_alone() -> None:
    """A section brings what it needs, in the order in which it is found; another is told apart."""
    assert sections.wanted(["warm", "cold"]) == ["cold", "warm"]
    assert sections.wanted(["weights"]) == ["site", "weights"]
    assert sections.wanted(["cost"]) == ["cold", "calls", "site", "weights", "letters", "cost"]
    assert sections.wanted(sections.NAMES) == list(sections.NAMES)
    with pytest.raises(ValueError, match="no section colds; there are cold, "):
        sections.wanted(["colds"])


def test_what_is_needed_is_whole() -> None:
    """Nothing that a section needs itself needs what is not listed with it."""
    for name, needed in sections.NEEDS.items():
        assert sections.wanted([name]) == sections.wanted([name, *needed])
        for other in needed:
            assert set(sections.NEEDS.get(other, ())) <= set(needed)


def test_pictures(tmp_path: Path) -> None:
    """A style's picture counts where a page has all classes of one of its rule's selectors."""
    style = tmp_path / "style.css"
    style.write_text(
        '.a .b, .c{background:url("b.svg")} @media print{.a{background:url(a.png)}}'
        "@font-face{src:url(f.woff2)} .a{mask:none} p{background:url(p.svg)} .d{color:red}"
    )
    assert list(weights.shown(style, '<p class="a x">')) == ["a.png"]
    assert list(weights.shown(style, '<p class="c"><i class="b">')) == ["b.svg"]
    assert list(weights.shown(style, "<p>")) == []
