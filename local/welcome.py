"""What a person reads when the stack is ready."""

import json
import urllib.request
from typing import Any

from local.demo import SHOWN
from local.settings import MERCHANT, ROOT, STORE_KEY, Settings

TIMEOUT_SECONDS = 5.0


def show(settings: Settings, seconds: float) -> None:
    """Print the addresses, demo numbers, test cards, secrets and logs."""
    print(text(settings, _cards(settings), seconds), flush=True)


def text(settings: Settings, cards: list[dict[str, Any]], seconds: float) -> str:
    """Give what `show` prints."""
    return "\n\n".join(
        [
            f"Ready in {seconds:.1f} s. Ctrl-C stops everything.",
            f"It is {settings.now():%Y-%m-%d %H:%M:%S} UTC for the portal and the bank.",
            _addresses(settings),
            _table("Demo numbers (registration numbers)", list(SHOWN.items())),
            _table(
                "Test cards (any holder, expiry to come, any three digits)",
                [(card["number"], f"{card['outcome']}: {card['what']}") for card in cards],
            ),
            _table(
                "Local secrets (fixed: any client can sign)",
                [("merchant", MERCHANT), ("store key", STORE_KEY)],
            ),
            _table(
                "Logs",
                [
                    ("functions", str(settings.functions_log.relative_to(ROOT))),
                    ("CMI", str(settings.bank_log.relative_to(ROOT))),
                ],
            ),
        ]
    )


def _addresses(settings: Settings) -> str:
    return _table(
        "Addresses",
        [
            ("portal", f"{settings.portal_url}/"),
            ("mailbox", f"{settings.portal_url}/_local/mail/"),
            ("local index", f"{settings.portal_url}/_local/"),
            ("CMI simulator", f"{settings.cmi_url}/"),
            ("AWS (moto)", f"{settings.aws_url}/"),
        ],
    )


def _table(title: str, rows: list[tuple[str, str]]) -> str:
    width = max(len(name) for name, _ in rows)
    return "\n".join([title, *(f"  {name:<{width}}  {value}" for name, value in rows)])


def _cards(settings: Settings) -> list[dict[str, Any]]:
    address = f"{settings.cmi_url}/cards.json"
    with urllib.request.urlopen(address, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 - the stack's own address
        cards: list[dict[str, Any]] = json.load(answer)
    return cards
