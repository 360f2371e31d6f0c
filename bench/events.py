"""Events of the golden journey, as API Gateway, the stream and the schedule bring them."""

from dataclasses import dataclass
from datetime import timedelta
from unittest.mock import patch

from bench.figures import Json
from bench.standing import Crowd
from bench.stub import STORE_KEY
from functions.shared import outside
from functions.shared.aws.orders import FIRST
from functions.shared.rules.orders import Due
from tests.portal import ACCOUNT, NUMBER, copied, signed

STREAMED = {"eventName": "MODIFY", "eventSource": "aws:dynamodb"}
# An address rests so long at most, and a day.
RESTED = timedelta(days=181)
FORGET: Json = {"forget": True}


def number(place: int) -> str:
    """Give the registration number of one of many insured persons."""
    return f"{200_000_000 + place}"


def owed(registration_number: str, quarters: int = 1) -> list[Due]:
    """Give a number's dues, one for each quarter from 2020 on, of the golden amount."""
    return [
        Due(registration_number, 2020 + n // 4, n % 4 + 1, 145_110, f"BPC{n:010d}", ACCOUNT)
        for n in range(quarters)
    ]


@dataclass(slots=True)
class Journey:
    """Makes events for a portal that stands; each stands for another payer's."""

    portal: Crowd
    place: int = 0

    def payer(self, quarters: int = 1) -> str:
        """Give a number of its own, with dues to pay."""
        self.place += 1
        self.portal.address = f"10.{self.place >> 16}.{self.place >> 8 & 255}.{self.place & 255}"
        self.portal.load(*owed(number(self.place), quarters))
        return number(self.place)

    def control_code(self) -> Json:
        """Ask for a control code."""
        self.payer()
        return self.portal.event("POST", "/api/control-code", {})

    def first_lookup(self) -> Json:
        """Look a number up with a code that was copied."""
        shown = self.portal.post("/api/control-code").json
        return self.portal.event("POST", "/api/lookup", copied(shown, self.payer()))

    def renewal(self) -> Json:
        """Look a number up again, within its session."""
        self.payer()
        session = self.portal.first_lookup(NUMBER).json["session"]
        return self.portal.event("POST", "/api/lookup", {"session": session})

    def checkout(self, quarters: int = 1) -> Json:
        """Choose all that a number owes."""
        wanted = self.portal.wanted(self.portal.first_lookup(self.payer(quarters)).json)
        return self.portal.event("POST", "/api/checkout", wanted)

    def order(self, quarters: int = 1) -> Json:
        """Give a checked-out order."""
        listed = self.portal.first_lookup(self.payer(quarters)).json
        order: Json = self.portal.checkout(listed).json
        return order

    def callback(self, quarters: int = 1) -> Json:
        """Bring CMI's approval of an order."""
        return self.portal.event(
            "POST", "/cmi/callback", form=signed(self.order(quarters), key=STORE_KEY)
        )

    def returned(self) -> Json:
        """Bring a browser back from CMI."""
        return self.portal.event(
            "POST", "/cmi/return", form=signed(self.order(), key=STORE_KEY), query="l=fr"
        )

    def paid(self) -> Json:
        """Give an order that is paid, its letter not yet sent."""
        order = self.order()
        self.portal.verdict(order, key=STORE_KEY)
        return order

    def receipt(self) -> Json:
        """Ask for a paid order's receipt by the handle of the return."""
        order = self.paid()
        back = self.portal.call(
            "POST", "/cmi/return", form=signed(order, key=STORE_KEY), query="l=fr"
        )
        handle = back.headers["location"].partition("#h=")[2].partition("&")[0]
        return self.portal.event("POST", "/api/receipt", {"handle": handle})

    def letter(self) -> Json:
        """Bring a paid order by the table's stream."""
        return {"Records": [STREAMED | self.portal.record(self.paid())]}

    def letter_sent(self) -> Json:
        """Bring SES's news that it took a letter."""
        return self._news("Send")

    def letter_delivered(self) -> Json:
        """Bring SES's news that a letter that it took has arrived."""
        self.portal.invoke("LetterFunction", sent := self._news("Send"))
        return sent | {"detail": sent["detail"] | {"eventType": "Delivery"}}

    def _news(self, kind: str) -> Json:
        order = self.paid()
        self.portal.deliver(self.portal.record(order))
        tags = {"oid": [order["reference"]], "letter": [FIRST]}
        return {"source": "aws.ses", "detail": {"eventType": kind, "mail": {"tags": tags}}}

    def forgotten(self) -> Json:
        """Bring the hour's call that finds one address to forget."""
        self.rest()
        return FORGET

    def rest(self) -> None:
        """Let an order be paid and its letter sent so long ago that its address is to go."""
        now = self.portal.now
        self.portal.now = then = now - RESTED
        with patch.object(outside, "now", lambda: then):
            self.portal.deliver(self.portal.record(self.paid()))
        self.portal.now = now

    @staticmethod
    def sweep() -> Json:
        """Bring the schedule's call."""
        return {"sweep": True}


def of_rest_api(event: Json) -> Json:
    """Give an event in the older format (1.0), which Chalice understands."""
    request = event["requestContext"]["http"]
    return {
        "resource": event["rawPath"], "path": event["rawPath"], "httpMethod": request["method"],
        "headers": event["headers"], "multiValueHeaders": {},
        "queryStringParameters": None, "multiValueQueryStringParameters": None,
        "pathParameters": None, "stageVariables": None,
        "requestContext": {
            "resourcePath": event["rawPath"], "httpMethod": request["method"],
            "identity": {"sourceIp": request["sourceIp"]}, "requestId": "bench", "stage": "api",
        },
        "body": event.get("body"), "isBase64Encoded": event["isBase64Encoded"],
    }  # fmt: skip
