"""A usual design of the same features, to be counted: one step, one call, nothing thought together.

Sessions, captchas, histories and statistics are rows; a lock holds a due that is being paid; what
must not happen twice goes through an idempotency table; a change is read first and logged after.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bench.figures import Json

TABLE, INDEX = "Usual", "by_state"
ACCOUNT = "BPC pour encaissements ASVI"


def create(client: Any) -> None:  # noqa: ANN401 - a DynamoDB client
    """Make the table, with an index of whole rows by their state."""
    keys = [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]
    client.create_table(
        TableName=TABLE,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=keys,
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "state")
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": INDEX,
                "KeySchema": [{"AttributeName": "state", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )


@dataclass(slots=True)
class Usual:
    """The functions of a usual portal, by the client that they call DynamoDB with."""

    client: Any

    def put(self, pk: str, sk: str, **values: str) -> None:
        """Put a row."""
        item = {"pk": pk, "sk": sk} | values
        typed = {name: {"S": value} for name, value in item.items()}
        self.client.put_item(TableName=TABLE, Item=typed)

    def get(self, pk: str, sk: str) -> Json:
        """Get a row."""
        key = {"pk": {"S": pk}, "sk": {"S": sk}}
        found = self.client.get_item(TableName=TABLE, Key=key, ConsistentRead=True)
        row: Json = found.get("Item", {})
        return row

    def change(self, pk: str, sk: str, state: str) -> None:
        """Read a row, change its state, and write down that it changed."""
        self.get(pk, sk)
        self.client.update_item(
            TableName=TABLE,
            Key={"pk": {"S": pk}, "sk": {"S": sk}},
            UpdateExpression="SET #s = :s",
            ExpressionAttributeNames={"#s": "state"},
            ExpressionAttributeValues={":s": {"S": state}},
        )
        self.put(pk, f"HISTORY#{sk}#{state}", at="2026-11-23T12:00:00+00:00", what=state)

    def query(self, pk: str) -> None:
        """Read a partition."""
        self.client.query(
            TableName=TABLE,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": pk}},
            ConsistentRead=True,
        )

    def once(self, name: str, work: Callable[[], None]) -> None:
        """Do something as an idempotency layer does: written down before and after."""
        self.put(f"ONCE#{name}", "ONCE", status="INPROGRESS", expires="1795453096")
        work()
        self.put(f"ONCE#{name}", "ONCE", status="COMPLETED", data="x" * 600, expires="1795453096")

    def control_code(self) -> None:
        """Keep a captcha's answer."""
        self.put("CAPTCHA#1", "CAPTCHA", answer="4711", expires="1795453096")

    def first_lookup(self) -> None:
        """Check the captcha, open a session, list the dues, write an audit row."""
        self.get("CAPTCHA#1", "CAPTCHA")
        self.client.delete_item(
            TableName=TABLE, Key={"pk": {"S": "CAPTCHA#1"}, "sk": {"S": "CAPTCHA"}}
        )
        self.put("SESSION#1", "SESSION", number="123456789", expires="1795453096")
        self.query("REG#123456789")
        self.put("AUDIT#1", "LOOKUP", number="123456789", address="192.0.2.1")

    def renewal(self) -> None:
        """Check the session and list again."""
        self.get("SESSION#1", "SESSION")
        self.query("REG#123456789")
        self.put("SESSION#1", "SESSION", number="123456789", expires="1795453096")

    def checkout(self) -> None:
        """Make an order, once: its lines one by one, a lock on the due, a count of the day."""
        self.once("checkout", self._order)

    def _order(self) -> None:
        self.get("SESSION#1", "SESSION")
        self.query("REG#123456789")
        self.put("ORDER#1", "ORDER", state="open", number="123456789", facts="x" * 500)
        for line in ("1", "2"):
            self.put("ORDER#1", f"LINE#{line}", account=ACCOUNT, amount="145110", code="202001")
        self.change("REG#123456789", "DUE#2020-1", "locked")
        self.change("STATISTICS#2026-11-23", "DAY", "one more")

    def callback(self) -> None:
        """Keep the raw message; then pay, once: order, due, payment, statistics, mail to send."""
        self.put("MESSAGE#1", "RAW", body="x" * 1500)
        self.once("callback", self._paid)

    def _paid(self) -> None:
        self.query("ORDER#1")
        self.change("ORDER#1", "ORDER", "paid")
        self.change("REG#123456789", "DUE#2020-1", "paid")
        self.put("PAYMENT#1", "PAYMENT", state="paid", order="1", facts="x" * 500)
        self.change("STATISTICS#2026-11-23", "DAY", "one more")
        self.put("OUTBOX#1", "MAIL", state="waiting", to="payer@example.ma", order="1")

    def returned(self) -> None:
        """See what the order is."""
        self.get("ORDER#1", "ORDER")

    def receipt(self) -> None:
        """Read order, lines and payment."""
        self.query("ORDER#1")
        self.get("PAYMENT#1", "PAYMENT")

    def letter(self) -> None:
        """Read all again, send, and keep the receipt."""
        self.change("OUTBOX#1", "MAIL", "sending")
        self.query("ORDER#1")
        self.get("PAYMENT#1", "PAYMENT")
        self.put("RECEIPT#1", "RECEIPT", facts="x" * 800)
        self.change("OUTBOX#1", "MAIL", "sent")

    def letter_sent(self) -> None:
        """Keep SES's news."""
        self.put("OUTBOX#1", "EVENT#send", raw="x" * 1200)

    def letter_delivered(self) -> None:
        """Keep SES's news and note it."""
        self.put("OUTBOX#1", "EVENT#delivery", raw="x" * 1200)
        self.change("OUTBOX#1", "MAIL", "delivered")

    def forgotten(self) -> None:
        """Take the address out, half a year later."""
        self.change("OUTBOX#1", "MAIL", "forgotten")
