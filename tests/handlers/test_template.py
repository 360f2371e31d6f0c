"""What the template promises of each function: its routes and its environment."""

import json
from importlib import import_module
from pathlib import Path

import pytest

from functions.shared import settings
from tests.portal import TEMPLATE, Portal

OPENAPI = json.loads((Path(__file__).parents[2] / "openapi.json").read_text("utf-8"))
FUNCTIONS = {function.name: function for function in TEMPLATE.functions()}
TOLD = [
    (name, variable)
    for name, function in FUNCTIONS.items()
    for variable in sorted(function.environment)
    if not variable.startswith(("POWERTOOLS_", "AWS_"))  # these Powertools and botocore read
]


def model(name: str) -> type[settings.Settings]:
    """Give the settings that a function of the template reads."""
    module = import_module(FUNCTIONS[name].handler.rpartition(".")[0])
    found: type[settings.Settings] = getattr(module, "Settings", settings.Settings)
    return found


def test_routes() -> None:
    """Every operation of the API's description has its route, and no route goes undescribed."""
    described = {
        (method.upper(), path) for path, methods in OPENAPI["paths"].items() for method in methods
    }
    gateway = {(method, path) for method, path in TEMPLATE.routes() if path.startswith("/cmi/")}
    assert set(TEMPLATE.routes()) - gateway == described
    assert gateway == {
        ("POST", "/cmi/callback"), ("POST", "/cmi/return"), ("GET", "/cmi/return"),
        ("POST", "/cmi/cancel"), ("GET", "/cmi/cancel"),
    }  # fmt: skip


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_route_is_answered(portal: Portal, name: str) -> None:
    """A function answers every route that the template sends to it."""
    for (method, path), function in TEMPLATE.routes().items():
        if function == name:
            answer = portal.call(method, path, {} if method == "POST" else None)
            assert answer.code != "not_found" or path.endswith("/receipt")
            assert answer.status < 500


@pytest.mark.parametrize("name", FUNCTIONS)
def test_environment(portal: Portal, name: str) -> None:
    """What a function wants to be told is what the template tells it, and it then starts."""
    told = {variable for function, variable in TOLD if function == name}
    assert told == {field.upper() for field in model(name).model_fields}
    assert settings.read(model(name)).stage == "local"
    assert portal.functions[name].startswith("functions.")


@pytest.mark.parametrize(("name", "variable"), TOLD)
def test_missing_variable(
    portal: Portal, monkeypatch: pytest.MonkeyPatch, name: str, variable: str
) -> None:
    """A function that lacks a variable says which, before it looks at its first event."""
    monkeypatch.delenv(variable)
    settings.read.cache_clear()
    with pytest.raises(settings.SettingsError, match=f"^{variable}: "):
        portal.invoke(name, {})


@pytest.mark.parametrize(
    ("name", "variable", "value"),
    [
        ("LookupFunction", "STAGE", "test"), ("LookupFunction", "FEES", "{}"),
        ("CheckoutFunction", "FEES", '{"LOC": {}, "INT": {}}'), ("CheckoutFunction", "LINE_ITEMS", "1"),
        ("CheckoutFunction", "PAYMENTS", ""), ("CallbackFunction", "EVIDENCE", "none"),
    ],
)  # fmt: skip
def test_wrong_variable(
    portal: Portal, monkeypatch: pytest.MonkeyPatch, name: str, variable: str, value: str
) -> None:
    """A variable of a wrong value is named too, and its value is not told."""
    monkeypatch.setenv(variable, value)
    settings.read.cache_clear()
    with pytest.raises(settings.SettingsError, match=f"^{variable}: "):
        portal.invoke(name, {})
