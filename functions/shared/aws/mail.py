"""Mail out, by SES v2.

SES refuses a message with an answer of its own (4xx). A time-out, a connection that breaks and an
answer 5xx do not say whether the message left: whoever sent it then waits for SES's event.
"""

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


_LATER = frozenset(
    {
        "TooManyRequestsException", "ThrottlingException", "LimitExceededException",
        "SendingPausedException",
    }
)  # fmt: skip
_UNKNOWN = frozenset({"RequestTimeout", "InternalFailure"})
_SERVER_ERROR = 500


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
        raise _meant(error) from error
    except BotoCoreError as error:
        raise Unavailable from error
    return answer["MessageId"]


def _meant(error: ClientError) -> Exception:
    """Give what an error that SES answered says of the message."""
    code = error.response["Error"]["Code"]
    if code in _LATER:
        return BusyError(code)
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code in _UNKNOWN or status >= _SERVER_ERROR:
        return Unavailable()
    return RefusedError(code)
