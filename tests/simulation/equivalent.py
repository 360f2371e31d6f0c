"""Mutants that change nothing anybody could notice, each with its reason."""

# (module, function and change): why.
MUTANTS: dict[tuple[str, str], str] = {
    (
        "functions.shared.rules.cmi.answer",
        "_parsed: charset is None or pairs is None -> False or pairs is None",
    ): "without a charset there are no pairs: the first clause tells the type checker",
}
_SEEN_AT_REST = "attribute_exists(pk) AND attribute_not_exists(waits) AND #s = :state"
_STILL = "(attribute_not_exists ( waits )) AND (#s = :state) AND (attribute_not_exists ( email ))"
_FORGET = "ORDER: SET facts = :facts"
# A condition's shape and what it became: why.
CONDITIONS: dict[str, str] = {
    f"{_FORGET}{change} IF {_SEEN_AT_REST} AND attribute_not_exists(email) -> {_STILL}": "a row that is not there has no state either: the clause is everybody's who saw no wait"
    for change in (
        ", forgotten_at = :now, waits = :rest, waits_at = :since REMOVE tries, email",
        ", forgotten_at = :now REMOVE tries, email, waits, waits_at",
        ", stripped_at = :now REMOVE tries, email, waits, waits_at",
        ", waits = :rest, waits_at = :since REMOVE tries",
        " REMOVE tries, waits, waits_at",
    )
} | {
    "DATA: PUT IF attribute_not_exists(pk) OR loaded_at < :issued -> (attribute_not_exists ( pk )) OR (loaded_at <= :issued)": "the date that stands there is written over itself",
}
