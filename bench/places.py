"""Where the bench finds and leaves things."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HERE = ROOT / "bench"
BUILD = ROOT / "build" / "bench"
RESULTS = ROOT / "docs" / "bench" / "results.json"
# The packages of the contenders, in an environment of their own.
VENV = ROOT / ".venv-bench"
PACKAGES = next(VENV.glob("lib/python*/site-packages"), VENV / "lib")
PYTHON = VENV / "bin" / "python"
NPM = HERE / "npm" / "node_modules"
# The Python of the functions here. What runs under it is told by PYTHONPATH alone.
ISOLATED = (sys.executable, "-S")
