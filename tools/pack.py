"""Pack a built function into the one zip that its files can make, and weigh it.

The hash is the one that Lambda shows (`CodeSha256`), so that anybody can build a commit again and
see whether it is what runs.
"""

import base64
import hashlib
import zipfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

MIB = 1 << 20
# The oldest that a zip can tell; and nobody needs to write what Lambda unpacks.
MOMENT = (1980, 1, 1, 0, 0, 0)
READABLE = 0o100644
UNIX = 3


@dataclass(frozen=True, slots=True)
class Packed:
    """A function's zip: sizes in bytes, its hash, and how many modules have byte code."""

    path: Path
    zipped_bytes: int
    unzipped_bytes: int
    code_sha256: str
    modules: int
    compiled: int


def pack(folder: Path, target: Path) -> Packed:
    """Write the files of `folder` to the zip `target`."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    with zipfile.ZipFile(target, "w") as archive:
        for path in files:
            archive.writestr(_entry(path.relative_to(folder)), path.read_bytes())
    content = target.read_bytes()
    kinds = Counter(path.suffix for path in files)
    return Packed(
        path=target,
        zipped_bytes=len(content),
        unzipped_bytes=sum(path.stat().st_size for path in files),
        code_sha256=base64.b64encode(hashlib.sha256(content).digest()).decode(),
        modules=kinds[".py"],
        compiled=kinds[".pyc"],
    )


def _entry(name: Path) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name.as_posix(), MOMENT)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = UNIX
    entry.external_attr = READABLE << 16
    return entry
