"""Reprs of objects that do something: what they are, and where they keep what they have."""

from __future__ import annotations


class ShortRepr:
    """Base of classes that say in `_about` what their repr shows, on one line and without secrets."""

    __slots__ = ()

    def _about(self) -> str:
        return ""

    def __repr__(self) -> str:
        try:
            about = self._about()
        except AttributeError:
            # Tools that show tracebacks ask objects for their repr whose construction has failed.
            about = "not created"
        return f"{type(self).__name__}({about})"
