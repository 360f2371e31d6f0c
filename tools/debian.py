"""Install the Debian packages that the tests use, where they are missing.

As root or with sudo they are installed; else one line names them. Other systems get the line too.
"""

import os
import shutil
import subprocess
import sys
from ctypes.util import find_library

# command that shows a package is there -> package
PACKAGES = {
    "chromium-headless-shell": "chromium-headless-shell",
    "fc-list": "fontconfig",
    "java": "default-jre-headless",
    "npm": "npm",
    "pdftotext": "poppler-utils",
    "zbarimg": "zbar-tools",
}
# Besides, with the word `bench`: Hugo, and libraries of WeasyPrint's.
BENCH = {"hugo": "hugo"}
LIBRARIES = {
    "pango-1.0": "libpango-1.0-0",
    "pangoft2-1.0": "libpangoft2-1.0-0",
    "harfbuzz-subset": "libharfbuzz-subset0",
}
FONTS = "fonts-noto-core"  # Arabic and Tifinagh as a phone has them


def missing(*, bench: bool) -> list[str]:
    """Name the packages that are not there."""
    wanted = PACKAGES | BENCH if bench else PACKAGES
    packages = [package for command, package in wanted.items() if not shutil.which(command)]
    if bench:
        packages += [package for name, package in LIBRARIES.items() if not find_library(name)]
    known = subprocess.run(["fc-list"], capture_output=True, text=True, check=False).stdout \
        if shutil.which("fc-list") else ""  # fmt: skip
    return packages if "NotoNaskhArabic" in known else [*packages, FONTS]


def main() -> int:
    """Install what is missing; give 1 and say what to do where that is not possible."""
    packages = missing(bench="bench" in sys.argv)
    if not packages:
        return 0
    rights = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if not shutil.which("apt-get") or (rights and not _may(rights)):
        print(f"The tests need these Debian packages: sudo apt-get install {' '.join(packages)}")
        return 1
    print(f"Installing {' '.join(packages)} ...", flush=True)
    apt = [*rights, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    quiet = ["-o=Dpkg::Use-Pty=0", "-q"]
    if subprocess.call([*apt, "update", "-q"]) or subprocess.call(
        [*apt, "install", "-y", "--no-install-recommends", *quiet, *packages]
    ):
        print(f"apt could not install them. Try: sudo apt-get install {' '.join(packages)}")
        return 1
    return 0


def _may(rights: list[str]) -> bool:
    return bool(shutil.which(rights[0])) and subprocess.call([*rights, "true"]) == 0


if __name__ == "__main__":
    sys.exit(main())
