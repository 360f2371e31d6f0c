"""What `infra/samconfig.toml` says of a stage: dev, staging or production."""

import shlex
import tomllib
from pathlib import Path
from typing import Any

from tools.artifact import described

PATH = Path(__file__).resolve().parent.parent / "infra" / "samconfig.toml"
STAGES = ("dev", "staging", "production")


def settings(stage: str, command: str = "deploy", path: Path = PATH) -> dict[str, Any]:
    """Give what SAM is told of a stage for one of its commands; empty where nothing stands."""
    if not path.is_file():
        return {}
    of_stage = tomllib.loads(path.read_text("utf-8")).get(stage, {})
    return {
        name: value
        for part in ("global", command)
        for name, value in of_stage.get(part, {}).get("parameters", {}).items()
    }


def parameters(stage: str, path: Path = PATH) -> dict[str, str]:
    """Give the template's parameters of a stage: as the file says, else their defaults."""
    defaults = {
        name: str(one["Default"])
        for name, one in described()["Parameters"].items()
        if "Default" in one
    }
    return defaults | given(stage, path)


def given(stage: str, path: Path = PATH) -> dict[str, str]:
    """Give the parameters that the file names; SAM writes one text, people a list of texts."""
    found = settings(stage, path=path).get("parameter_overrides", [])
    words = shlex.split(found) if isinstance(found, str) else found
    return dict(word.partition("=")[::2] for word in words)
