"""A standing portal and a bank with its XML API: what payers, CMI, the stream and time do."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cmi_simulator.bank import Bank
from cmi_simulator.ledger import Entry
from functions.settlement import api
from functions.shared.aws import table
from functions.shared.rules.work import stamp
from local.patterns import matches
from tests.portal import TEMPLATE, Json, Portal
from tests.settlement.bank import entry

FILTERS = {stream.function: stream.patterns for stream in TEMPLATE.streams()}


@dataclass(slots=True)
class World:
    """The portal, the bank, and what the stream has not brought yet (`_seen`)."""

    portal: Portal
    bank: Bank
    _seen: dict[table.Key, table.Row] = field(default_factory=dict)

    # What a payer and CMI do

    def open(self, **changes: Any) -> Json:  # noqa: ANN401 - any JSON
        """Check out the golden due; give the answer."""
        order: Json = self.portal.checkout(**changes).json
        return order

    def authorise(self, order: Json, trans_id: str = "T1", more_centimes: int = 0) -> Entry:
        """Let the bank reserve the money of an order, without a word to us."""
        amount = order["total_centimes"] + more_centimes
        made = entry(order["reference"], trans_id, amount, self.portal.now)
        self.bank.ledger.entries.append(made)
        return made

    def tell(self, order: Json, made: Entry, **changes: str) -> str:
        """Let CMI tell us of a payment and do as we reply; give the reply."""
        reply = self.portal.verdict(order, None, TransId=made.trans_id, **changes).text
        self.bank.heard(made, reply)
        return reply

    def pay(self, order: Json, trans_id: str = "T1") -> Entry:
        """Let a payer pay, and CMI tell us."""
        made = self.authorise(order, trans_id)
        self.tell(order, made)
        return made

    def fault(self, name: str, *, on: bool = True) -> None:
        """Switch one of the bank's faults."""
        self.bank.faults.switch(name, on=on)

    # What stands behind

    def later(self, **time: float) -> None:
        """Let time pass."""
        self.portal.now += timedelta(**time)

    def sweep(self) -> Json:
        """Let a minute's schedule call settlement."""
        return self.portal.invoke("SettlementFunction", {"sweep": True})

    def stream(self, function: str = "SettlementFunction") -> int:
        """Bring what was written since to a function, as its filters let it through; count it."""
        records = [record for record in self.records() if _wanted(function, record)]
        for start in range(0, len(records), 5):
            answer = self.portal.invoke(function, {"Records": records[start : start + 5]})
            assert answer == {"batchItemFailures": []}
        return len(records)

    def records(self) -> list[Json]:
        """Give the stream's records of what was written since they were last asked for."""
        now = {(row["pk"], row["sk"]): row for row in self.portal.rows()}
        written = [self.record(key, row) for key, row in now.items() if self._seen.get(key) != row]
        self._seen = now
        return written

    def record(self, key: table.Key, row: table.Row) -> Json:
        """Give the stream's record of a row."""
        told = {"Keys": table.typed_key(key), "NewImage": table.typed(row), "SequenceNumber": "1"}
        return {"eventName": "MODIFY" if key in self._seen else "INSERT", "dynamodb": told}

    def forget(self, **time: float) -> Json:
        """Let time pass, then let an hour's schedule call settlement to forget."""
        self.later(**time)
        return self.portal.invoke("SettlementFunction", {"forget": True})

    def sweep_until_settled(self, most: int = 400) -> int:
        """Sweep whenever something waits; give how many sweeps it took."""
        for count in range(most):
            due = [
                row["waits_at"] for row in self.rows() if row.get("waits", "").startswith("WORK")
            ]
            if not due:
                return count
            self.portal.now = max(self.portal.now, datetime.fromisoformat(min(due)))
            self.sweep()
        raise AssertionError("still waiting")

    def change(self, order: Json, sk: str = "ORDER", **values: Any) -> None:  # noqa: ANN401 - a row's
        """Write into a row of an order what a long time would have left there."""
        row = self.row(order, sk) | values
        table.client().put_item(TableName=table.name(), Item=table.typed(row))

    # What can be seen

    def rows(self, order: Json | None = None) -> list[table.Row]:
        """Give the rows of an order, or of all orders."""
        return self.portal.rows(f"ORDER#{order['reference']}" if order else "ORDER#")

    def row(self, order: Json, sk: str = "ORDER") -> table.Row:
        """Give the one row of an order whose sort key begins with `sk`."""
        (found,) = [row for row in self.rows(order) if row["sk"].startswith(sk)]
        return found

    def state(self, order: Json) -> str:
        """Give an order's state."""
        return str(self.row(order)["state"])

    def told(self, order: Json) -> str:
        """Give what the payer is told."""
        return str(self.portal.receipt(order).json["state"])

    def letters(self, order: Json) -> list[str]:
        """Give the kinds of letters that an order's payer is owed."""
        return sorted(row["kind"] for row in self.rows(order) if row["sk"].startswith("LETTER#"))

    def queue(self) -> list[str]:
        """Give why the operator is asked, for each matter."""
        return sorted(row["queued_why"] for row in self.rows() if row.get("waits") == "QUEUE")

    def restless(self, order: Json) -> list[table.Row]:
        """Give the rows of an order that wait for somebody, and not just to be forgotten."""
        forgets = ("FORGET#", "STRIP#")
        return [
            row
            for row in self.rows(order)
            if "waits" in row and not row["waits"].startswith(forgets)
        ]

    def waits(self, **beyond: float) -> list[str]:
        """Give the sort keys of what waits for settlement, within half an hour or `beyond`."""
        end = stamp(self.portal.now + timedelta(**beyond or {"minutes": 30}))
        work = [row for row in self.rows() if row.get("waits", "").startswith("WORK")]
        return sorted(row["sk"] for row in work if row["waits_at"] <= end)


def _wanted(function: str, record: Json) -> bool:
    return any(matches(pattern, record) for pattern in FILTERS[function])


def count(monkeypatch: Any, *names: str) -> list[tuple[str, ...]]:  # noqa: ANN401 - pytest's
    """Note each call of the API's methods, with the transaction that it names."""
    calls: list[tuple[str, ...]] = []

    def noted(name: str) -> None:
        real = getattr(api.Api, name)

        def call(self: api.Api, oid: str, *rest: Any) -> Any:  # noqa: ANN401 - as the method
            calls.append((name, *map(str, rest[:1])))
            return real(self, oid, *rest)

        monkeypatch.setattr(api.Api, name, call)

    for name in names or ("status", "capture", "void"):
        noted(name)
    return calls
