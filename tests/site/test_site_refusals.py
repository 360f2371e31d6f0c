import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from build import Options, build, main
from functions.shared.rules.languages import LANGUAGES
from refusal import BuildError

ROOT = Path(__file__).resolve().parents[2]


def edited(tmp_path: Path, language: str, edit: Callable[[str], str]) -> Options:
    """Options of a build whose catalogue of that language was edited."""
    locales = tmp_path / "locales"
    shutil.copytree(ROOT / "locales", locales)
    path = locales / language / "LC_MESSAGES" / "site.po"
    before = path.read_text("utf-8")
    after = edit(before)
    assert after != before
    path.write_text(after, "utf-8")
    return Options(tmp_path / "out", locales=locales)


def without(key: str) -> Callable[[str], str]:
    entry = re.compile(rf'msgid "{re.escape(key)}"\n(?:(?:msg|").*\n)+')
    return lambda text: entry.sub("", text)


@pytest.mark.parametrize(("language", "key"), [("ar", "notfound.title"), ("fr", "money")])
def test_a_missing_word(tmp_path: Path, language: str, key: str) -> None:
    """A word that one language lacks stops the build, which names both and writes nothing."""
    options = edited(tmp_path, language, without(key))
    with pytest.raises(BuildError, match=f"^{language}: {re.escape(key)} is missing$"):
        build(options)
    assert not options.out.exists()


def test_every_missing_word_at_once(tmp_path: Path) -> None:
    """A translator sees all that is missing, not one word a build."""
    options = edited(tmp_path, "ar", lambda text: without("home.lead")(without("menu.home")(text)))
    with pytest.raises(BuildError) as refused:
        build(options)
    assert sorted(str(refused.value).splitlines()) == [
        "ar: home.lead is missing",
        "ar: menu.home is missing",
    ]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace('msgid "menu.home"', '#, fuzzy\nmsgid "menu.home"'),
        lambda text: re.sub(r'(msgid "menu.home"\nmsgstr ").*"', r'\1"', text),
    ],
    ids=["fuzzy", "empty"],
)
def test_an_unfinished_word(tmp_path: Path, change: Callable[[str], str]) -> None:
    """A guessed or empty translation never reaches a payer."""
    with pytest.raises(BuildError, match=r"ar: not translated: menu\.home"):
        build(edited(tmp_path, "ar", change))


def test_a_placeholder_nobody_fills(tmp_path: Path) -> None:
    """A sentence that asks for what its page does not give stops the build."""
    options = edited(tmp_path, "ar", lambda text: text.replace("{total}", "{sum}"))
    with pytest.raises(BuildError, match=r"ar: terms\.fee\.example wants .*sum"):
        build(options)


def test_an_error_without_its_sentence(tmp_path: Path) -> None:
    """A code that the API may answer has a sentence in every language, or nothing is built."""
    openapi = json.loads((Options.openapi).read_text("utf-8"))
    openapi["paths"]["/api/lookup"]["post"]["x-codes"].append("moon_is_full")
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(openapi), "utf-8")
    with pytest.raises(BuildError) as refused:
        build(Options(tmp_path / "out", openapi=path))
    said = str(refused.value).splitlines()
    assert said == [f"{it}: error.moon_is_full is missing" for it in LANGUAGES]


def test_an_operation_that_lists_no_codes(tmp_path: Path) -> None:
    """Pages do not guess which errors an operation has."""
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps({"paths": {}}), "utf-8")
    with pytest.raises(BuildError, match=r"does not list the codes of POST /api/"):
        build(Options(tmp_path / "out", openapi=path))


def test_production_refuses_model_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody pays under terms that the fund has not written."""
    out = tmp_path / "out"
    assert main(["--production", "--out", str(out)]) == 1
    assert "model text" in capsys.readouterr().err
    assert not out.exists()


def test_model_text_says_so(site: Path) -> None:
    """Until then the fund's texts carry a note that people and programs can read."""
    for language in LANGUAGES:
        for page, text in (("conditions", "terms"), ("confidentialite", "privacy")):
            said = (site / language / page / "index.html").read_text("utf-8")
            assert f'data-model-text="{text}"' in said


def test_a_production_build_of_the_funds_own_text(tmp_path: Path) -> None:
    """With the fund's text in place the same command builds, and the note is gone."""
    sources = tmp_path / "site"
    shutil.copytree(ROOT / "site", sources)
    legal = sources / "templates" / "legal" / "legal.toml"
    legal.write_text(legal.read_text("utf-8").replace("model_text = true", "model_text = false"))
    build(Options(tmp_path / "out", sources=sources, production=True))
    pages = list((tmp_path / "out").rglob("*.html"))
    assert pages
    assert not [it for it in pages if "data-model-text" in it.read_text("utf-8")]


def test_a_folder_that_is_not_ours(tmp_path: Path) -> None:
    """A slip in --out never clears somebody's folder."""
    letter = tmp_path / "letter.txt"
    letter.write_text("mine", "utf-8")
    with pytest.raises(BuildError, match="holds other files"):
        build(Options(tmp_path))
    assert letter.read_text("utf-8") == "mine"


def test_a_second_build_touches_only_what_changed(tmp_path: Path) -> None:
    """Building again leaves files as they are, and removes one that is no more."""
    out = tmp_path / "out"
    build(Options(out))
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*") if path.is_file()}
    (out / "assets" / "asvi.0000000000.css").write_text("old", "utf-8")
    build(Options(out))
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*") if path.is_file()} == before
