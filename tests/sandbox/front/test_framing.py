"""The request parser compared with h11: it rejects what h11 rejects, and parses the rest identically."""

from __future__ import annotations

import re
from dataclasses import dataclass

import h11
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from vocobase_sandbox.front.http1.framing import RequestReader
from vocobase_sandbox.front.http1.heads import MAX_FIELDS, Head, WireError


@dataclass(frozen=True)
class Parsed:
    """The requests that were parsed before the end or the rejection."""

    requests: tuple[tuple[str, str, tuple[tuple[str, str], ...], bytes], ...]
    status: int = 0
    """With which the rest was refused; 0 when it was not."""
    closed: bool = False
    """Whether the connection ends with the last one, whatever follows."""


def whole(head: Head, body: bytes) -> tuple[str, str, tuple[tuple[str, str], ...], bytes]:
    target = head.path + (f"?{head.query}" if head.query else "")
    return head.method, target, tuple(sorted(head.headers.items())), body


def ours(pieces: list[bytes]) -> Parsed:
    reader, found = RequestReader(), []
    try:
        for piece in pieces:
            reader.feed(piece)
            while (head := reader.head or reader.read_head()) and (body := reader.read_body()) is not None:
                found.append(whole(head, body))
    except WireError as error:
        return Parsed(tuple(found), error.status)
    return Parsed(tuple(found))


def theirs(data: bytes) -> Parsed:
    """Parse with h11, responding to each request so that it continues."""
    found = []
    connection = h11.Connection(h11.SERVER, max_incomplete_event_size=10**9)
    connection.receive_data(data)
    try:
        while True:
            head = connection.next_event()
            if not isinstance(head, h11.Request):
                return Parsed(tuple(found))
            body = b""
            while isinstance(event := connection.next_event(), h11.Data):
                body += bytes(event.data)
            if not isinstance(event, h11.EndOfMessage):
                return Parsed(tuple(found))
            headers: dict[str, str] = {}
            for raw_name, raw_value in head.headers:
                name, value = raw_name.decode(), raw_value.decode("latin-1")
                headers[name] = f"{headers[name]}, {value}" if name in headers else value
            method, target = head.method.decode(), head.target.decode()
            found.append((method, target, tuple(sorted(headers.items())), body))
            connection.send(h11.Response(status_code=404, headers=[("content-length", "0")]))
            connection.send(h11.EndOfMessage())
            if connection.our_state is not h11.DONE or connection.their_state is not h11.DONE:
                return Parsed(tuple(found), closed=True)
            connection.start_next_cycle()
    except h11.RemoteProtocolError as error:
        return Parsed(tuple(found), error.error_status_hint)


# Where we are stricter than h11, and why that is no request worth having.
STRICTER = {
    "a line that ends without CR": rb"(?<!\r)\n",
    "a folded header": rb"\r\n[ \t]",
    "a control character in a header": rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)",
    "another version": rb"HTTP/(?!1\.[01]\r)",
    "a target that is neither a path nor an address": rb"(?m)^[!-~]+ (?!/|(?i:https?://))",
    "a fragment in the target": rb"(?m)^[!-~]+ [!-~]*#",
    "both lengths, or one of them twice": rb"(?is)(content-length|transfer-encoding):.*(content-length|transfer-encoding):",
    "a list of lengths, or one with more than 15 digits": rb"(?i)content-length:[ \t]*(?:[0-9]{16}|[0-9]+[ \t]*,)",
    "HTTP/1.0 with chunks": rb"(?is)HTTP/1\.0\r.*transfer-encoding:",
    "two keys": rb"(?is)authorization:.*authorization:",
    "a host that is none": rb"(?i)host:[ \t]*[^\r]*[^A-Za-z0-9._~!$&'()*+,;=%:\[\]\r \t-]",
    "a host with blanks, brackets or a port that is none": rb"(?i)host:[ \t]*[^\r]*(?:[!-~][ \t]+[!-~]|[\[\]]|:[^\r]*[^0-9\r \t]|:[0-9]{6}|:[^\r]*:)",
    "an address with user information or a bad port": rb"(?m)^[!-~]+ (?i:https?)://[^/?# ]*(?:@|:[^/?# ]*[^0-9/?# ]|[^A-Za-z0-9.:/?# -])",
    "an extension of a chunk that is none, or blanks before it": rb"[0-9a-fA-F][ \t]*;",
    "a size of a chunk with more than 16 digits": rb"[0-9a-fA-F]{17}",
}


