"""Mail out, by SES v2."""

from functools import cache
from typing import TYPE_CHECKING

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from functions.shared.aws import clients
from functions.shared.rules.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client


class RefusedError(Exception):
    """SES answered that it will not send this message."""


class BusyError(Exception):
    """SES answered that it will not send this message now."""


_LATER = frozenset({"TooManyRequestsException", "ThrottlingException", "SendingPausedException"})


@cache
def client() -> "SESV2Client":
    """Give the container's SES client."""
    # One attempt: a second one after a lost answer would be a second letter.
    config = Config(connect_timeout=2, read_timeout=5, retries={"total_max_attempts": 1})
    made: SESV2Client = clients.make("sesv2", config)
    return made


def send(message: bytes, sender: str, to: str, configuration_set: str, **tags: str) -> str:
    """Send a raw MIME message once and give SES's id of it; its events will carry `tags`.

    Raise RefusedError or BusyError where SES refused, Unavailable where nobody knows.
    """
    try:
        answer = client().send_email(
            FromEmailAddress=sender,
            Destination={"ToAddresses": [to]},
            Content={"Raw": {"Data": message}},
            ConfigurationSetName=configuration_set,
            EmailTags=[{"Name": name, "Value": value} for name, value in tags.items()],
        )
    except ClientError as error:
        code = error.response["Error"]["Code"]
        raise (BusyError if code in _LATER else RefusedError)(code) from error
    except BotoCoreError as error:
        raise Unavailable from error
    return answer["MessageId"]
