"""How a bug is planted: a name, a patch of one function, and the promise that it must break."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

Wrap = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Bug:
    """A bug, and the promise of which it is the proof that somebody looks.

    `beside`: the actor without whom it does no harm; others show in any worlds.
    """

    name: str
    plant: Callable[[], AbstractContextManager[Any]]
    breaks: str
    beside: str = ""


BUGS: list[Bug] = []


def bug(
    name: str,
    owner: Any,  # noqa: ANN401 - a module or class
    attribute: str,
    breaks: str,
    beside: str = "",
) -> Callable[[Wrap], Wrap]:
    """Note a bug: what is decorated makes the wrong function of the right one."""

    def noted(wrap: Wrap) -> Wrap:
        right = getattr(owner, attribute)
        plant = lambda: patch.object(owner, attribute, wrap(right))  # noqa: E731 - a later patch
        BUGS.append(Bug(name, plant, breaks, beside))
        return wrap

    return noted