def stricter(data: bytes) -> list[str]:
    return [name for name, pattern in STRICTER.items() if re.search(pattern, data)]


def compare(data: bytes, pieces: list[bytes]) -> None:
    mine, their = ours(pieces), theirs(data)
    count = len(their.requests)
    if their.status:
        assert mine.status and len(mine.requests) <= count, "h11 refuses it"
    if mine.status and len(mine.requests) < count + (not their.closed):
        assert their.status or stricter(data), f"refused with {mine.status}, but h11 accepts it"
    else:
        assert [normal(request) for request in mine.requests[:count]] == [*map(normal, their.requests)]
        # h11 closes every connection of HTTP/1.0.
        assert their.closed or len(mine.requests) == count


def normal(request: tuple[str, str, tuple[tuple[str, str], ...], bytes]) -> tuple[object, ...]:
    """Convert a request of h11 to the form in which handlers get it."""
    method, target, headers, body = request
    fields = dict(headers)
    if absolute := re.match(r"(?i)https?://([^/?#]*)", target):
        fields["host"] = absolute[1]
        rest = target[absolute.end() :]
        target = rest if rest.startswith("/") else "/" + rest
    path, mark, query = target.partition("#")[0].partition("?")
    if fields.get("transfer-encoding"):
        fields["transfer-encoding"] = "chunked"
    return method, path + (mark if query else "") + query, sorted(fields.items()), body


GET = b"GET /api/v2/agent?limit=1 HTTP/1.1\r\nHost: localhost:8484\r\nAccept: */*\r\nX-A: b c\r\n\r\n"
POST = b"POST /a HTTP/1.1\r\nHost: [::1]:80\r\nContent-Length: 5\r\nContent-Type: x\r\n\r\nhello"
CHUNKED = (
    b"POST /b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    b'3\r\nabc\r\n2;n=v;q="x y"\r\nde\r\n0\r\nTrailer: t\r\n\r\n'
)
OLD = b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
ABSOLUTE = b"GET http://localhost/x?y HTTP/1.1\r\nHost: other\r\n\r\n"
VALID = [GET, POST, CHUNKED, OLD, ABSOLUTE]
PARTS = [
    *(bytes([code]) for code in (0, 1, 9, 10, 11, 12, 13, 31, 32, 127, 128, 160, 255)),
    *(
        b"\r\n",
        b"\r\n\r\n",
        b"\n\n",
        b"\r\n ",
        b": ",
        b" :",
        b":",
        b";",
        b"; a=b",
        b" ;a",
        b"=",
        b'"',
        b",",
        b"#",
        b"?",
    ),
    *(
        b"+5",
        b"-5",
        b"0x5",
        b"5_0",
        b"5, 5",
        b"5",
        b"05",
        b"\xd9\xa5",
        b"\xb2",
        b"1e1",
        b"99999999999999999999",
    ),
    *(
        b"HTTP/1.1",
        b"http/1.1",
        b"HTTP/2.0",
        b"HTTP/1.2",
        b"HTTP/0.9",
        b"HTTP/1.10",
        b"HTTP/1.1 ",
        b" HTTP/1.1",
    ),
    *(b"Host: b\r\n", b"Content-Length: 5\r\n", b"Content-Length: 6\r\n", b"Transfer-Encoding: chunked\r\n"),
    *(
        b"Transfer-Encoding: gzip, chunked\r\n",
        b"Transfer-Encoding: identity\r\n",
        b"Transfer-Encoding : chunked\r\n",
    ),
    *(
        b"Connection: close\r\n",
        b"Authorization: a\r\n",
        b"X\x00: y\r\n",
        b"\xc3\xa9: y\r\n",
        b"X: \xc3\xa9\r\n",
        b"(x): y\r\n",
    ),
    *(
        b"0\r\n\r\n",
        b"3\r\nabc\r\n",
        b"3\r\nabcd\r\n",
        b"fffffffff\r\n",
        b"00000000000000000005\r\nhello\r\n",
        b"*",
        b"a:443",
    ),
    *(
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
    ),
    *(
        b"http://u:p@localhost/",
        b"https://evil.example",
        b"http://",
        b"//x",
        b"GET",
        b"G(T",
        b"get",
        b"\x16\x03\x01",
    ),
]
mutation = st.tuples(
    st.integers(0, 10**6), st.integers(0, 6), st.sampled_from([b"", *PARTS]) | st.binary(max_size=4)
)


