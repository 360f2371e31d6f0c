"""`make build`: the same commit gives the same bytes, and what is too large or unclear is refused."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.artifact.conftest import HERE
from tools import build, stages
from tools.artifact import PLATFORMS, ROOT, Target, described, folder_of, install, target
from tools.pack import MIB, Packed, pack

PACKED = Packed(Path("Some.zip"), 5 * MIB, 20 * MIB, "c2hh", modules=700, compiled=700)


def copied_tree(into: Path) -> Path:
    """Copy what is in the tree to another place."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "functions", "infra", "local", "tools"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    for name in filter(lambda name: (ROOT / name).is_file(), listed):
        (into / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, into / name)
    (into / ".venv").symlink_to(ROOT / ".venv")
    return into


def made(tree: Path, seed: str) -> Packed:
    """Make the callback's artifact by the recipe of a tree, and pack it."""
    out = tree / "out"
    out.mkdir()
    told = os.environ | {
        "ASVI_RUNTIME": HERE.runtime, "ASVI_ARCHITECTURE": HERE.architecture,
        "ARTIFACTS_DIR": str(out), "PYTHONHASHSEED": seed,
    }  # fmt: skip
    command = ["make", "--silent", "--makefile", "functions/Makefile", "build-CallbackFunction"]
    subprocess.run(command, cwd=tree, env=told, check=True)
    return pack(out, tree / "callback.zip")


def test_same_hash(tmp_path: Path) -> None:
    """Two builds of the same files in other places give the same zip: anybody can check one."""
    trees = [copied_tree(tmp_path / name) for name in ("one", "another/deeper")]
    first, second = (made(tree, seed) for tree, seed in zip(trees, ("1", "2"), strict=True))
    assert first.code_sha256 == second.code_sha256
    assert first.compiled == first.modules > 500


def test_of_the_runtime(tmp_path: Path) -> None:
    """Wheels are those of the template's runtime and processor, whatever builds here."""
    wanted = target()
    assert wanted == Target("python3.14", "arm64")
    install(ROOT / "functions" / "requirements.txt", tmp_path, wanted)
    (native,) = tmp_path.glob("pydantic_core/_pydantic_core*.so")
    assert native.name == "_pydantic_core.cpython-314-aarch64-linux-gnu.so"


def test_targets() -> None:
    """Every processor that the template offers can be built for."""
    offered = described()["Parameters"]["Architecture"]["AllowedValues"]
    assert set(offered) == set(PLATFORMS)


def test_stranger() -> None:
    """A name that is no function of the template is refused before anything is fetched."""
    with pytest.raises(LookupError, match="no function TableFunction"):
        folder_of("TableFunction")


def test_over_budget() -> None:
    """An artifact that has grown past its budget is named, with what to do."""
    grown = replace(PACKED, zipped_bytes=build.BUDGET_MIB * MIB + 1)
    assert build.over_budget({"LookupFunction": PACKED}) == []
    (line,) = build.over_budget({"LookupFunction": grown, "LetterFunction": grown})
    assert line.startswith("LookupFunction has 9.0 MiB, more than its 9 MiB")


def test_says_whether_compiled() -> None:
    """Whoever builds reads sizes and hashes, and is told where byte code is missing."""
    good = build.table(HERE, {"LookupFunction": PACKED})
    assert good.endswith(f"Byte-compiled by {HERE.runtime}.")
    assert "c2hh" in good
    assert "5.0" in good
    bare = build.table(target(), {"LookupFunction": replace(PACKED, compiled=0)})
    assert "NOT byte-compiled: there is no python3.14 on this machine" in bare


def test_zips_named(tmp_path: Path) -> None:
    """The built template names our zips; one that names a function otherwise is refused."""
    built = tmp_path / "template.yaml"
    built.write_text("      CodeUri: LookupFunction\n      CodeUri: LookupFunctionOther\n")
    build._name_zips(built, ["LookupFunction"])
    assert "CodeUri: LookupFunction.zip\n      CodeUri: LookupFunctionOther\n" in built.read_text()
    with pytest.raises(build.BuildError, match="does not name"):
        build._name_zips(built, ["LookupFunction"])


@pytest.mark.parametrize("written", ['["PortalUrl=https://a.example", "Stage=dev"]',
                                     '\'PortalUrl="https://a.example" Stage="dev"\''])  # fmt: skip
def test_stage_settings(tmp_path: Path, written: str) -> None:
    """A stage's parameters are read as people write them and as SAM does; others keep defaults."""
    config = tmp_path / "samconfig.toml"
    config.write_text(
        f'[dev.global.parameters]\nstack_name = "a"\n[dev.deploy.parameters]\n'
        f"parameter_overrides = {written}\n"
    )
    given = stages.parameters("dev", config)
    assert (given["PortalUrl"], given["Stage"], given["Payments"]) == (
        "https://a.example", "dev", "open",
    )  # fmt: skip
    assert stages.settings("dev", path=config)["stack_name"] == "a"
    assert stages.settings("staging", path=config) == {}


def test_production_refuses_model_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Production is not built while the legal pages are models: the fund replaces them first."""
    given = {"PortalUrl": "https://asvi.example", "Languages": "fr,ar"}
    monkeypatch.setattr(stages, "parameters", lambda _: given)
    with pytest.raises(build.BuildError, match="model text"):
        build.site("production", tmp_path / "production")
    assert not (tmp_path / "production").exists()
    build.site("staging", tmp_path / "staging")
    home = (tmp_path / "staging" / "fr" / "index.html").read_text()
    assert "https://asvi.example" in home
    assert not (tmp_path / "staging" / "en").exists()
    assert capfd.readouterr().out.startswith("Pages of staging, for https://asvi.example")


def test_pages_need_an_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of a stage without an address are not built for another one's."""
    monkeypatch.setattr(stages, "parameters", lambda _: {})
    with pytest.raises(build.BuildError, match="gives no PortalUrl for dev"):
        build.site("dev", tmp_path)


def test_python_of_this_machine() -> None:
    """The tests' own target is this machine's, so that what they run is what they read."""
    assert HERE.interpreter
    assert HERE.version == f"{sys.version_info.major}.{sys.version_info.minor}"
