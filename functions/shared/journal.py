"""What a function writes down: lines of log, and counts."""

from aws_lambda_powertools import Logger, Metrics


def opened() -> tuple[Logger, Metrics]:
    """Give a function's log and its counts.

    A line is paid for by its bytes: when it came CloudWatch knows, and where from its words say.
    """
    return Logger(location=None, timestamp=None), Metrics()
