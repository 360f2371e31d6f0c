"""Mutants that change nothing anybody could notice, each with its reason."""

# (module, function and change): why.
MUTANTS: dict[tuple[str, str], str] = {}
# A condition's shape and what it became: why.
CONDITIONS: dict[str, str] = {}
