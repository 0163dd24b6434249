"""Nothing secret and no one's number is in a cassette."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cassettes.cassette import FOLDER, Exchange, dump
from tests.cassettes.leaks import find_leaks
from tests.cassettes.scenario import PARTS
from tests.cassettes.scrub import API, CALLEE, TAG, UNKNOWN, Scrubber

# Put together here, so that the file itself holds nothing that looks like a secret.
KEY = "rg_live_" + "Zq3" * 8
WEBHOOK_SECRET = "whsec_" + "b7K" * 8
OTHER_SECRET = "whsec_" + "c8L" * 8
PHONE = "+91987" + "6543210"
PRESIGNED = "https://bucket.s3.amazonaws.com/a.wav?X-Amz-Signature=" + "0a" * 32
ORIGIN = "http://127.0.0.1:43210"


@pytest.mark.parametrize("path", sorted(FOLDER.iterdir()), ids=lambda path: path.stem)
def test_a_cassette_leaks_nothing(path: Path) -> None:
    assert find_leaks(path.read_text(encoding="utf-8")) == []


def test_there_are_cassettes_to_scan() -> None:
    assert len(list(FOLDER.iterdir())) == len(PARTS) > 0


BAD = [
    ("authorization: Bearer " + KEY, "a header with credentials"),
    ("- Bearer abc", "a header with credentials"),
    (f'"key": "{KEY}"', "an API key"),
    (f'"secret": "{WEBHOOK_SECRET}"', "a webhook secret"),
    (f'"upload_url": "{PRESIGNED}"', "a signature"),
    (f'"upload_url": "{PRESIGNED}"', "the query of an address, which may be presigned"),
    ('"url": "https://example.com/?t=abc"', "the query of an address, which may be presigned"),
    ('"auth_token": "' + "e" * 32 + '"', "the value of auth_token"),
    ('"password": "hunter2"', "the value of password"),
    ('"daily_token": "abc"', "the value of daily_token"),
    ('"account_sid": "AC' + "0f" * 16 + '"', "an account of a carrier"),
    ('"token": "eyJ' + "hbGciOiJIUzI1NiJ9" + "." + "eyJzdWIiOiIxMjM" + '"', "a signed token"),
    (f'"to_number": "{PHONE}"', "a phone number that may belong to somebody"),
    (f'"did_number": "{PHONE[1:]}"', "a phone number that may belong to somebody"),
    (f"content: call me at {PHONE}.", "a phone number that may belong to somebody"),
    ('"note": "+91 98765 43210"', "a phone number that may belong to somebody"),
    (
        "uri: https://api.vocobase.com/api/v2/x?number=" + PHONE[1:],
        "a phone number that may belong to somebody",
    ),
    (
        "uri: https://api.vocobase.com/api/v2/x?number=%2B" + PHONE[1:],
        "a phone number that may belong to somebody",
    ),
    ('"email": "asha@clinic.in"', "a mail address"),
    ("uri: http://127.0.0.1:1234/api", "an address of a machine"),
    ('"path": "/home/somebody/a"', "a folder of a machine"),
]


@pytest.mark.parametrize(("line", "what"), BAD)
def test_the_scan_finds_a_leak_and_does_not_repeat_it(line: str, what: str) -> None:
    found = find_leaks(f"version: 1\n{line}\n")
    assert f"line 2: {what}" in found
    assert not any(
        secret in finding for finding in found for secret in (KEY, WEBHOOK_SECRET, PHONE, "hunter2")
    )


@pytest.mark.parametrize(
    "line",
    [
        f'"to_number": "{CALLEE}"',
        '"from_number": "+447700900123"',
        '"exe_number": "02025550112"',
        '"secret": "whsec_scrubbed_0001"',
        '"auth_token": "scrubbedxxxxxxxx"',
        '"has_token": true',
        '"created_at": "2026-01-05T09:00:00.000Z"',
        f'"id": "{UNKNOWN}"',
        "uri: https://api.vocobase.com/api/v2/agent?limit=1&offset=0",
        "uri: https://files.example.com/_objects/a?signature=scrubbed",
    ],
)
def test_the_scan_accepts_stand_ins(line: str) -> None:
    assert find_leaks(line) == []


def leaky() -> Exchange:
    body = {
        "id": "3c90c3cc-0d44-4b50-8888-8dd25736052a",
        "same": "3c90c3cc-0d44-4b50-8888-8dd25736052a",
        "other": "4c90c3cc-0d44-4b50-8888-8dd25736052a",
        "name": "Front desk t1a2b3c4",
        "to_number": "+919999999999",
        "from_number": PHONE,
        "text": f"ring {PHONE} now",
        "did_number": PHONE[1:],
        "upload_url": PRESIGNED,
        "local": ORIGIN + "/_objects/a",
        "auth_token": "e" * 32,
        "jwtToken": "short",
        "empty_token": None,
        "secret": WEBHOOK_SECRET,
        "webhook_secret": OTHER_SECRET,
        "list": [{"password": "hunter2"}],
        "email": "asha@clinic.in",
        "echo": f"key {KEY} and rg_test_{'a' * 9}",
    }
    return Exchange(
        method="POST",
        url=ORIGIN + "/api/v2/agent/3c90c3cc-0d44-4b50-8888-8dd25736052a?limit=1",
        status=200,
        reason="OK",
        request_type="application/json",
        request_body=json.dumps({"api_key": "s3cr3t-s3cr3t", "phone": PHONE}),
        response_headers={"Content-Type": "application/json", "Set-Cookie": "a=b", "Date": "today"},
        response_body=json.dumps(body),
    )


def scrubbed(exchange: Exchange) -> Exchange:
    replacements = {KEY: "rg_live_scrubbed", "t1a2b3c4": TAG, "+919999999999": CALLEE}
    return Scrubber(ORIGIN + "/api/v2", replacements).exchange(exchange)


def test_scrubbing_leaves_no_leak_behind() -> None:
    assert find_leaks(dump([leaky()]))
    assert find_leaks(dump([scrubbed(leaky())])) == []


def test_scrubbing_gives_every_value_one_stand_in_and_keeps_what_belongs_together() -> None:
    first = "00000000-0000-4000-8000-000000000001"
    result = scrubbed(leaky())
    assert result.url == f"{API}/agent/{first}?limit=1"
    assert result.response_headers == {"content-type": "application/json"}
    assert json.loads(result.request_body) == {"api_key": "scrubbedxxxxx", "phone": "+12025550151"}
    assert json.loads(result.response_body) == {
        "id": first,
        "same": first,
        "other": "00000000-0000-4000-8000-000000000002",
        "name": "Front desk cassette",
        "to_number": CALLEE,
        "from_number": "+12025550151",
        "text": "ring +12025550151 now",
        "did_number": "12025550151",
        "upload_url": "https://files.example.com/a.wav?signature=scrubbed",
        "local": "https://files.example.com/_objects/a",
        "auth_token": "scrubbed" + "x" * 24,
        "jwtToken": "scrubbed",
        "empty_token": None,
        "secret": "whsec_scrubbed_0001",
        "webhook_secret": "whsec_scrubbed_0002",
        "list": [{"password": "scrubbed"}],
        "email": "somebody@example.com",
        "echo": "key rg_live_scrubbed and rg_live_scrubbed",
    }


def test_scrubbing_again_changes_nothing() -> None:
    once = scrubbed(leaky())
    replacements = {KEY: "rg_live_scrubbed"}
    assert Scrubber(API, replacements).exchange(once) == once


def test_bodies_that_are_not_json_are_scrubbed_as_text_or_kept() -> None:
    page = Exchange("GET", "https://x.example.com/", 502, "Bad", response_body=f"<p>{KEY}</p>")
    assert scrubbed(page).response_body == "<p>rg_live_scrubbed</p>"
    sound = Exchange("PUT", "https://x.example.com/", 200, "OK", request_body=b"RIFF\xff\x00")
    assert scrubbed(sound).request_body == b"RIFF\xff\x00"
