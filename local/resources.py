"""Make the template's table, keys and secrets, and let CloudFormation resolve what names them.

The stack that is created holds the table and one output: every function's environment and every
policy of response headers, with the template's own intrinsics inside. Secrets (which moto's
CloudFormation does not make) and keys (which it makes symmetric whatever the template says) are
made by their own services and given to the stack as parameters.
"""

import hashlib
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from local.settings import (
    MAIL_FROM,
    MERCHANT,
    ORIGIN_WORD,
    STATUS_API,
    STORE_KEY,
    TOKEN_KEY,
    Settings,
    Unusable,
)
from local.template import ACCOUNT, REGION, Function, Json, Template

if TYPE_CHECKING:
    import boto3

SECRETS = {
    "StoreKeySecret": STORE_KEY,
    "TokenSecret": TOKEN_KEY,
    "StatusApiSecret": STATUS_API,
}
STACK = "asvi-local"
# What only a deployment has: nothing on this machine reads it.
NOT_HERE = {
    "PortalCertificateArn": f"arn:aws:acm:us-east-1:{ACCOUNT}:certificate/{UUID(int=0)}",
    "ApiDomain": "api.asvi.local.example",
    "ApiCertificateArn": f"arn:aws:acm:{REGION}:{ACCOUNT}:certificate/{UUID(int=0)}",
    "OriginSecret": "asvi-local-origin",
    "PageEmail": MAIL_FROM,
    "TellEmail": MAIL_FROM,
}
TABLE = "AWS::DynamoDB::Table"
KEY = "AWS::KMS::Key"
SECRET = "AWS::SecretsManager::Secret"  # noqa: S105 - a type of resource
MAIL_SET = "AWS::SES::ConfigurationSet"
SIGNS = "SIGN_VERIFY"
HEADERS = "AWS::CloudFront::ResponseHeadersPolicy"


@dataclass(frozen=True, slots=True)
class Made:
    """What stands: functions with their real environment, headers by policy, name of the table.

    `keys`: those that sign, by their names in the template.
    """

    functions: tuple[Function, ...]
    headers: dict[str, Json]
    table: str
    keys: dict[str, str]


def make(template: Template, session: "boto3.Session", settings: Settings) -> Made:
    """Create everything and resolve every value; raise Unusable for a secret without a value."""
    ids = {name: _key(session, properties) for name, properties in template.resources(KEY).items()}
    signing = [name for name, it in template.resources(KEY).items() if it.get("KeyUsage") == SIGNS]
    keys = {name: ids[name][0] for name in signing}
    for name in template.resources(SECRET):
        arn = _secret(session, name)
        ids[name] = (arn, arn)
    mail = session.client("sesv2")
    mail.create_email_identity(EmailIdentity=MAIL_FROM)
    for name in template.resources(MAIL_SET):
        mail.create_configuration_set(ConfigurationSetName=STACK)
        ids[name] = (STACK, STACK)
    resolved = _resolve(template, session, parameters(settings), ids)
    functions = tuple(
        replace(function, environment=resolved["functions"][function.name])
        for function in template.functions()
    )
    return Made(functions, resolved["headers"], resolved["table"], keys)


def parameters(settings: Settings) -> dict[str, str]:
    """Give the template's parameters for this machine; the others keep their defaults."""
    return {
        "Stage": "local",
        "PortalUrl": settings.portal_url,
        "GatewayOrigin": settings.cmi_url,
        "MerchantId": MERCHANT,
        "MailFrom": MAIL_FROM,
        "OriginDigests": hashlib.sha256(ORIGIN_WORD.encode()).hexdigest(),
        "StatusApi": "body",
        "VoidByTransaction": "on",
        "Evidence": settings.evidence,
        "Languages": ",".join(settings.languages),
        **NOT_HERE,
    }


def _key(session: "boto3.Session", properties: Json) -> tuple[str, str]:
    """Make a key as the template describes it; give what `Ref` and `GetAtt Arn` stand for."""
    wanted = {name: properties[name] for name in ("KeySpec", "KeyUsage") if name in properties}
    made = session.client("kms").create_key(**wanted)["KeyMetadata"]
    return made["KeyId"], made["Arn"]


def _secret(session: "boto3.Session", name: str) -> str:
    if name not in SECRETS:
        raise Unusable(f"infra/template.yaml has the secret {name}: give it a value in {__file__}.")
    value = {"current": SECRETS[name], "previous": None, "previous_until": None}
    made = session.client("secretsmanager").create_secret(
        Name=f"{STACK}/{name}", SecretString=json.dumps(value)
    )
    return made["ARN"]


def _resolve(
    template: Template,
    session: "boto3.Session",
    given: dict[str, str],
    ids: dict[str, tuple[str, str]],
) -> Json:
    """Create the stack and give its one output, read back from JSON."""
    cloud = session.client("cloudformation")
    for name, (identity, arn) in ids.items():
        given |= {name: identity, f"{name}Arn": arn}
    cloud.create_stack(
        StackName=STACK,
        TemplateBody=json.dumps(_stack(template, set(ids))),
        Parameters=[
            {"ParameterKey": name, "ParameterValue": value} for name, value in given.items()
        ],
    )
    (stack,) = cloud.describe_stacks(StackName=STACK)["Stacks"]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
    values: Json = json.loads(outputs["Values"])
    return values


def _stack(template: Template, made_apart: set[str]) -> Json:
    """Give the template to create: its tables, its values as an output, the rest as parameters."""
    tables = template.resources(TABLE)
    values = {
        "functions": {function.name: function.environment for function in template.functions()},
        "headers": template.resources(HEADERS),
        "table": {"Ref": next(iter(tables))},
    }
    output = {"Value": {"Fn::ToJsonString": _arns_as_parameters(values, made_apart)}}
    kept = {name: template.plain["Resources"][name] for name in tables}
    extra = {name: {"Type": "String"} for made in made_apart for name in (made, f"{made}Arn")}
    sections = ("Conditions", "Mappings")
    return {
        **{name: template.plain[name] for name in sections if name in template.plain},
        "Parameters": {**template.plain["Parameters"], **extra},
        "Resources": _arns_as_parameters(kept, made_apart),
        "Outputs": {"Values": output},
    }


def _arns_as_parameters(node: Any, names: set[str]) -> Any:  # noqa: ANN401 - a template is any JSON
    """Turn `GetAtt X.Arn` of what was made apart into a reference to the parameter `XArn`."""
    if isinstance(node, list):
        return [_arns_as_parameters(value, names) for value in node]
    if isinstance(node, str):
        for name in names:
            node = node.replace(f"${{{name}.Arn}}", f"${{{name}Arn}}")
        return node
    if not isinstance(node, dict):
        return node
    match node.get("Fn::GetAtt"):
        case [name, "Arn"] if name in names:
            return {"Ref": f"{name}Arn"}
    return {key: _arns_as_parameters(value, names) for key, value in node.items()}
