"""Calls of the kinds that our code makes, right and wrong, drawn by hypothesis."""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

Json = dict[str, Any]
TABLE = "calls"
TEXTS = ("unpaid", "held", "paid", "wanted", "claimed")
NAMES = {"#s": "state", "#account": "account"}
TEXT_ATTRIBUTES = ("#s", "trans_id", "#account", "claimed_at")
RETURNED = {"Put": "ALL_OLD", "Update": "ALL_NEW"}
NUMBERS = ("amount_centimes", "codes", "sends", "expires")
KEYS = [(pk, sk) for pk in ("ORDER#1", "REG#1") for sk in ("DUE#1", "DUE#2", "OPEN#1", "ORDER")]

filled = st.sampled_from(TEXTS).map(lambda text: {"S": text})
texts = filled | st.just({"S": ""})
numbers = st.integers(-2, 12).map(lambda number: {"N": str(number)})
values = texts | numbers
keys = st.sampled_from(KEYS)


@dataclass(slots=True)
class Words:
    """The values that the expressions of one request use, and the names."""

    values: dict[str, Json] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)

    def value(self, value: Json) -> str:
        """Note a value; give its word."""
        word = f":v{len(self.values)}"
        self.values[word] = value
        return word

    def path(self, path: str) -> str:
        """Note a name, if it is one."""
        if path.startswith("#"):
            self.names.add(path)
        return path

    def request(self) -> Json:
        """Give the parameters that tell the words."""
        names = {name: NAMES[name] for name in sorted(self.names)}
        given = {"ExpressionAttributeNames": names, "ExpressionAttributeValues": self.values}
        return {name: words for name, words in given.items() if words}


@st.composite
def attributes(draw: st.DrawFn) -> Json:
    """Give a row's attributes beside its key."""
    row: Json = {}
    for name in draw(st.sets(st.sampled_from(("state", "trans_id", "account", "claimed_at")))):
        row[name] = draw(texts)
    for name in draw(st.sets(st.sampled_from(NUMBERS))):
        row[name] = draw(numbers)
    if draw(st.booleans()):
        row |= {"waits": {"S": "WORK#1"}, "waits_at": draw(texts)}
    if draw(st.booleans()):
        row |= {"paid_day": {"S": "DAY#1"}, "paid_at": draw(filled)}
    return row


@st.composite
def test(draw: st.DrawFn, words: Words) -> str:
    """Give one comparison or question about an attribute."""
    path = draw(st.sampled_from((*TEXT_ATTRIBUTES, *NUMBERS, "waits")))
    kind = draw(st.sampled_from(("=", "<", "<=", ">", ">=", "<>", "IN", "exists", "not exists")))
    if kind == "exists":
        return f"attribute_exists({words.path(draw(st.sampled_from((path, 'pk'))))})"
    if kind == "not exists":
        return f"attribute_not_exists({words.path(draw(st.sampled_from((path, 'pk'))))})"
    if kind == "IN":
        choices = ", ".join(words.value(draw(values)) for _ in range(draw(st.integers(1, 3))))
        return f"{words.path(path)} IN ({choices})"
    return f"{words.path(path)} {kind} {words.value(draw(values))}"


@st.composite
def condition(draw: st.DrawFn, words: Words, depth: int = 2) -> str:
    """Give a condition: tests joined by AND, OR and NOT, with and without parentheses."""
    kind = draw(st.sampled_from(("one", "one", "AND", "OR", "NOT"))) if depth else "one"
    if kind == "one":
        return draw(test(words))
    if kind == "NOT":
        return f"NOT ({draw(condition(words, depth - 1))})"
    parts = [draw(condition(words, depth - 1)) for _ in range(2)]
    return draw(st.sampled_from((f"({parts[0]}) {kind} ({parts[1]})", f" {kind} ".join(parts))))


@st.composite
def update(draw: st.DrawFn, words: Words) -> str:
    """Give an update of up to three clauses; now and then it touches one attribute twice."""
    clauses = []
    paths = list(draw(st.permutations((*TEXT_ATTRIBUTES, "amount_centimes", "expires"))))
    sets = [_set(draw, words, paths[place]) for place in range(draw(st.integers(0, 3)))]
    if sets:
        clauses.append("SET " + ", ".join(sets))
    added = draw(st.lists(st.sampled_from(("codes", "sends", "expires")), max_size=2))
    if added:
        one = [f"{path} {words.value(draw(numbers))}" for path in added]
        clauses.append("ADD " + ", ".join(one))
    if draw(st.booleans()) or not clauses:
        clauses.append("REMOVE waits, waits_at, tries")
    return " ".join(clauses)


