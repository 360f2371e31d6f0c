"""Every crash point of a payment: no request to AWS may be the one that must not fail."""

import pytest

from tests.simulation import batch, crashes, deployment

NAMES = [" ".join(evidence) for evidence in crashes.PLOTS]


@pytest.mark.worlds
@pytest.mark.parametrize("evidence", crashes.PLOTS, ids=NAMES)
def test_every_crash_point(evidence: tuple[str, str]) -> None:
    """Each request lost, applied with its answer lost, or followed by a crash; and every two (event 99)."""
    with deployment.standing():
        count = len(crashes.requests(evidence))
    points = [*crashes.singles(evidence, count), *crashes.pairs(evidence, count)]
    failing = batch.failing(points)
    print(f"{evidence}: {count} requests, {len(points)} crash points")  # noqa: T201 - the count of the run
    assert not failing, f"{len(failing)} of {len(points)}: {failing[:5]}"


def test_the_payment_uses_every_service() -> None:
    """The payment that is crashed passes every handler: it would be no use if it did less."""
    with deployment.standing():
        used = set(crashes.requests(("status-api", "body")))
    assert used >= {
        "GetSecretValue", "UpdateItem", "TransactWriteItems", "Query", "GetItem", "BatchGetItem",
        "Sign", "SendEmail", "Post",
    }  # fmt: skip
