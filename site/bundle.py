"""One stylesheet out of the components' own, and names that follow their files' content."""

import hashlib
import re
from pathlib import Path

from refusal import BuildError

CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
CSS_SPACE = re.compile(r"\s*([{};,])\s*|\s+")
CSS_URL = re.compile(r'url\("([\w.-]+)"\)')


def hashed_name(name: str, content: bytes) -> str:
    """`asvi.css` → `asvi.<ten hex digits of the content's SHA-256>.css`."""
    stem, _, suffix = name.partition(".")
    return f"{stem}.{hashlib.sha256(content).hexdigest()[:10]}.{suffix}"


def stylesheet(paths: list[Path], urls: dict[str, str]) -> str:
    """Join the sheets in the order given, smaller; `url("name")` points at the hashed file."""
    text = CSS_COMMENT.sub("", "".join(path.read_text("utf-8") for path in paths))
    short = CSS_SPACE.sub(lambda found: found[1] or " ", text)
    return CSS_URL.sub(lambda found: f'url("{_known(found[1], urls)}")', short).strip()


def _known(name: str, urls: dict[str, str]) -> str:
    if name not in urls:
        raise BuildError(f"a stylesheet names {name}, which is not among the assets")
    return urls[name]