def _set(draw: st.DrawFn, words: Words, path: str) -> str:
    """Give one assignment: a value, a default, another attribute, or a sum."""
    value = words.value(draw(numbers if path in NUMBERS else texts))
    kind = draw(st.sampled_from(("value", "value", "default", "sum", "other")))
    name = words.path(path)
    if kind == "default":
        return f"{name} = if_not_exists({name}, {value})"
    if kind == "sum" and path in NUMBERS:
        return f"{name} = if_not_exists({name}, {value}) + {words.value(draw(numbers))}"
    if kind == "other":
        words.values.pop(value)
        return f"{name} = {words.path(draw(st.sampled_from(('trans_id', 'sends'))))}"
    return f"{name} = {value}"


@st.composite
def write(
    draw: st.DrawFn, verbs: tuple[str, ...] = ("Put", "Update", "Delete")
) -> tuple[str, Json]:
    """Give a verb and its request, conditional or not."""
    verb = draw(st.sampled_from(verbs))
    pk, sk = draw(keys)
    key, words, request = {"pk": {"S": pk}, "sk": {"S": sk}}, Words(), {"TableName": TABLE}
    part: Json = {"Item": key | draw(attributes())} if verb == "Put" else {"Key": key}
    if verb == "Update":
        part["UpdateExpression"] = draw(update(words))
    if verb == "ConditionCheck" or draw(st.booleans()):
        part["ConditionExpression"] = draw(condition(words))
        if draw(st.booleans()):
            part["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
    if draw(st.integers(0, 15)) == 0:
        words.value({"S": "unused"})
    return verb, request | part | words.request()


@st.composite
def alone(draw: st.DrawFn) -> tuple[str, Json]:
    """Give a single write."""
    verb, request = draw(write())
    if verb in RETURNED and draw(st.booleans()):
        request["ReturnValues"] = RETURNED[verb]
    return f"{verb}Item", request


@st.composite
def transaction(draw: st.DrawFn) -> tuple[str, Json]:
    """Give a transaction, mostly under one of few tokens."""
    verbs = ("Put", "Update", "Delete", "ConditionCheck")
    actions = draw(st.lists(write(verbs), min_size=1, max_size=4))
    apart = {_key(request): (verb, request) for verb, request in actions}
    items = [{verb: request} for verb, request in apart.values()]
    token = draw(st.sampled_from(("one", "two", "")))
    return "TransactWriteItems", {"TransactItems": items} | (
        {"ClientRequestToken": token} if token else {}
    )


def _key(request: Json) -> str:
    row = request["Item"] if "Item" in request else request["Key"]
    return f"{row['pk']['S']}|{row['sk']['S']}"


@st.composite
def read(draw: st.DrawFn) -> tuple[str, Json]:
    """Give a read of one row, of some, or of a partition of the table or the index."""
    kind = draw(st.sampled_from(("GetItem", "BatchGetItem", "Query", "Index", "Day")))
    if kind == "GetItem":
        return kind, {"TableName": TABLE, "Key": _typed(draw(keys)), "ConsistentRead": True}
    if kind == "BatchGetItem":
        wanted = [_typed(key) for key in draw(st.lists(keys, min_size=1, max_size=4))]
        return kind, {"RequestItems": {TABLE: {"Keys": wanted, "ConsistentRead": True}}}
    limit = {"Limit": draw(st.integers(1, 4))} if draw(st.booleans()) else {}
    if kind == "Index":
        return "Query", limit | {
            "TableName": TABLE, "IndexName": "work",
            "KeyConditionExpression": "waits = :waits AND waits_at <= :now",
            "ExpressionAttributeValues": {":waits": {"S": "WORK#1"}, ":now": draw(filled)},
        }  # fmt: skip
    if kind == "Day":
        return "Query", limit | {
            "TableName": TABLE, "IndexName": "paid", "KeyConditionExpression": "paid_day = :day",
            "ExpressionAttributeValues": {":day": {"S": "DAY#1"}},
        }  # fmt: skip
    sign = draw(st.sampled_from(("<=", "<", ">=", ">", "=")))
    return "Query", limit | {
        "TableName": TABLE, "ConsistentRead": True, "ScanIndexForward": draw(st.booleans()),
        "KeyConditionExpression": f"pk = :pk AND sk {sign} :last",
        "ExpressionAttributeValues": {":pk": {"S": draw(keys)[0]}, ":last": {"S": draw(keys)[1]}},
    }  # fmt: skip


def _typed(key: tuple[str, str]) -> Json:
    return {"pk": {"S": key[0]}, "sk": {"S": key[1]}}


calls = st.lists(alone() | transaction() | read(), min_size=1, max_size=10)
