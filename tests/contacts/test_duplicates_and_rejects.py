"""Repeated numbers are told, and what is bad is written down for mending."""

from __future__ import annotations

import csv
import errno
import os
import stat
from pathlib import Path
from typing import IO, Any, BinaryIO

import pandas
import pytest

from vocobase import ContactsError, InvalidArgumentError
from vocobase._base import sqlite
from vocobase.contacts import BadRow, Contact, _rejects, _unique, read
from vocobase.contacts._rejects import Rejects

from .support import contacts, mobile, split


def test_the_first_of_a_number_wins_however_it_is_written() -> None:
    rows = [
        {"phone": "9876543210", "name": "Asha"},
        {"phone": mobile(1)},
        {"phone": "+91 98765-43210", "name": "B"},
    ]
    good, bad = split(read(rows, region="IN"))
    assert [contact.name for contact in good] == ["Asha", None]
    assert bad == [BadRow(3, "the number came before, in line 1", rows[2], duplicate_of=1)]


def test_duplicates_are_found_across_a_list_that_exceeds_the_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "_CACHE_KIBIBYTES", 16)
    good, bad = split(read({"phone": mobile(n % 3_000)} for n in range(6_000)))
    assert (len(good), len(bad)) == (3_000, 3_000)
    assert [row.duplicate_of for row in bad] == list(range(1, 3_001))


def test_a_full_disk_for_duplicates_is_a_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    enter = _unique.Seen.__enter__

    def small(self: Any) -> Any:
        entered = enter(self)
        self._database.execute("PRAGMA max_page_count = 3")
        return entered

    monkeypatch.setattr(_unique.Seen, "__enter__", small)
    with pytest.raises(ContactsError) as caught:
        list(read({"phone": mobile(n)} for n in range(3_000)))
    assert str(caught.value) == "the temporary file for duplicates: database or disk is full."


