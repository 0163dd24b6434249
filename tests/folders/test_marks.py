"""The marks of a folder in the descriptions of its documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from vocobase._folders.document_marks import Mark, folder_label, mark_in


def test_the_label_of_a_folder_is_the_same_in_every_checkout(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name / ".git").mkdir(parents=True)
        (tmp_path / name / "docs" / "kb").mkdir(parents=True)
        assert folder_label(tmp_path / name / "docs" / "kb") == "docs/kb"
    (tmp_path / "link").symlink_to(tmp_path / "one" / "docs" / "kb")
    assert folder_label(tmp_path / "link") == "docs/kb"
    (tmp_path / "kb").mkdir()
    assert folder_label(tmp_path / "kb") == "kb"


@pytest.mark.parametrize("folder", ["kb", "a b/c]d", "ärzte", "", "%20"])
@pytest.mark.parametrize("text", [None, "", "Prices of 2026.", 5])
def test_a_mark_is_read_as_it_was_written(folder: str, text: object) -> None:
    mark = Mark("0123456789abcdef" * 4, folder)
    written = mark.added_to(text)
    assert mark_in(written) == mark
    assert Mark("f" * 64, "x").added_to(written) == Mark("f" * 64, "x").added_to(text)
    assert mark_in(text) is None
