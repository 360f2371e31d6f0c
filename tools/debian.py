"""Install the Debian packages that the tests use, where they are missing.

As root or with sudo they are installed; else one line names them. Other systems get the line too.
"""

import os
import shutil
import subprocess
import sys

# command that shows a package is there -> package
PACKAGES = {
    "chromium-headless-shell": "chromium-headless-shell",
    "fc-list": "fontconfig",
    "java": "default-jre-headless",
    "npm": "npm",
    "pdftotext": "poppler-utils",
    "zbarimg": "zbar-tools",
}
FONTS = "fonts-noto-core"  # Arabic and Tifinagh as a phone has them


def missing() -> list[str]:
    """Name the packages that are not there."""
    packages = [package for command, package in PACKAGES.items() if not shutil.which(command)]
    known = subprocess.run(["fc-list"], capture_output=True, text=True, check=False).stdout \
        if shutil.which("fc-list") else ""  # fmt: skip
    return packages if "NotoNaskhArabic" in known else [*packages, FONTS]


def main() -> int:
    """Install what is missing; give 1 and say what to do where that is not possible."""
    packages = missing()
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