def test_rejects_hold_line_reason_and_columns_and_are_private(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    text = f'phone,name\n{mobile(1)},A\n12,"B, ""x""\r\ny"\n{mobile(1)},C,d\n{mobile(2)},"D\n'
    source = tmp_path / "list.csv"
    source.write_text(text, newline="")
    assert len(list(read(source, rejects=path))) == 4
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert rows == [
        ["rejected_line", "rejected_reason", "phone", "name", "rejected_rest"],
        ["3", "the number has no country code; write it as +..., or pass region=", "12", 'B, "x"\r\ny', ""],
        ["5", "the row has 3 fields where the header has 2", mobile(1), "C", "d"],
        ["6", "a quote is opened and never closed", "", "", f'{mobile(2)},"D'],
    ]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_mended_rejects_are_read_without_their_remarks(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    list(read([{"phone": "98765", "name": "Asha", "tier": "gold"}], rejects=path))
    path.write_text(path.read_text().replace("98765", "9876543210"))
    assert contacts(read(path, region="IN")) == [Contact("+919876543210", "Asha", {"tier": "gold"})]


def test_rows_of_other_shapes_keep_their_content_in_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    rows: Any = [
        {"phone": "1", "tags": ["a"]},
        {"phone": "2", "city": "Pune", "when": None},
        "x",
        {"phone": None, "": "y", "z": 1},
    ]
    list(read(rows, rejects=path))
    with path.open(newline="") as file:
        assert [row[2:] for row in csv.reader(file)] == [
            ["phone", "tags", "rejected_rest"],
            ["1", '["a"]', ""],
            ["2", "", '{"city": "Pune", "when": null}'],
            ["", "", "x"],
            ["", "", '{"z": 1, "": "y"}'],
        ]


def test_rejects_of_an_earlier_run_are_replaced_and_closed_to_others(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("old")
    path.chmod(0o644)
    list(read([{"phone": mobile(1)}], rejects=str(path)))
    assert path.read_text() == ""
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("broken", ["source", "disk", "caller"])
def test_rejects_of_an_earlier_run_stay_when_the_reading_fails(
    broken: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("corrected by hand, and not read yet")

    def rows() -> Any:
        yield {"phone": "1", "note": "x" * 100_000}
        if broken == "caller":
            raise KeyError("mine")

    if broken == "disk":
        monkeypatch.setattr(_rejects, "_text_file", on_a_full_disk)
    source: Any = tmp_path / "gone.csv" if broken == "source" else rows()
    with pytest.raises((ContactsError, KeyError)):
        list(read(source, rejects=path))
    assert path.read_text() == "corrected by hand, and not read yet"
    assert [found.name for found in tmp_path.iterdir()] == ["bad.csv"]


def on_a_full_disk(file: BinaryIO) -> Any:
    file.close()
    return Path("/dev/full").open("w", encoding="utf-8")


def test_rejects_that_cannot_be_put_in_their_place_are_a_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(ContactsError, match="rejects: Device or resource busy"):
        list(read([{"phone": "1"}], rejects=tmp_path / "bad.csv"))
    assert list(tmp_path.iterdir()) == []


def test_rejects_go_where_a_link_points_and_into_a_pipe(tmp_path: Path) -> None:
    link, pipe = tmp_path / "link.csv", tmp_path / "pipe"
    link.symlink_to(tmp_path / "bad.csv")
    list(read([{"phone": "1"}], rejects=link))
    assert link.is_symlink()
    os.mkfifo(pipe)
    descriptor = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        list(read([{"phone": "1"}], rejects=pipe))
        assert os.read(descriptor, 10_000) == (tmp_path / "bad.csv").read_bytes() != b""
    finally:
        os.close(descriptor)


def test_rejects_of_rejects_carry_no_remarks_of_the_first_time(tmp_path: Path) -> None:
    first, second = tmp_path / "1.csv", tmp_path / "2.csv"
    source = tmp_path / "list.csv"
    source.write_text(f'phone,note\n12,a\n13,b\n{mobile(3)},"stray\n')
    list(read(source, rejects=first))
    list(read(first, rejects=second))
    with second.open(newline="") as file:
        head, *rows = csv.reader(file)
    assert head == ["rejected_line", "rejected_reason", "phone", "note", "rejected_rest"]
    assert [row[2:] for row in rows] == [["12", "a", ""], ["13", "b", ""], ["", "", f'{mobile(3)},"stray']]
    second.write_text(second.read_text().replace(",12,", f",{mobile(12)},"))
    good, _ = split(read(second))
    assert good == [Contact(mobile(12), None, {"note": "a"})]


def test_values_that_stand_for_nothing_are_blank_in_rejects(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    frame = pandas.DataFrame(
        {"phone": ["98765"], "a": [float("nan")], "b": [pandas.NaT], "c": [pandas.NA], "d": [0]}
    )
    list(read(frame, rejects=path))
    path.write_text(path.read_text().replace("98765", mobile(1)))
    assert contacts(read(path)) == [Contact(mobile(1), None, {"d": "0"})]


def test_what_cannot_be_written_does_not_end_the_reading(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    circle: dict[str, Any] = {}
    circle["self"] = circle
    deep: Any = "end"
    for _ in range(100_000):
        deep = [deep]
    hostile = [circle, deep, {(1, 2): 3}, 10**5000]
    rows = list(read([{"phone": "1", "x": value} for value in hostile], rejects=path))
    assert [row.line for row in rows if isinstance(row, BadRow)] == [1, 2, 3, 4]
    with path.open(newline="") as file:
        assert [row[3] for row in csv.reader(file)] == ["x", "(dict)", "(list)", "(dict)", "(int)"]


def test_half_characters_are_written_in_another_form(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    list(read([{"phone": "1", "name": "\ud800"}], rejects=path))
    assert "\\ud800" in path.read_text()


def test_the_source_is_not_overwritten_by_its_rejects(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("phone\n12\n")
    link = tmp_path / "link.csv"
    link.hardlink_to(path)
    for rejects in (path, link):
        with pytest.raises(InvalidArgumentError, match="this is the source itself"):
            list(read(path, rejects=rejects))
    with path.open() as file, pytest.raises(InvalidArgumentError, match="this is the source itself"):
        list(read(file, rejects=path))
    assert path.read_text() == "phone\n12\n"


def test_rejects_that_cannot_be_written_are_a_clear_error(tmp_path: Path) -> None:
    for path in (tmp_path / "gone" / "bad.csv", tmp_path):
        with pytest.raises(ContactsError, match=r"^'.*': rejects: .*\.$"):
            list(read([{"phone": "1"}], rejects=path))
    with pytest.raises(ContactsError) as caught:
        list(read([{"phone": "1"}], rejects="/dev/full"))
    assert str(caught.value) == "'/dev/full': rejects: No space left on device."
    with pytest.raises(ContactsError, match="rejects: No space left on device"):
        list(read([{"phone": "1", "note": "x" * 100_000}], rejects="/dev/full"))


def test_the_first_error_is_the_one_that_is_told(tmp_path: Path) -> None:
    def rows() -> Any:
        yield {"phone": "1"}
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        list(read(rows(), rejects="/dev/full"))


def test_an_abandoned_reading_closes_its_files(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    reading: Any = read([{"phone": "1"}, {"phone": "2"}], rejects=path)
    next(reading)
    reading.close()
    assert path.read_text().count("\n") == 2


class Interrupted(Rejects):
    """Ctrl-C comes when the file has just been created."""

    def _open(self, path: str | os.PathLike[str]) -> IO[str]:
        super()._open(path).close()
        raise KeyboardInterrupt


def test_an_interruption_after_the_file_was_created_leaves_none_behind(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), Interrupted(tmp_path / "bad.csv"):
        pass
    assert os.listdir(tmp_path) == []
