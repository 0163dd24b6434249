"""The pure parts of an import: encoded contacts, their file, their requests and their counts."""

from __future__ import annotations

import json
import tempfile
import tracemalloc
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocobase import ContactsError
from vocobase._imports.chunks import body_of, chunks, encode, phone_of, smaller
from vocobase._imports.spool import Spool
from vocobase._imports.tally import Tally
from vocobase._policy.limits import check_members, write_json
from vocobase.contacts import Contact, ImportProgress, ImportReport, read
from vocobase.contacts._rejects import Rejects

from .support import mobile

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3),
)


def spooled(rows: Any, file: Any = None) -> list[bytes]:
    with Spool(file) as spool:
        for _ in spool.fill(read(rows), Rejects(None), 10_000):
            pass
        return list(spool.lines())


@given(st.dictionaries(st.text(), VALUES, max_size=4), st.text())
def test_an_encoded_contact_is_what_add_contacts_sends_and_accepts(metadata: Any, name: str) -> None:
    row = {"phone": mobile(1), "name": name, "metadata": metadata}
    for contact in read([row]):
        if isinstance(contact, Contact):
            line = encode(contact)
            assert line == write_json("campaigns.add_contacts", contact.to_dict())
            assert b"\n" not in line
            assert (json.loads(line), phone_of(line)) == (contact.to_dict(), mobile(1))
            check_members("campaigns.add_contacts", {"contacts": [json.loads(line)]})


def test_the_body_holds_the_contacts_as_they_are() -> None:
    lines = [encode(Contact(mobile(n), "Ünal", {"n": n})) for n in range(3)]
    body = body_of(lines)
    assert body.content == b'{"contacts":[' + lines[0] + b"," + lines[1] + b"," + lines[2] + b"]}"
    assert write_json("campaigns.add_contacts", body) == body.content
    assert repr(body) == f"<EncodedJSON: {len(body.content)} bytes>"


@given(st.lists(st.integers(1, 60), max_size=40), st.integers(1, 10), st.integers(20, 100))
def test_chunks_keep_the_order_and_both_limits(sizes: list[int], most: int, size: int) -> None:
    lines = [b"x" * length for length in sizes]
    found = list(chunks(lines, most, size))
    assert [line for chunk in found for line in chunk] == lines
    for chunk in found:
        assert 0 < len(chunk) <= most
        assert len(chunk) == 1 or len(body_of(chunk).content) <= size
    for chunk, following in pairwise(found):
        assert len(chunk) == most or len(body_of([*chunk, following[0]]).content) > size


@pytest.mark.parametrize(
    ("contacts", "status", "halves"),
    [(5, 413, [2, 3]), (2, 413, [1, 1]), (1, 413, []), (5, 400, []), (5, None, [])],
)
def test_only_a_chunk_that_is_too_large_is_halved(
    contacts: int, status: int | None, halves: list[int]
) -> None:
    lines = [bytes([n]) for n in range(contacts)]
    found = smaller(lines, status)
    assert [len(half) for half in found] == halves
    assert not found or found[0] + found[1] == lines


@pytest.mark.parametrize(
    ("added", "duplicates", "counted"),
    [
        (4, 1, (4, 1, 0)),
        (None, None, (0, 0, 5)),
        (3, 1, (3, 1, 1)),
        (4.0, "1", (4, 0, 1)),
        (70, 70, (5, 0, 0)),
    ],
)
def test_the_counts_of_a_response_add_up(added: Any, duplicates: Any, counted: tuple[int, ...]) -> None:
    tally = Tally(known=2)
    tally.count(5, added, duplicates)
    assert (tally.added, tally.skipped, tally.uncounted) == counted
    assert tally.progress(9) == ImportProgress("sending", 7, 9)
    with Spool() as spool:
        spool.contacts, spool.bad, spool.duplicates = 7, 1, 2
        report = tally.report(spool)
    assert report.rows == 10 == report.added + report.skipped + report.uncounted + report.known + 3
    assert isinstance(report, ImportReport)


def test_rows_are_counted_by_batch_and_kept_in_order(tmp_path: Path) -> None:
    rows = read([mobile_row(1), mobile_row(2), {"phone": "1"}, mobile_row(1), mobile_row(3)])
    with Spool() as spool:
        filling = spool.fill(rows, Rejects(tmp_path / "bad.csv"), 2)
        assert list(filling) == [2, 4, 5]
        assert (spool.contacts, spool.bad, spool.duplicates) == (3, 1, 1)
        assert [phone_of(line) for line in spool.lines()] == [mobile(1), mobile(2), mobile(3)]
    assert len((tmp_path / "bad.csv").read_text().splitlines()) == 3


def test_rejects_of_a_list_that_is_not_read_to_its_end_are_dropped(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("earlier")
    with Spool() as spool:
        filling = spool.fill(read([{"phone": "1"}, mobile_row(2)]), Rejects(path), 1)
        next(filling)
        filling.close()
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("bad.csv", "earlier")]


def mobile_row(number: int) -> dict[str, Any]:
    return {"phone": mobile(number)}


def test_a_full_disk_is_a_clear_error() -> None:
    for rows in ([mobile_row(1)], [{**mobile_row(n), "note": "x" * 10_000} for n in range(100)]):
        with pytest.raises(ContactsError) as caught:
            spooled(rows, Path("/dev/full").open("w+b"))  # noqa: SIM115 - the spool closes it
        assert str(caught.value) == "the temporary file for contacts: No space left on device."


def test_a_short_list_stays_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")
    assert len(spooled([mobile_row(n) for n in range(1000)])) == 1000


def test_memory_stays_the_same_for_large_rows() -> None:
    rows = read({"phone": mobile(n), "note": "x" * 500_000} for n in range(100))
    tracemalloc.start()
    try:
        with Spool() as spool:
            for _ in spool.fill(rows, Rejects(None), 10_000):
                pass
            sizes = [len(chunk) for chunk in chunks(spool.lines(), 10_000, 1_600_000)]
            _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert sizes == [3] * 33 + [1]
    assert peak < 12 * 1024 * 1024
