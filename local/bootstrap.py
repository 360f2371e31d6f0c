"""Find a Python, make .venv, install what is locked, then start the portal.

    bootstrap.py run                     everything `make run` needs, then the portal
    bootstrap.py dev                     the same, and what changes is taken up as it changes
    bootstrap.py install [FILE ...]      only install requirements files (default: run's)
    bootstrap.py install --into DIR FILE ...
                                         into an environment of their own beside .venv

Standard library only, and readable by any Python since 3.6, so that an old one can say which it
needs: types of 3.9 are therefore quoted, and no newer syntax is used.
"""

import ast
import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = str(VENV / "bin" / "python")
UV = VENV / "bin" / "uv"
LOCKED = ROOT / "requirements" / "run.txt"
INSTALLER = ROOT / "requirements" / "uv.txt"
CANDIDATES = ("python3.14", "python3.13", "python3.12", "python3.11", "python3", "python")
NEW_ENOUGH = "import sys; sys.exit(sys.version_info < (3, 11))"
HAS_VENV = "import venv, ensurepip"
VERSION = "import sys; print('%d.%d' % sys.version_info[:2])"
# pip's own setting; the variable by which uv is told the same, and what separates its values.
INDEXES = {
    "index-url": ("UV_DEFAULT_INDEX", " "),
    "extra-index-url": ("UV_INDEX", " "),
    "find-links": ("UV_FIND_LINKS", ","),
    "cert": ("SSL_CERT_FILE", " "),
}


def main(words: "list[str]") -> None:
    """Do what the command line asks; the portal takes the place of this process."""
    if words[:2] == ["install", "--into"]:
        install([Path(word) for word in words[3:]], ROOT / words[2])
    elif words[:1] == ["install"]:
        install([Path(word) for word in words[1:]] or [LOCKED])
    elif words in (["run"], ["dev"]):
        install([LOCKED])
        os.chdir(str(ROOT))
        sys.stdout.flush()
        os.execv(PYTHON, [PYTHON, "-m", "local", *words])  # noqa: S606 - the project's own Python
    else:
        sys.exit(__doc__)


def install(files: "list[Path]", venv: Path = VENV) -> None:
    """Install into `venv` each requirements file that was not installed as it stands now."""
    if not runs(PYTHON, NEW_ENOUGH):
        create()
    for path in files:
        if not path.exists():
            sys.exit(f"{path} is missing: it lists what to install.")
        if not installed(path, venv):
            fill(path, venv)


def create() -> None:
    """Make .venv with the newest Python that can; leave with one clear line if none can."""
    found = [name for name in CANDIDATES if runs(name, NEW_ENOUGH)]
    if not found:
        sys.exit(
            "Python 3.11 or newer is needed and none was found: install it "
            "(on Debian: apt install python3 python3-venv), then run this again."
        )
    able = [name for name in found if runs(name, HAS_VENV)]
    if not able:
        version = said([found[0], "-c", VERSION])
        sys.exit(
            f"{found[0]} is here but cannot make a virtual environment: install its venv "
            f"(on Debian or Ubuntu: apt install python{version}-venv), then run this again."
        )
    print(f"Making .venv with {able[0]} ...", flush=True)
    step([able[0], "-m", "venv", "--clear", str(VENV)])


def fill(path: Path, venv: Path) -> None:
    """Install one locked file with uv, which pip installs first."""
    print(f"Installing {path.name} ...", flush=True)
    if not UV.exists():
        pip = [PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "--require-hashes"]
        step([*pip, "-r", str(INSTALLER)])
    if not venv.exists():
        step([str(UV), "venv", "--quiet", "--python", PYTHON, str(venv)], indexes())
    uv = [str(UV), "pip", "install", "--python", str(venv / "bin" / "python"), "--require-hashes"]
    step([*uv, "-r", str(path)], indexes())
    stamp(path, venv).write_text(digest(path))


def step(command: "list[str]", settings: "dict[str, str] | None" = None) -> None:
    """Run a command that shows its own progress; leave with one line if it fails."""
    if subprocess.call(command, env=dict(os.environ, **(settings or {}))) != 0:
        sys.exit(
            "Not installed; the messages above say why. Is the package index reachable "
            "(PIP_INDEX_URL, or pip's configuration)?"
        )


def indexes() -> "dict[str, str]":
    """Give uv the package index that pip is set to; what is set for uv itself stays."""
    # Every file is checked by its hash, so it does not matter which index gives it.
    told = {"UV_PYTHON_DOWNLOADS": "never", "UV_INDEX_STRATEGY": "unsafe-best-match"}
    for line in said([PYTHON, "-m", "pip", "config", "list"]).splitlines():
        match = re.match(r"(?:global|install|:env:)\.([a-z-]+)=(.+)$", line)
        if match and match.group(1) in INDEXES:
            variable, separator = INDEXES[match.group(1)]
            told[variable] = separator.join(ast.literal_eval(match.group(2)).split())
    return {name: value for name, value in told.items() if name not in os.environ}


def stamp(path: Path, venv: Path) -> Path:
    """Give the file that remembers what was installed from `path`."""
    return venv / f"installed-{path.name}"


def installed(path: Path, venv: Path) -> bool:
    """Say whether `path` was installed as it stands now."""
    mark = stamp(path, venv)
    return mark.exists() and mark.read_text() == digest(path)


def digest(path: Path) -> str:
    """Give the hash of a requirements file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def runs(python: str, code: str) -> bool:
    """Say whether a Python is there and runs `code` without error (a pyenv shim may not)."""
    try:
        quiet = subprocess.DEVNULL
        return subprocess.call([python, "-c", code], stdout=quiet, stderr=quiet) == 0
    except OSError:
        return False


def said(command: "list[str]") -> str:
    """Give what a command prints."""
    return subprocess.check_output(command).decode("utf-8", "replace").strip()


if __name__ == "__main__":
    main(sys.argv[1:])
