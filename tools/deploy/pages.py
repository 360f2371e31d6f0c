"""What a deployment puts into the bucket of pages and takes out of it, and in which order.

Assets are named by their content: new ones come before the pages that name them, and old ones stay
for whoever has an old page open. `release.json` remembers which files the pages of today need.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from local.static import ASSETS, STORED, content_type

RELEASE = "release.json"
KEYS = "keys.json"
# Longer than any page stays in use: a session is over after four hours.
WORN_OUT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Put:
    """A file to store, and what S3 is told of it."""

    key: str
    content: bytes
    content_type: str
    cache_control: str | None

    def described(self) -> str:
        """Give a line that says what is stored how."""
        return f"{self.key}  {self.content_type}  {self.cache_control or '(as the CDN says)'}"


@dataclass(frozen=True, slots=True)
class Release:
    """The files of the pages that are served, and since when."""

    at: datetime
    commit: str
    files: frozenset[str]

    @classmethod
    def read(cls, text: str) -> "Release":
        """Read `release.json`."""
        said: dict[str, Any] = json.loads(text)
        return cls(datetime.fromisoformat(said["at"]), said["commit"], frozenset(said["files"]))

    def written(self) -> bytes:
        """Write `release.json`."""
        said = {"at": self.at.isoformat(), "commit": self.commit, "files": sorted(self.files)}
        return (json.dumps(said, indent=1) + "\n").encode()


def puts(root: Path, keys: bytes, release: Release, remote: Iterable[str]) -> list[Put]:
    """Give what to store, in order: keys, assets that are not there, pages, release."""
    missing = sorted(release.files - {RELEASE, KEYS})
    contents = {name: (root / name).read_bytes() for name in missing}
    assets = [name for name in contents if _is_asset(name) and name not in set(remote)]
    pages = [name for name in contents if not _is_asset(name)]
    return [
        _put(KEYS, keys),
        *(_put(name, contents[name]) for name in assets),
        *(_put(name, contents[name]) for name in pages),
        _put(RELEASE, release.written()),
    ]


def removals(coming: Release, live: Release | None, remote: Iterable[str]) -> list[str]:
    """Give what to delete once all is stored.

    Pages that are no more; and assets that neither the coming pages need nor those that they
    replace, unless these are so young that somebody may still have older ones open.
    """
    kept = coming.files | (live.files if live else frozenset())
    old_enough = live is not None and coming.at - live.at > WORN_OUT
    return sorted(
        name
        for name in remote
        if name not in coming.files and (not _is_asset(name) or (old_enough and name not in kept))
    )


def files_of(root: Path) -> frozenset[str]:
    """Give the names of all files of a built site, and of the two that a deployment adds."""
    built = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    return frozenset(built | {RELEASE, KEYS})


def merged_keys(current: Iterable[Mapping[str, str]], before: str | None) -> bytes:
    """Write `/keys.json`: the keys of today first, and every earlier one for older receipts."""
    keys = {key["kid"]: dict(key) for key in current}
    for key in json.loads(before)["keys"] if before else ():
        keys.setdefault(key["kid"], key)
    return (json.dumps({"keys": list(keys.values())}, indent=1) + "\n").encode()


def _put(name: str, content: bytes) -> Put:
    cache_control = None if _is_asset(name) else STORED["Cache-Control"]
    return Put(name, content, content_type(Path(name)), cache_control)


def _is_asset(name: str) -> bool:
    return f"/{name}".startswith(ASSETS)
