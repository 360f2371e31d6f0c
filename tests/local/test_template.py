from local import resources, settings
from local.template import read

TEMPLATE = read()


def test_functions() -> None:
    """Every function of the template is run, with its own time-out and the common ones."""
    functions = {function.name: function for function in TEMPLATE.functions()}
    assert set(TEMPLATE.routes().values()) <= set(functions)
    assert functions["LetterFunction"].timeout_seconds > functions["LookupFunction"].timeout_seconds
    assert all(function.handler.startswith("functions.") for function in functions.values())


def test_routes() -> None:
    """The routes are the template's, method by method."""
    routes = TEMPLATE.routes()
    assert routes["POST", "/api/lookup"] == "LookupFunction"
    assert routes["GET", "/cmi/return"] == routes["POST", "/cmi/return"] == "CallbackFunction"
    assert ("GET", "/api/lookup") not in routes


def test_every_secret_has_a_local_value() -> None:
    """Every secret of the template has its fixed value here, and no value is left over."""
    assert set(TEMPLATE.resources(resources.SECRET)) == set(resources.SECRETS)


def test_parameters() -> None:
    """Every parameter without a default is given one for this machine."""
    given = resources.parameters(settings.read({}))
    wanted = {name for name, one in TEMPLATE.plain["Parameters"].items() if "Default" not in one}
    assert wanted <= set(given) <= set(TEMPLATE.plain["Parameters"])
