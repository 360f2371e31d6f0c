import shutil
from pathlib import Path

import pytest

from build import Options, build
from refusal import BuildError

ROOT = Path(__file__).resolve().parents[2]
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1H0z"/></svg>'


def with_mark(tmp_path: Path, name: str) -> Options:
    """Options of a build whose fund has named its own mark."""
    sources = tmp_path / "site"
    shutil.copytree(ROOT / "site", sources)
    legal = sources / "templates" / "legal" / "legal.toml"
    before = legal.read_text("utf-8")
    legal.write_text(before.replace('mark = "mark.svg"', f'mark = "{name}"'), "utf-8")
    return Options(tmp_path / "out", sources=sources)


def test_the_mark_is_one_setting(tmp_path: Path) -> None:
    """The fund's own mark stands in every header, on every tab and at the entrance; ours nowhere."""
    options = with_mark(tmp_path, "fund.svg")
    (options.sources / "templates" / "legal" / "fund.svg").write_text(PICTURE, "utf-8")
    build(options)
    pages = list(options.out.rglob("*.html"))
    assert len(pages) > 40
    for page in pages:
        text = page.read_text("utf-8")
        assert text.count("/assets/fund.") == 2
        assert "mark." not in text


def test_a_mark_that_is_missing(tmp_path: Path) -> None:
    """A mark that nobody put there stops the build, in words."""
    with pytest.raises(BuildError, match=r"no lost\.svg"):
        build(with_mark(tmp_path, "lost.svg"))
