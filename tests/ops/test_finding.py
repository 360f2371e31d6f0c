"""Payments found by the number that a caller reads out."""

from functions.shared.aws import ledger
from tests.ops.conftest import Desk
from tests.portal import GOLDEN, Json, Portal


def found(asvi: Desk, number: str = GOLDEN.registration_number) -> str:
    """Run the command as an operator does, typing the number when it is asked for."""
    result = asvi("find", answer=f"{number}\n")
    assert result.exit_code == 0, result.output
    return result.output


def test_paid(asvi: Desk, paid: Json) -> None:
    """Whoever calls with a number alone is told which payment paid a quarter."""
    shown = found(asvi, "123 456 789")
    line = next(line for line in shown.splitlines() if "2020-1" in line)
    assert "1451.10 DH" in line
    assert ledger.order(paid["reference"])
    reference = paid["reference"]
    assert f"{reference[:4]} {reference[4:8]} {reference[8:12]} {reference[12:]}" in line
    assert line.count("paid") == 2


def test_confirming(asvi: Desk, capturing: Json) -> None:
    """A quarter that is being confirmed names its payment too."""
    line = next(line for line in found(asvi).splitlines() if "2020-1" in line)
    assert "held" in line
    assert capturing["reference"][-2:] in line
    assert "capturing" in line


def test_begun(portal: Portal, asvi: Desk) -> None:
    """A payment that was begun a moment ago is found with its time."""
    order = portal.checkout().json
    line = next(line for line in found(asvi).splitlines() if "begun" in line)
    assert order["reference"][:4] in line
    assert "open" in line


def test_given_back(asvi: Desk, paid: Json) -> None:
    """A quarter that is to pay again still names the payment that was given back."""
    asvi.does("refund", paid["reference"], "--why", "asked for")
    line = next(line for line in found(asvi).splitlines() if "2020-1" in line)
    assert "unpaid" in line
    assert "refunded" in line


def test_unknown(asvi: Desk) -> None:
    """A number without dues is said so, and never shown whole."""
    result = asvi("find", answer="987654321\n")
    assert result.exit_code == 1
    assert "Nothing is known of" in result.output
    assert "987654321" not in result.output.partition("Registration number")[2].partition("\n")[2]


def test_no_number(asvi: Desk) -> None:
    """What is no registration number is refused before anything is read."""
    result = asvi("find", "--number", "12345")
    assert result.exit_code == 2
    assert "too short" in result.output
