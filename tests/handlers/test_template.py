"""What the template promises of each function: its routes, its environment, its permissions."""

import json
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from functions.shared import settings
from functions.shared.aws import secrets
from tests.handlers.test_letter import paid
from tests.handlers.test_letter_again import again, asked_letters, news
from tests.handlers.test_receipt import handle
from tests.handlers.wire import registered
from tests.portal import TEMPLATE, Json, Portal

OPENAPI = json.loads((Path(__file__).parents[2] / "openapi.json").read_text("utf-8"))
FUNCTIONS = {function.name: function for function in TEMPLATE.functions()}
# What an action of a transaction needs (DynamoDB developer guide, "IAM and transactions").
PARTS = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}
SERVING = sorted(set(TEMPLATE.routes().values()))
NOBODY = ""
SERVICES = {"sesv2": "ses"}
TOLD = [
    (name, variable)
    for name, function in FUNCTIONS.items()
    for variable in sorted(function.environment)
    if not variable.startswith("POWERTOOLS_")
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


def _actions(service: str, operation: str, params: Json) -> set[str]:
    """Name the permissions that a call needs."""
    if operation == "TransactWriteItems":
        kinds = {kind for item in params["TransactItems"] for kind in item}
        return {f"dynamodb:{PARTS[kind]}" for kind in kinds}
    return {f"{SERVICES.get(service, service)}:{operation}"}


def test_permissions(portal: Portal) -> None:
    """Each function may do what it does, and nothing that it does not (`reliability.md` §6.3)."""
    done: dict[str, set[str]] = {name: set() for name in SERVING}
    running = [NOBODY]
    invoke = Portal.invoke

    def note(event_name: str, params: Json, **_: Any) -> None:  # noqa: ANN401 - botocore's shape
        service, operation = event_name.split(".")[1:]
        if running[0] in done:
            needed = _actions(service.replace("-", ""), operation, params)
            done[running[0]] |= needed

    def noted(self: Portal, function: str, event: Json) -> Json:
        running[0] = function
        secrets._kept.clear()  # each function is a container of its own
        try:
            return invoke(self, function, event)
        finally:
            running[0] = NOBODY

    with patch.object(Portal, "invoke", noted), registered("provide-client-params", note):
        _everything(portal)
    assert done == {name: _allowed(name) for name in SERVING}


def _everything(portal: Portal) -> None:
    """Do all that the functions do: pay, look, lose a race, ask again, hear of a bounce."""
    lost = portal.checkout().json
    order = paid(portal)
    portal.verdict(lost, TransId="T2")
    portal.stream()
    asked_letters(portal)
    news(portal, order, "Bounce")
    asked = {"handle": handle(portal, order)}
    portal.post("/api/receipt/letter", asked | {"email": "b@example.ma"})
    portal.receipt(order)
    again(portal, order)
    portal.post("/api/receipt/pdf", asked)
    portal.now += timedelta(hours=1)
    portal.invoke("LetterFunction", {"sweep": True})


def _allowed(name: str) -> set[str]:
    """Give the actions that the template allows a function, none of them on everything."""
    statements = [
        statement
        for policy in TEMPLATE.source["Resources"][name]["Properties"]["Policies"]
        for statement in policy["Statement"]
    ]
    allowed: set[str] = set()
    for statement in statements:
        assert statement["Effect"] == "Allow"
        assert statement["Resource"] != "*"
        actions = statement["Action"]
        allowed |= {actions} if isinstance(actions, str) else set(actions)
    assert not any("*" in action for action in allowed)
    return allowed
