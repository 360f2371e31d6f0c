"""`make dev` on a copy of the tree: what is saved is seen without a start."""

import json
import queue
import shutil
import signal
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import pytest

from local import dev
from tests import stack
from tests.stack import ROOT, Running

COPIED = ("cmi_simulator", "functions", "infra", "local", "locales", "site")
SECONDS = 60.0  # generous: the machine that runs the tests may be busy
HOME = "site/templates/pages/index.html"
VERSION = "functions/shared/__init__.py"


@dataclass(frozen=True, slots=True)
class Watched:
    """A copy of the tree with its stack; `lines` is what the stack says, in order."""

    root: Path
    running: Running
    lines: "queue.Queue[str]"

    def change(self, path: str, change: Callable[[str], str]) -> str:
        """Change a file, and give the first line that names it."""
        file = self.root / path
        file.write_text(change(file.read_text(encoding="utf-8")), encoding="utf-8")
        limit = time.monotonic() + SECONDS
        while path not in (line := self.lines.get(timeout=limit - time.monotonic())):
            pass
        return line

    def read(self, path: str) -> str:
        """Read a page or an answer."""
        with urllib.request.urlopen(f"{self.running.portal}{path}", timeout=20) as answer:  # noqa: S310 - the stack's own address
            return str(answer.read().decode())


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    root = tmp_path_factory.mktemp("tree")
    for name in COPIED:
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "openapi.json", root)
    with stack.running("dev", root) as running:
        lines: queue.Queue[str] = queue.Queue()
        output = running.process.stdout
        assert output
        reader = threading.Thread(target=_pass_on, args=[output, lines], daemon=True)
        reader.start()
        assert "Watching" in lines.get(timeout=SECONDS)
        yield Watched(root, running, lines)
        running.process.send_signal(signal.SIGINT)
        running.process.wait(SECONDS)
        reader.join(SECONDS)
    assert running.process.returncode == 0


def _pass_on(output: TextIO, lines: "queue.Queue[str]") -> None:
    for line in output:
        lines.put(line)


def test_page(watched: Watched) -> None:
    """A template that is saved is on its page when the line is printed."""
    assert "Saved just now" not in watched.read("/fr/")
    line = watched.change(HOME, lambda text: text.replace("</h1>", " Saved just now</h1>"))
    assert line == f"{HOME}: pages built.\n"
    assert "Saved just now" in watched.read("/fr/")


def test_broken_page(watched: Watched) -> None:
    """A page that cannot be built says why and leaves the old ones; mended, it is built."""
    before = watched.read("/fr/services/")
    page = "site/templates/pages/services.html"
    good = (watched.root / page).read_text(encoding="utf-8")
    assert "The site was not built" in watched.change(page, lambda text: text + "{% oops %}")
    said = watched.lines.get(timeout=SECONDS)
    while "oops" not in said:
        said += watched.lines.get(timeout=SECONDS)
    assert watched.read("/fr/services/") == before
    assert "pages built" in watched.change(page, lambda _: good + "<!-- mended -->")


def test_function(watched: Watched) -> None:
    """A function that is saved answers by its new code from the next call on."""
    line = watched.change(VERSION, lambda text: text + '\nVERSION = "9.9.9"\n')
    assert line == f"{VERSION}: functions restarted.\n"
    assert json.loads(watched.read("/api/health"))["version"] == "9.9.9"


def test_broken_function(watched: Watched) -> None:
    """A function that does not load any more is named, with its log; mended, it serves again."""
    handler = "functions/lookup/handler.py"
    good = (watched.root / handler).read_text(encoding="utf-8")
    line = watched.change(handler, lambda text: text + "\noops(\n")
    assert "LookupFunction does not load, see build/" in line
    assert "functions.log" in line
    assert "restarted" in watched.change(handler, lambda _: good)
    assert json.loads(watched.read("/api/health"))["status"] == "ok"


@pytest.mark.parametrize("path", ["infra/template.yaml", "local/welcome.py"])
def test_read_at_start(watched: Watched, path: str) -> None:
    """What only a start reads is named in one line that says so."""
    line = watched.change(path, lambda text: text + "\n# changed\n")
    assert line == f"{path}: stop and start again to use it.\n"


def test_what_is_watched(tmp_path: Path) -> None:
    """New, changed and deleted files are seen; what Python and editors leave there is not."""
    for name in ("site/a.html", "site/b.html", "functions/lookup/handler.py", "docs/readme.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("1")
    before = dev.tree(tmp_path)
    for name in ("site/.a.html.swp", "site/a.html~", "functions/__pycache__/x.pyc", "docs/new.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("2")
    assert dev.changed(before, dev.tree(tmp_path)) == []
    (tmp_path / "site/a.html").unlink()
    (tmp_path / "site/b.html").write_text("12")
    (tmp_path / "openapi.json").write_text("{}")
    assert dev.changed(before, dev.tree(tmp_path)) == ["openapi.json", "site/a.html", "site/b.html"]