def mutate(data: bytes, changes: list[tuple[int, int, bytes]]) -> bytes:
    for place, removed, put in changes:
        at = place % (len(data) + 1)
        data = data[:at] + put + data[at + removed :]
    return data


@settings(max_examples=600, deadline=None)
@given(
    st.lists(st.sampled_from(VALID), min_size=1, max_size=3),
    st.lists(mutation, max_size=3),
    st.lists(st.integers(0, 10**6), max_size=4),
)
@example([GET, POST, CHUNKED, ABSOLUTE, OLD], [], [1, 50, 51, 200])
def test_mutated_requests_are_parsed_as_by_h11_or_rejected(
    requests: list[bytes], changes: list[tuple[int, int, bytes]], cuts: list[int]
) -> None:
    data = mutate(b"".join(requests), changes)
    places = sorted({0, *(cut % (len(data) + 1) for cut in cuts)})
    compare(data, [data[a:b] for a, b in zip(places, [*places[1:], len(data)], strict=True)])


@pytest.mark.parametrize("data", VALID)
@pytest.mark.parametrize("part", PARTS)
def test_every_known_trick_at_every_position_is_rejected_if_h11_rejects_it(data: bytes, part: bytes) -> None:
    for place in range(len(data) + 1):
        for removed in (0, len(part)):
            mutated = mutate(data, [(place, removed, part)])
            compare(mutated, [mutated])


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(VALID), min_size=1, max_size=3), st.lists(mutation, max_size=2))
def test_the_pieces_in_which_bytes_arrive_make_no_difference(
    requests: list[bytes], changes: list[tuple[int, int, bytes]]
) -> None:
    data = mutate(b"".join(requests), changes)
    bytewise = ours([data[index : index + 1] for index in range(len(data))])
    assert bytewise.requests == ours([data]).requests
    assert bool(bytewise.status) == bool(ours([data]).status)


