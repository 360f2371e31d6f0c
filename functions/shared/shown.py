"""Lines of an order as the API shows them."""

from typing import Self

from pydantic import BaseModel

from functions.shared.rules.orders import Line, LineKind


class ShownLine(BaseModel):
    """A contribution (`period`: quarter 1-4) or the fee (`period`: month of payment 1-12)."""

    kind: LineKind
    year: int
    period: int
    amount_centimes: int
    reference: str
    account: str
    code: str

    @classmethod
    def of(cls, line: Line) -> Self:
        """Show a line, with CMI's article code."""
        return cls(
            kind=line.kind,
            year=line.year,
            period=line.period,
            amount_centimes=line.amount_centimes,
            reference=line.reference,
            account=line.account,
            code=line.code,
        )
