"""Mutants that change nothing anybody could notice, each with its reason."""

# (module, function and change): why.
MUTANTS: dict[tuple[str, str], str] = {
    (
        "functions.shared.rules.cmi.answer",
        "_parsed: charset is None or pairs is None -> False or pairs is None",
    ): "without a charset there are no pairs: the first clause tells the type checker",
}
# A condition's shape and what it became: why.
CONDITIONS: dict[str, str] = {}