HEAD = b"POST / HTTP/1.1\r\nhost: a\r\n"
TO_CHUNK = HEAD + b"transfer-encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "data",
    [
        TO_CHUNK + b"3\r\nabcXX0\r\n\r\n",
        TO_CHUNK + b"3\r\nabc\n0\r\n\r\n",
        TO_CHUNK + b"3\nabc\r\n0\r\n\r\n",
        TO_CHUNK + b" 3\r\nabc\r\n0\r\n\r\n",
        TO_CHUNK + b"+3\r\nabc\r\n0\r\n\r\n",
        TO_CHUNK + b"0x3\r\nabc\r\n0\r\n\r\n",
        TO_CHUNK + b"3_0\r\nabc\r\n0\r\n\r\n",
        TO_CHUNK + b"\r\nabc\r\n0\r\n\r\n",
        TO_CHUNK + b"3 ;a\r\nabc\r\n0\r\n\r\n",
        TO_CHUNK + b"3;\r\nabc\r\n0\r\n\r\n",
        TO_CHUNK + b"3;a=\x00\r\nabc\r\n0\r\n\r\n",
        TO_CHUNK + b"3;a b\r\nabc\r\n0\r\n\r\n",
        TO_CHUNK + b"3;a\rb\r\nabc\r\n0\r\n\r\n",
        TO_CHUNK + b"3;" + b"a" * 5000 + b"\r\nabc\r\n0\r\n\r\n",
        TO_CHUNK + b"0" * 5000,
        TO_CHUNK + b"0\r\ngarbage\r\n\r\n",
        TO_CHUNK + b"0\r\nx : y\r\n\r\n",
        TO_CHUNK + b"0\r\nx: \x00\r\n\r\n",
        TO_CHUNK + b"0\r\n\n",
        HEAD + b"transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        HEAD + b"transfer-encoding: xchunked\r\n\r\n",
        HEAD + b"transfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n",
        HEAD + b"content-length: 5\r\ncontent-length: 5\r\n\r\nhello",
        HEAD + b"content-length: +5\r\n\r\nhello",
        HEAD + b"content-length: 0x5\r\n\r\nhello",
        HEAD + b"content-length: 5_0\r\n\r\nhello",
        HEAD + b"content-length: \xb2\r\n\r\nhello",
        HEAD + b"content-length: 5 5\r\n\r\nhello",
        HEAD + b"content-length:\r\n\r\nhello",
        HEAD + b"content-length: 5,5\r\n\r\nhello",
        HEAD + b"x : y\r\n\r\n",
        HEAD + b"x\r\n\r\n",
        HEAD + b": y\r\n\r\n",
        HEAD + b"x: y\r\n folded\r\n\r\n",
        HEAD + b"x: a\rb\r\n\r\n",
        HEAD + b"x: a\x0bb\r\n\r\n",
        HEAD + b"x\xa0: y\r\n\r\n",
        HEAD + b"x: y\n\r\n",
        b"POST / HTTP/1.0\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        b"GET /\x01 HTTP/1.1\r\nhost: a\r\n\r\n",
        b"GET /\x7f HTTP/1.1\r\nhost: a\r\n\r\n",
        b"GET /\xe9 HTTP/1.1\r\nhost: a\r\n\r\n",
        b"GET /\r HTTP/1.1\r\nhost: a\r\n\r\n",
        b"GET /\t HTTP/1.1\r\nhost: a\r\n\r\n",
        b"GET  / HTTP/1.1\r\nhost: a\r\n\r\n",
        b"GET / HTTP/1.1 \r\nhost: a\r\n\r\n",
        b" GET / HTTP/1.1\r\nhost: a\r\n\r\n",
        b"\r\nGET / HTTP/1.1\r\nhost: a\r\n\r\n",
        b"GET / http/1.1\r\nhost: a\r\n\r\n",
        b"GET /\r\n\r\n",
        b"GET / HTTP/1.1\nhost: a\n\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\x16\x03\x01\x02\x00",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET http://a/ HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: a\r\nhost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: a/b\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: a@b\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: a b\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: a:b\r\n\r\n",
        b"GET http://u:p@localhost/ HTTP/1.1\r\nhost: localhost\r\n\r\n",
        b"GET http://a:x/ HTTP/1.1\r\nhost: localhost\r\n\r\n",
        b"GET ftp://a/ HTTP/1.1\r\nhost: a\r\n\r\n",
        b"CONNECT a:443 HTTP/1.1\r\nhost: a\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nhost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: a\r\n" + b"x: y\r\n" * (MAX_FIELDS + 1) + b"\r\n",
        TO_CHUNK + b"0\r\n" + b"x: y\r\n" * (MAX_FIELDS + 1) + b"\r\n",
    ],
)
def test_ambiguous_framing_is_rejected_however_it_is_split(data: bytes) -> None:
    for pieces in ([data], [data[index : index + 1] for index in range(len(data))]):
        parsed = ours(pieces)
        assert parsed.status >= 400 and parsed.requests == ()


def test_the_authority_of_an_absolute_target_counts_as_the_host() -> None:
    [(method, target, headers, _)] = ours([ABSOLUTE]).requests
    assert (method, target, dict(headers)["host"]) == ("GET", "/x?y", "localhost")
    [(_, target, _, _)] = ours([b"GET http://a?q HTTP/1.1\r\nhost: b\r\n\r\n"]).requests
    assert target == "/?q"


@pytest.mark.parametrize(
    ("line", "keep"), [(b"close", False), (b"x, Close", False), (b"closed", True), (b"keep-alive", True)]
)
def test_a_connection_is_closed_by_the_option_close_and_by_no_other(line: bytes, keep: bool) -> None:
    reader = RequestReader()
    reader.feed(b"GET / HTTP/1.1\r\nhost: a\r\nconnection: " + line + b"\r\n\r\n")
    head = reader.read_head()
    assert head is not None and head.keep_alive is keep


def test_a_head_that_arrives_byte_by_byte_is_searched_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No byte is searched twice for the end of the head: time is linear."""
    searched = 0

    class Counting(bytearray):
        def find(self, part: bytes, start: int = 0, end: int | None = None) -> int:  # type: ignore[override]
            nonlocal searched
            searched += len(self) - start
            return super().find(part, start)

    reader = RequestReader()
    monkeypatch.setattr(reader, "_buffer", Counting())
    head = b"GET / HTTP/1.1\r\nhost: a\r\nx: " + b"y" * 20_000 + b"\r\n\r\n"
    for index in range(len(head)):
        reader.feed(head[index : index + 1])
        found = reader.read_head()
    assert found is not None and searched < 5 * len(head)
