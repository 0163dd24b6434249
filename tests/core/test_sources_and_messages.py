"""Sizes and types of what is uploaded, and the length of messages."""

from __future__ import annotations

import io

import pytest

import vocobase
from vocobase._transfers.sources import document_type, open_source


def test_sources_that_cannot_be_measured_are_refused() -> None:
    class Pipe(io.RawIOBase):
        def seekable(self) -> bool:
            return False

    with pytest.raises(vocobase.UploadError, match="measured"), open_source(Pipe()):  # type: ignore[arg-type]
        pass
    assert document_type("a.jpe", None) == "image/jpeg"


def test_a_type_that_is_given_counts_more_than_the_name() -> None:
    assert document_type("notes", "text/plain") == "text/plain"


def test_every_error_is_one_line_of_bounded_length_without_a_key() -> None:
    """Messages quote arguments: a file may have a name of two lines, and a key may stand in a wrong place."""
    error = vocobase.LedgerError(f"ledger: /tmp/a\nb rg_live_abcdef {'x' * 200_000} cannot be used.")
    assert str(error).startswith("ledger: /tmp/a b rg_live_*** xx")
    assert str(error).endswith("xx cannot be used.")
    assert len(str(error)) == 2003
    assert (error.message, error.args) == (str(error), (str(error),))
