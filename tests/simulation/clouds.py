"""SES, KMS and Secrets Manager, as far as the functions ask them."""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from tests.simulation.exchange import blob
from tests.simulation.values import DynamoError, Json, UnknownSyntaxError

REFUSALS = ("MessageRejected", "AccountSuspendedException", "LimitExceededException")
_FACT = re.compile(rb"^fact-([a-z]+): (\S+)\r?$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Mail:
    """A letter that SES took: whose, which of the order's, to whom, and what stands in it."""

    message_id: str
    reference: str
    name: str
    to: str
    facts: dict[str, str]
    at: datetime


@dataclass(slots=True)
class Ses:
    """Takes letters or refuses them. `refuses` says whether the next one is refused, and how.

    `watchers` are told of each letter that was taken, `refused` of each that was not.
    """

    now: Callable[[], datetime]
    refuses: Callable[[], str | None] = lambda: None
    took: list[Mail] = field(default_factory=list)
    watchers: list[Callable[[Mail], None]] = field(default_factory=list)
    refused: Callable[[tuple[str, str]], object] = lambda _: None

    def call(self, operation: str, params: Json) -> Json:
        """Answer SendEmail."""
        if operation != "SendEmail":
            raise UnknownSyntaxError(operation)
        tags = {tag["Name"]: tag["Value"] for tag in params["EmailTags"]}
        if refusal := self.refuses():
            self.refused((tags["oid"], tags["letter"]))
            raise DynamoError(refusal, "SES refused")
        raw = blob(params["Content"]["Raw"]["Data"])
        (to,) = params["Destination"]["ToAddresses"]
        facts = {name.decode(): value.decode() for name, value in _FACT.findall(raw)}
        mail = Mail(f"ses-{len(self.took)}", tags["oid"], tags["letter"], to, facts, self.now())
        self.took.append(mail)
        for watcher in self.watchers:
            watcher(mail)
        return {"MessageId": mail.message_id}


def kms(operation: str, params: Json) -> Json:
    """Sign: a DER signature of the right shape, the same for the same text."""
    if operation != "Sign":
        raise UnknownSyntaxError(operation)
    digest = hashlib.sha512(blob(params["Message"])).digest()
    numbers = b"".join(_der(digest[at : at + 32]) for at in (0, 32))
    signature = b"\x30" + bytes([len(numbers)]) + numbers
    return {"KeyId": params["KeyId"], "Signature": signature}


def _der(scalar: bytes) -> bytes:
    shortest = scalar.lstrip(b"\0")
    number = b"\0" + shortest if not shortest or shortest[0] & 0x80 else shortest
    return b"\x02" + bytes([len(number)]) + number


@dataclass(slots=True)
class Secrets:
    """Secrets by name, each {"current", "previous", "previous_until"}."""

    values: dict[str, Json]

    def call(self, operation: str, params: Json) -> Json:
        """Answer GetSecretValue."""
        if operation != "GetSecretValue":
            raise UnknownSyntaxError(operation)
        if params["SecretId"] not in self.values:
            raise DynamoError("ResourceNotFoundException", "no such secret")
        return {"SecretString": json.dumps(self.values[params["SecretId"]])}

    def rotate(self, name: str, key: str, previous_until: datetime | None) -> None:
        """Put a new key; the one before serves until then, or not at all."""
        before = self.values[name]["current"] if previous_until else None
        until = previous_until.isoformat() if previous_until else None
        self.values[name] = {"current": key, "previous": before, "previous_until": until}
