"""Calls, responses and faults that hold a canary where users have secrets."""

from __future__ import annotations

import json
import re
import socket
import struct
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.transport.server import Behaviour, answer, error, reset, silence
from vocobase import AsyncVocobase, Timeout
from vocobase_raw.api.config_telephony import set_twilio
from vocobase_raw.models.config_telephony_set_twilio_request import ConfigTelephonySetTwilioRequest

# Put together here, so that source lines in a traceback do not hold it.
CANARY = "".join(["kana", "rie", "7f3a"])
KEY = f"rg_live_{CANARY}"
HOOK = f"https://user:{CANARY}@hooks.example/{CANARY}?token={CANARY}"
HEADERS = {"X-Api-Key": CANARY, "Proxy-Token": f"Bearer {CANARY}"}
LONE = "\ud800"

Call = Callable[[Any], Any]

# Every operation that sends a secret or an address; the second call of each pair is wrong in another argument.
WRITES: dict[str, tuple[Call, Call]] = {
    "twilio": (
        lambda vb: vb.config.telephony.set_twilio("AC1", CANARY, from_number="+919876543210"),
        lambda vb: vb.config.telephony.set_twilio("AC1", CANARY, from_number=LONE),
    ),
    "plivo": (
        lambda vb: vb.config.telephony.set_plivo("MA1", CANARY, from_number="+919876543210"),
        lambda vb: vb.config.telephony.set_plivo("MA1", CANARY, from_number=5),
    ),
    "vobiz": (
        lambda vb: vb.config.telephony.set_vobiz("MA_1", CANARY, from_number="+919876543210"),
        lambda vb: vb.config.telephony.set_vobiz("MA_1", CANARY, from_number={5}),
    ),
    "exotel": (
        lambda vb: vb.config.telephony.set_exotel(
            "s", CANARY, api_token=CANARY, subdomain="d", caller_id="+919876543210", applet_id="1"
        ),
        lambda vb: vb.config.telephony.set_exotel(
            "s", CANARY, api_token=CANARY, subdomain="d", caller_id="+919876543210", applet_id=LONE
        ),
    ),
    "mcube": (
        lambda vb: vb.config.telephony.set_mcube(CANARY, "919876543210"),
        lambda vb: vb.config.telephony.set_mcube(CANARY, "x"),
    ),
    "smartflo": (
        lambda vb: vb.config.telephony.set_tata_smartflo("a@b.example", CANARY, from_number="+919876543210"),
        lambda vb: vb.config.telephony.set_tata_smartflo("a@b.example", CANARY, from_number=None),
    ),
    "voicelink": (
        lambda vb: vb.config.telephony.set_voicelink("u", CANARY, base_url=HOOK),
        lambda vb: vb.config.telephony.set_voicelink(["u"], CANARY, base_url=HOOK),
    ),
    "connection": (
        lambda vb: vb.telephony_connections.create("sip", "n", **credentials()),
        lambda vb: vb.telephony_connections.create("sip", "", **credentials()),
    ),
    "voicelink client": (
        lambda vb: vb.voicelink.clients.create(
            "a", "b", username="u", email="e", password=CANARY, channel_count=1
        ),
        lambda vb: vb.voicelink.clients.create(
            "a", "b", username="u", email="e", password=CANARY, channel_count=0
        ),
    ),
    "voicelink client update": (
        lambda vb: vb.voicelink.clients.update(1, password=CANARY),
        lambda vb: vb.voicelink.clients.update(1, password=CANARY, channel_count=-1),
    ),
    "webhook": (
        lambda vb: vb.config.webhooks.create("main", HOOK),
        lambda vb: vb.config.webhooks.create("MAIN", HOOK),
    ),
    "webhook update": (
        lambda vb: vb.config.webhooks.update("w1", url=HOOK),
        lambda vb: vb.config.webhooks.update("..", url=HOOK),
    ),
    "webhook ensure": (
        lambda vb: vb.config.webhooks.ensure("main", HOOK),
        lambda vb: vb.config.webhooks.ensure("M", HOOK),
    ),
    "default webhook": (
        lambda vb: vb.config.webhooks.set_default(HOOK),
        lambda vb: vb.config.webhooks.set_default(HOOK + LONE),
    ),
    "function": (
        lambda vb: vb.functions.create(
            "n", "d", url=HOOK, headers=[{"key": "Authorization", "value": CANARY}]
        ),
        lambda vb: vb.functions.create("n", 5, url=HOOK, headers=[{"key": "Authorization", "value": CANARY}]),
    ),
    "web link": (
        lambda vb: vb.documents.add_web_link("n", HOOK),
        lambda vb: vb.documents.add_web_link(LONE, HOOK),
    ),
    "own request": (
        lambda vb: vb.request("POST", "/own", params={"token": CANARY}, json={"auth_token": CANARY}),
        lambda vb: vb.request(
            "POST", "no path", params={"token": CANARY}, json={"auth_token": CANARY, "b": {5}}
        ),
    ),
    "own request that JSON cannot express": (
        lambda vb: vb.request("PUT", "/own", json={"auth_token": CANARY}),
        lambda vb: vb.request("PUT", "/own", json={"auth_token": CANARY, "b": LONE}),
    ),
    "own request with a query that UTF-8 cannot express": (
        lambda vb: vb.request("GET", "/own", params={"token": CANARY}),
        lambda vb: vb.request("GET", "/own", params={"token": CANARY, "b": LONE}),
    ),
    "raw": (
        lambda vb: raw(vb, "+919876543210"),
        lambda vb: raw(vb, 5),
    ),
}
# Operations whose responses hold secrets.
READS: dict[str, Call] = {
    "rotate": lambda vb: vb.config.webhooks.rotate_secret("w1"),
    "browser session": lambda vb: vb.sessions.start_webrtc("a1"),
    "recording": lambda vb: vb.calls.recording_url("c1"),
    "upload": lambda vb: vb.documents.create_upload("a.md", 5, mime_type="text/markdown"),
    "session": lambda vb: vb.sessions.get("s1"),
    "any": lambda vb: vb.request("GET", "/own"),
    "page": lambda vb: vb.config.webhooks.list(),
}


