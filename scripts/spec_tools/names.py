"""Choose different names for similar things."""

from __future__ import annotations

from collections.abc import Iterable


class Names:
    """Names that are taken; thousands of similar ones cost no more than different ones."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)
        self._next: dict[str, int] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._taken

    def claim(self, name: str) -> str:
        """Take ``name``, or the first of ``name_2``, ``name_3`` ... that is free."""
        chosen, number = name, self._next.get(name, 2)
        while chosen in self._taken:
            chosen, number = f"{name}_{number}", number + 1
        self._next[name] = number
        self._taken.add(chosen)
        return chosen
