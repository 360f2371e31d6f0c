import subprocess

import pytest

from functions.shared.rules.languages import LANGUAGES
from local import programs, resources, settings


def test_all_of_them() -> None:
    """Whoever works on the portal sees every language, those that await a reviewer too."""
    assert settings.read({}).languages == tuple(LANGUAGES)
    assert resources.parameters(settings.read({}))["Languages"] == ",".join(LANGUAGES)


def test_one_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    """PORTAL_LANGUAGES shows what a deployment would: to the functions and in the pages alike."""
    told = settings.read({"PORTAL_LANGUAGES": "ar,fr"})
    assert resources.parameters(told)["Languages"] == "fr,ar"
    begun: list[list[str]] = []
    monkeypatch.setattr(subprocess, "Popen", lambda command, **_: begun.append(command))
    programs.build_site(told)
    (command,) = begun
    assert command[command.index("--languages") + 1] == "fr,ar"


@pytest.mark.parametrize("listed", ["ar", "fr,xx", "fr fr"])
def test_refused(listed: str) -> None:
    """A value that is no list of languages is named, with what can be given."""
    with pytest.raises(
        settings.Unusable, match=r"^PORTAL_LANGUAGES is '.*': give fr and others of"
    ):
        settings.read({"PORTAL_LANGUAGES": listed})
