"""A floor: the standard library, and requests to AWS signed by hand. Nobody should run this."""

import hashlib
import hmac
import json
import os
import time
import urllib.request
from functools import cache

from bench.contenders.same import SECRET, Json, key_of, listed, number_of, question

REGION = os.environ["AWS_REGION"]


def _call(service: str, address: str, target: str, version: str, content: Json) -> Json:
    body = json.dumps(content).encode()
    headers = {
        "Content-Type": f"application/x-amz-json-{version}",
        "X-Amz-Target": target,
        "X-Amz-Date": time.strftime("%Y%m%dT%H%M%SZ", time.gmtime()),
        "Host": address.partition("//")[2],
    }
    headers["Authorization"] = _signature(service, headers, body)
    request = urllib.request.Request(address, body, headers)  # noqa: S310 - the address is ours
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - likewise
        document: Json = json.load(answer)
    return document


def _signature(service: str, headers: dict[str, str], body: bytes) -> str:
    """Sign as AWS's Signature Version 4 says."""
    names = ";".join(sorted(name.lower() for name in headers))
    lines = "".join(f"{name.lower()}:{headers[name]}\n" for name in sorted(headers, key=str.lower))
    digest = hashlib.sha256(body).hexdigest()
    scope = f"{headers['X-Amz-Date'][:8]}/{REGION}/{service}/aws4_request"
    wanted = hashlib.sha256(f"POST\n/\n\n{lines}\n{names}\n{digest}".encode()).hexdigest()
    text = f"AWS4-HMAC-SHA256\n{headers['X-Amz-Date']}\n{scope}\n{wanted}"
    key = f"AWS4{os.environ['AWS_SECRET_ACCESS_KEY']}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, text.encode(), "sha256").hex()
    owner = f"{os.environ['AWS_ACCESS_KEY_ID']}/{scope}"
    return f"AWS4-HMAC-SHA256 Credential={owner}, SignedHeaders={names}, Signature={signature}"


@cache
def _key() -> str:
    address = os.environ["AWS_ENDPOINT_URL_SECRETS_MANAGER"]
    target = "secretsmanager.GetSecretValue"
    return key_of(
        _call("secretsmanager", address, target, "1.1", {"SecretId": SECRET})["SecretString"]
    )


def handle(event: Json, context: object) -> Json:
    """Look a number up."""
    del context
    number = number_of(json.loads(event["body"])["session"], _key())
    address = os.environ["AWS_ENDPOINT_URL_DYNAMODB"]
    found = _call("dynamodb", address, "DynamoDB_20120810.Query", "1.0", question(number))
    body = json.dumps(listed(found["Items"]))
    return {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "body": body}