def credentials() -> dict[str, str]:
    names = ("auth_token", "api_key", "outbound_password", "password", "tata_password", "jwt_token")
    return {**dict.fromkeys(names, CANARY), "base_url": HOOK}


def raw(vb: Any, number: Any) -> Any:
    send = set_twilio.asyncio if isinstance(vb, AsyncVocobase) else set_twilio.sync
    return send(
        client=vb.raw,
        body=ConfigTelephonySetTwilioRequest(account_sid="AC1", auth_token=CANARY, from_number=number),
    )


def cut(peer: socket.socket) -> None:
    """Break the connection within a body that holds secrets."""
    body = json.dumps({"success": True, "data": payload()})
    peer.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\nX-Key: {CANARY}\r\n\r\n{body}".encode())
    # The peer must have read the part before the reset discards what it has not.
    time.sleep(0.05)
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()


def stall(peer: socket.socket) -> None:
    """Send a part of a body that holds secrets, and no more."""
    body = json.dumps({"success": True, "data": payload()})
    peer.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\nX-Key: {CANARY}\r\n\r\n{body}".encode())
    silence(peer)


def payload() -> dict[str, Any]:
    signed = f"https://store.example/o?X-Amz-Signature={CANARY}"
    members = ("secret", "webhook_secret", "daily_token")
    links = ("upload_url", "download_url", "recording_url", "daily_room_url", "url", "webhook_url")
    return {"id": "x1", **dict.fromkeys(members, CANARY), **dict.fromkeys(links, signed)}


FAULTS: dict[str, list[Behaviour]] = {
    "reset": [reset],
    "reset in the body": [cut],
    "time limit": [silence],
    "time limit in the body": [stall],
    "400": [error(400, "VALIDATION_ERROR", "no")],
    "401": [error(401, "UNAUTHORIZED", "no")],
    "500": [error(500, "INTERNAL", "no")],
    "redirect": [answer(302, b"", Location=f"https://store.example/o?X-Amz-Signature={CANARY}")],
    "not JSON": [answer(200, f"{{ {CANARY}".encode())],
    "not UTF-8": [answer(200, f'{{"secret": "{CANARY}'.encode() + b'\xff"}')],
    "not an object": [answer(200, {"success": True, "data": [payload()]})],
    "failed": [answer(200, {"success": False, "data": payload(), "error": {"code": "X", "message": "no"}})],
    "odd encoding": [answer(200, payload(), Content_Encoding="br")],
    "damaged encoding": [answer(200, payload(), Content_Encoding="gzip")],
}


FAST = {"timeout": Timeout(total=0.3, read=0.2), "max_retries": 0}
# What waits for a time limit is tried with one of each way that a secret takes.
WAYS = ("twilio", "raw", "own request", "rotate")


def ticket(url: str) -> Behaviour:
    """Respond to every request for an address of the store with this one."""
    members = dict.fromkeys(("upload_url", "download_url", "recording_url"), url)
    return answer(200, {"id": "x", "document_id": "x", "file_size": 4, "mime_type": "text/plain", **members})


def transfers(folder: Path) -> list[Call]:
    return [
        lambda vb: vb.documents.upload(b"hello", name="a.md", transfer_timeout=0.3),
        lambda vb: vb.documents.download("x", folder / "a", transfer_timeout=0.3),
        lambda vb: vb.calls.download_recording("c1", folder / "b", transfer_timeout=0.3),
    ]


def caught(act: Callable[[], Any]) -> BaseException:
    try:
        act()
    except BaseException as error:
        return error
    raise AssertionError("it did not fail")


def check(shown: str) -> None:
    """Refuse a text that holds a canary; what is around it tells where."""
    found = [shown[max(0, match.start() - 200) : match.end() + 50] for match in re.finditer(CANARY, shown)]
    assert not found, f"{len(found)} sightings, the first: {found[0]}"
