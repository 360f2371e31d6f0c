"""The PDF of a receipt, as the API takes and gives it (`api.md`)."""

from typing import Annotated

from pydantic import AfterValidator

from functions.shared.asked import CODES, FAULTS, ByHandle, ByReference, known_language
from functions.shared.operations import Operation

Language = Annotated[str | None, AfterValidator(known_language)]


class PdfByReference(ByReference):
    """A reference and its registration number; `language` None: that of the order."""

    language: Language = None


class PdfByHandle(ByHandle):
    """A handle; `language` None: that of the order."""

    language: Language = None


OPERATIONS = (
    Operation(
        "POST", "/api/receipt/pdf", "Download the receipt", (PdfByReference, PdfByHandle),
        media_type="application/pdf",
        codes=(*CODES, "not_ready"),
        field_faults=FAULTS,
    ),
)  # fmt: skip
