"""Which hosts are this machine, which may be reached over plain HTTP, and which need no proxy."""

from __future__ import annotations

from typing import Any

import pytest

from vocobase._policy.hosts import is_loopback, may_use_http, read_hosts
from vocobase._policy.no_proxy import bypasses


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LocalHost",
        "localhost.",
        "sandbox.localhost",
        "a.b.localhost.",
        "127.0.0.1",
        "127.0.0.2",
        "127.255.255.255",
        "::1",
        "[::1]",
        "0:0:0:0:0:0:0:1",
        "::ffff:127.0.0.1",
        "[::FFFF:127.0.0.2]",
        "::ffff:7f00:1",
    ],
)
def test_this_machine_has_many_forms(host: str) -> None:
    assert is_loopback(host)
    assert may_use_http(host, frozenset())


@pytest.mark.parametrize(
    "host",
    [
        "",
        "localhost.example",
        "localhost..",
        "notlocalhost",
        "127.0.0.1.example",
        "127.0.0.1.",  # a name, which a name server resolves
        "127.1",
        "0177.0.0.1",
        "2130706433",
        "0.0.0.0",
        "::",
        "::2",
        "128.0.0.1",
        "::ffff:128.0.0.1",
        "10.0.0.1",
        "\u2100.example\ud800",
    ],
)
def test_no_other_host_is_this_machine(host: str) -> None:
    assert not is_loopback(host)
    assert not may_use_http(host, frozenset({"sandbox"}))


@pytest.mark.parametrize(
    ("given", "hosts"),
    [
        ("", set()),
        ([], set()),
        ("sandbox", {"sandbox"}),
        (" Sandbox. , my_app,", {"sandbox", "my_app"}),
        (["a.example", "[fd00::1]", "192.0.2.1"], {"a.example", "fd00::1", "192.0.2.1"}),
        (frozenset({"b\u00fccher.example"}), {"xn--bcher-kva.example"}),
    ],
)
def test_hosts_are_named_one_by_one(given: Any, hosts: set[str]) -> None:
    assert read_hosts(given) == hosts
    assert all(may_use_http(host.upper(), frozenset(hosts)) for host in hosts)


@pytest.mark.parametrize(
    "given",
    [
        True,
        5,
        None,
        ["sandbox", 5],
        "*",
        "*.example",
        "http://sandbox",
        "sandbox:8484",
        "a/b",
        "a b",
        [b"sandbox"],
    ],
)
def test_anything_else_than_a_host_is_refused(given: Any) -> None:
    """It would never match, or match more than it seems to."""
    assert read_hosts(given) is None


@pytest.mark.parametrize(
    ("no_proxy", "host", "is_named"),
    [
        ("", "api.example", False),
        (" , ,", "api.example", False),
        ("*", "api.example", True),
        ("other.example,*", "api.example", True),
        ("api.example", "api.example", True),
        ("API.Example.", "api.example", True),
        ("example", "api.example", True),
        (".example", "api.example", True),
        ("*.example", "api.example", True),
        ("*.example", "example", False),
        ("*.", "api.example", False),
        ("ample", "api.example", False),
        ("*ample", "api.example", False),
        ("other.example api.example", "api.example", True),
        ("api.example:443", "api.example", True),
        ("api.example:8443", "api.example", False),
        ("*.example:8443", "api.example", False),
        ("*:443", "api.example", True),
        ("https://api.example", "api.example", True),
        ("http://api.example", "api.example", False),
        ("all://api.example:443", "api.example", True),
        (":443", "api.example", False),
        ("https://", "api.example", False),
        (".", "api.example", False),
        ("b\u00fccher.example", "xn--bcher-kva.example", True),
        ("192.0.2.7", "192.0.2.7", True),
        ("192.0.2.0/24", "192.0.2.7", True),
        ("192.0.2.9/24", "192.0.2.7", True),
        ("192.0.2.0/24", "198.51.100.7", False),
        ("192.0.2.0/24", "api.example", False),
        ("192.0.2.0/33", "192.0.2.7", False),
        ("192.0.2.0/24", "::ffff:192.0.2.7", True),
        ("2001:db8::5", "2001:db8::5", True),
        ("2001:0DB8:0::5", "2001:db8::5", True),
        ("[2001:db8::5]", "2001:db8::5", True),
        ("[2001:db8::5]:443", "2001:db8::5", True),
        ("[2001:db8::5]:80", "2001:db8::5", False),
        ("2001:db8::/32", "2001:db8::5", True),
        ("[2001:db8::]/32", "2001:db8::5", True),
        ("2001:db8::/32", "2001:db9::5", False),
        ("192.0.2.0/24", "2001:db8::5", False),
    ],
)
def test_an_entry_of_no_proxy_is_a_name_a_pattern_or_a_network(
    no_proxy: str, host: str, is_named: bool
) -> None:
    assert bypasses(no_proxy, "https", host, 443) is is_named
