"""The time to read a list grows with its size, whatever is in it."""

from __future__ import annotations

import io
import math
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from vocobase._policy.variables import variables_in
from vocobase.contacts import BadRow, Contact, ContactsError, read
from vocobase.contacts._files import _Feed  # pyright: ignore[reportPrivateUsage]
from vocobase.contacts._phones import Phones
from vocobase.contacts._values import Refused

from .support import read_csv

HEAD = "phone,name\n"
# Text of about this many characters.
FILES: dict[str, Callable[[int], str]] = {
    "an open quote in the header, short lines": lambda n: 'phone,"name\n' + "a\n" * (n // 2),
    "an open quote in the header, empty lines": lambda n: 'phone,"name\n' + "\n" * n,
    "an open quote in the header, quotes in pairs": lambda n: 'phone,"name\n' + '""\n' * (n // 3),
    "quotes that every line closes and opens": lambda n: HEAD + 'a","\n' * (n // 5),
    "quotes that every line closes and opens twice": lambda n: HEAD + 'a","b","\n' * (n // 9),
    "lines that open a quote": lambda n: HEAD + '1,"\n' * (n // 4),
    "an open quote in the middle": lambda n: HEAD + "1,a\n" * (n // 8) + '1,"\n' + "a\n" * (n // 4),
    "many open quotes": lambda n: HEAD + ('1,"\n' + "a\n" * 50) * (n // 104),
    "quotes alone": lambda n: HEAD + '"' * n,
    "delimiters in one line": lambda n: HEAD + "," * n,
    "delimiters in the header": lambda n: "," * n + "\n1\n",
    "many columns, short lines": lambda n: "phone" + ",a" * (n // 4) + "\n" + "1\n" * (n // 4),
    "one header many times": lambda n: "phone" + ",a" * 900 + "\n" + "1\n" * (n // 200),
    "NUL characters": lambda n: HEAD + "1,a\n" * 8_000 + "\0\n" * (n // 2),
    "old line ends": lambda n: "phone,name\r" + "1,a\r" * (n // 4),
    "line ends alone": lambda n: "phone\r" + "\r" * n,
    "blank lines first": lambda n: "\n" * n + HEAD + "1,a\n",
    "byte order marks": lambda n: "\ufeff" * n + "\n",
    "digits in a number": lambda n: HEAD + "1" * n + ",a\n",
    "long numbers": lambda n: HEAD + ("1" * 250 + ",a\n") * (n // 253),
    "punctuation in numbers": lambda n: HEAD + ("-1 (" * 62 + ",a\n") * (n // 250),
    "extensions in numbers": lambda n: HEAD + ("x 1" * 83 + ",a\n") * (n // 251),
    "one number many times": lambda n: HEAD + "+919876543210,a\n" * (n // 16),
}


def cpu(work: Callable[[], object]) -> float:
    """The CPU seconds of this thread."""
    began = time.thread_time()
    work()
    return time.thread_time() - began


def assert_linear(work: Callable[[Any], object], make: Callable[[int], Any], size: int = 40_000) -> None:
    """Four times as much may take nine times as long; in quadratic time it would be sixteen."""
    small, large = make(size), make(4 * size)
    shortest = longest = math.inf
    for _ in range(3):
        shortest, longest = min(shortest, cpu(lambda: work(small))), min(longest, cpu(lambda: work(large)))
        if longest < 9 * shortest + 0.05:
            return
    raise AssertionError(f"{longest:.3f} s for four times as much as in {shortest:.3f} s")


def consume(text: str) -> None:
    with suppress(ContactsError):
        for _ in read(io.BytesIO(text.encode()), format="csv", region="IN"):
            pass


@pytest.mark.parametrize("kind", FILES)
def test_the_time_for_a_file_grows_with_its_size(kind: str) -> None:
    assert_linear(consume, FILES[kind])


@pytest.mark.parametrize("kind", FILES)
def test_a_file_of_any_kind_ends_in_rows_or_in_one_error(kind: str) -> None:
    text = FILES[kind](5_000)
    try:
        rows = list(read(io.StringIO(text, newline=""), format="csv", region="IN"))
    except ContactsError as error:
        assert "\n" not in str(error) and len(str(error)) < 2100
    else:
        assert all(isinstance(row, (Contact, BadRow)) for row in rows)


def test_every_line_is_parsed_a_few_times_at_most() -> None:
    """Lines that are within open quotes from wherever one begins are not read again and again."""
    handed = 0

    class Counting(_Feed):
        def __next__(self) -> str:
            nonlocal handed
            handed += 1
            return super().__next__()

    import vocobase.contacts._files as files

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "_Feed", Counting)
        _, bad = read_csv(HEAD + 'a","\n' * 5_000)
    assert len(bad) == 5_000 and handed < 4 * 5_000


@pytest.mark.parametrize(
    ("lines", "seen"),
    [
        ("a\n" * 100_000, "within 65,535 lines (131,080 characters)"),
        ("a\n" * 3, "within 4 lines (18 characters)"),
    ],
)
def test_a_header_with_an_open_quote_says_what_was_seen(lines: str, seen: str) -> None:
    with pytest.raises(
        ContactsError, match="line 1, the header: a quote is opened and not closed "
    ) as caught:
        read_csv('phone,"name\n' + lines)
    assert str(caught.value).endswith(f"{seen}.")


def test_a_quote_within_an_unquoted_header_is_only_a_character() -> None:
    [contact], bad = read_csv('phone,5" pipe\n' + "+919876543210,x\n" + ",\n" * 100_000)
    assert (contact.metadata, bad) == ({'5" pipe': "x"}, [])


def test_more_columns_than_anybody_has_are_an_error() -> None:
    assert read_csv("phone" + ",a" * 999 + "\n")[0] == []
    with pytest.raises(ContactsError, match=r"there are 1,001 columns, more than the 1,000 that can be read"):
        read_csv("phone" + ",a" * 1000 + "\n")


def test_an_error_about_many_columns_stays_short() -> None:
    with pytest.raises(ContactsError, match=r"and 70 more could both be the phone") as caught:
        read_csv(",".join("phone" + "_" * n for n in range(90)) + "\n" + "1," * 90 + "\n")
    assert len(str(caught.value)) < 2100


class Forgetful(_Feed):
    """Read every row again from its second line, as if nothing was known of the lines that follow."""

    def fail(self) -> None:
        self.back(1)


@settings(max_examples=500, deadline=None)
@given(st.lists(st.text('a",', max_size=6), max_size=12), st.sampled_from(["\n", "\r\n", "\r"]))
@example(['a","', 'b","', "c", 'd",""'], "\n")
def test_what_is_known_of_open_quotes_changes_no_row(lines: list[str], end: str) -> None:
    import vocobase.contacts._files as files

    text = end.join(["phone,name", *lines, "+919876543210,A", ""])
    known = read_csv(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "_Feed", Forgetful)
        forgotten = read_csv(text)
    assert known[0] == forgotten[0]
    assert [(row.line, row.row) for row in known[1]] == [(row.line, row.row) for row in forgotten[1]]


JSON_LINES: dict[str, Callable[[int], str]] = {
    "brackets": lambda n: "{" * n,
    "nested lists": lambda n: '{"phone": ' + "[" * n,
    "members": lambda n: "{" + ", ".join(f'"a{i}": 1' for i in range(n // 10)) + "}",
    "one member many times": lambda n: "{" + ", ".join('"a": 1' for _ in range(n // 8)) + "}",
    "names that mean the phone": lambda n: (
        "{" + ", ".join(f'"phone{"_" * i}": 1' for i in range(int(n**0.5))) + "}"
    ),
    "digits": lambda n: '{"phone": ' + "1" * n + "}",
    "escapes": lambda n: '{"phone": "' + "\\u0031" * (n // 6) + '"}',
    "short lines": lambda n: "{}\n" * (n // 3),
}


@pytest.mark.parametrize("kind", JSON_LINES)
def test_the_time_for_json_lines_grows_with_their_size(kind: str) -> None:
    def work(text: str) -> None:
        for _ in read(io.BytesIO(text.encode()), format="jsonl", region="IN"):
            pass

    assert_linear(work, lambda n: '{"phone": "+919876543210"}\n' + JSON_LINES[kind](n))


@pytest.mark.parametrize(
    "part", ["1", "-", "(", "+", "+91", " ", "x", "#1", ";ext=1", "e1", "1.0", "\u0663", "\u200b", "~ "]
)
def test_the_time_for_a_number_grows_with_its_length(part: str) -> None:
    phones = Phones("IN")

    def work(text: str) -> None:
        for value in (text, text[:250], text + "x", text[:249] + "x"):
            with suppress(Refused):
                phones.e164(value)

    assert_linear(work, lambda n: part * n, 100_000)


@pytest.mark.parametrize(
    "part", ["{{", "}}", "{{a", "{{ ", "{{ a ", "{{a}}", "{ {", "{{" + "a" * 100, "{{" + " " * 100]
)
def test_the_time_for_a_template_grows_with_its_length(part: str) -> None:
    assert_linear(variables_in, lambda n: part * (n // len(part)), 200_000)
    assert_linear(variables_in, lambda n: "{{" + part[-1] * n, 200_000)
