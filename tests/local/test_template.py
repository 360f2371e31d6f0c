from local import resources, settings
from local.template import Json, Rule, Template, read

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


def test_rules() -> None:
    """Whoever hears SES's events deployed hears them here, of the same kinds."""
    (rule,) = [one for one in TEMPLATE.rules() if one.pattern["source"] == ["aws.ses"]]
    assert rule.function == "LetterFunction"
    assert {kind.upper() for kind in rule.pattern["detail"]["eventType"]} <= TEMPLATE.mail_events()


def test_failure_destinations() -> None:
    """Retries and failure destinations are those that the template gives its subscriptions."""
    onward = {"OnFailure": {"Destination": {"Fn::GetAtt": ["Failed", "Arn"]}}}
    of_function = {"FunctionName": {"Ref": "F"}, "DestinationConfig": onward}
    pattern = {"source": ["aws.ses"]}
    target = {"Arn": {"Fn::GetAtt": ["F", "Arn"]}}
    resources: dict[str, tuple[str, Json]] = {
        "F": ("AWS::Lambda::Function", {}),
        "Mapping": ("AWS::Lambda::EventSourceMapping", of_function),
        "Heard": ("AWS::Events::Rule", {"EventPattern": pattern, "Targets": [target]}),
        "Daily": ("AWS::Events::Rule", {"ScheduleExpression": "rate(1 day)", "Targets": [target]}),
        "Off": (
            "AWS::Events::Rule",
            {"EventPattern": pattern, "State": "DISABLED", "Targets": [target]},
        ),
        "Calls": ("AWS::Lambda::EventInvokeConfig", of_function | {"MaximumRetryAttempts": 1}),
    }
    plain = {name: {"Type": kind, "Properties": it} for name, (kind, it) in resources.items()}
    template = Template({}, {"Resources": plain})
    (stream,) = template.streams()
    assert (stream.function, stream.retries, stream.failed_to) == ("F", -1, "Failed")
    assert template.rules() == (Rule("F", pattern, 1, "Failed"),)
