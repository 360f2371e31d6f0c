import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from local import bootstrap

ROOT = Path(__file__).parents[2]
OLDEST_READER = (3, 6)


def run(folder: Path, *words: str, path: Path) -> subprocess.CompletedProcess[str]:
    """Run a copy of the bootstrap in `folder`, with no other program than those in `path`."""
    (folder / "local").mkdir(exist_ok=True)
    (folder / "requirements").mkdir(exist_ok=True)
    (folder / "requirements" / "run.txt").write_text("nothing==1\n")
    shutil.copy(ROOT / "local" / "bootstrap.py", folder / "local")
    return subprocess.run(
        [sys.executable, str(folder / "local" / "bootstrap.py"), *words],
        env={"PATH": str(path)},
        capture_output=True,
        text=True,
        check=False,
    )


def fake_python(folder: Path, name: str, script: str) -> None:
    """Put a program called as a Python into a folder."""
    folder.mkdir(exist_ok=True)
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def test_old_python_can_read_it() -> None:
    """The bootstrap is in the language of Python 3.6, so that an old Python can say what to do."""
    source = (ROOT / "local" / "bootstrap.py").read_text()
    tree = ast.parse(source, feature_version=OLDEST_READER)
    modules = {
        name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names
    }
    assert modules <= sys.stdlib_module_names


def test_no_python(tmp_path: Path) -> None:
    """Without a Python that is new enough, one line says which is needed and how to get it."""
    fake_python(tmp_path / "bin", "python3", "exit 1")
    done = run(tmp_path, "install", path=tmp_path / "bin")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "Python 3.11 or newer is needed" in done.stderr
    assert "apt install" in done.stderr


def test_no_venv(tmp_path: Path) -> None:
    """A Python without venv, as on a bare Debian, is named with the package to install."""
    script = 'case "$2" in *ensurepip*) exit 1;; *print*) echo 3.12;; esac'
    fake_python(tmp_path / "bin", "python3", script)
    done = run(tmp_path, "install", path=tmp_path / "bin")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "apt install python3.12-venv" in done.stderr


def test_failed_step(tmp_path: Path) -> None:
    """An installation that fails ends with one line of what to look at, and is tried again."""
    script = 'case "$*" in *"-m venv"*) exit 1;; esac'
    fake_python(tmp_path / "bin", "python3.13", script)
    done = run(tmp_path, "install", path=tmp_path / "bin")
    assert done.returncode == 1
    assert "Not installed" in done.stderr
    assert not list(tmp_path.glob(".venv/installed-*"))


def test_installed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is installed when it is new or changed, and skipped when it is neither."""
    commands: list[list[str]] = []
    monkeypatch.setattr(bootstrap, "VENV", tmp_path)
    monkeypatch.setattr(bootstrap, "runs", lambda *_: True)
    monkeypatch.setattr(bootstrap, "step", lambda command, *_: commands.append(command))
    monkeypatch.setattr(bootstrap, "indexes", dict)
    wanted = tmp_path / "run.txt"
    for content in ("a==1", "a==1", "a==2"):
        wanted.write_text(content)
        bootstrap.install([wanted])
    installs = [command for command in commands if str(wanted) in command]
    assert len(installs) == 2
    assert all("--require-hashes" in command for command in commands)


def test_index_of_pip(monkeypatch: pytest.MonkeyPatch) -> None:
    """The installer uv is told the index that pip is set to, unless it was told one itself."""
    listed = "global.index-url='https://a.example/simple'\n:env:.find-links='/one /two'"
    monkeypatch.setattr(bootstrap, "said", lambda _: listed)
    for variable in [name for name in os.environ if name.startswith("UV_")]:
        monkeypatch.delenv(variable)
    told = bootstrap.indexes()
    assert told["UV_DEFAULT_INDEX"] == "https://a.example/simple"
    assert told["UV_FIND_LINKS"] == "/one,/two"
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://b.example/simple")
    assert "UV_DEFAULT_INDEX" not in bootstrap.indexes()


def test_unknown_word(tmp_path: Path) -> None:
    """A word that means nothing gets the words that do."""
    done = run(tmp_path, "fly", path=tmp_path)
    assert done.returncode == 1
    assert "bootstrap.py run" in done.stderr
