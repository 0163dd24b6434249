"""A program that is stopped on the way to a request, and continues when its time is over.

Its clocks go forward while it is stopped, so that nobody waits for that, and a busy machine has long for the way there.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import Any

from tests.programs import running
from vocobase import AsyncVocobase, Vocobase

CHILD = """
import time

ahead = 0.0

def going_ahead(clock):
    return lambda *args: clock(*args) + ahead

time.monotonic, time.clock_gettime = going_ahead(time.monotonic), going_ahead(time.clock_gettime)

import asyncio, asyncio.selector_events, inspect, json, os, signal, socket, ssl, sys
import h11, httpx, vocobase
from vocobase import AsyncVocobase, Vocobase

settings = json.loads(sys.argv[1])

def stop():
    global ahead
    os.kill(os.getpid(), signal.SIGSTOP)
    ahead += 70.0

def after(owner, name):
    own = getattr(owner, name)
    def late(*args, **options):
        result = own(*args, **options)
        stop()
        return result
    async def async_late(*args, **options):
        result = await own(*args, **options)
        stop()
        return result
    setattr(owner, name, async_late if inspect.iscoroutinefunction(own) else late)

def before_sending(number):
    own, seen = h11.Connection.send, []
    def late(self, event):
        data = own(self, event)
        seen.append(event)
        if len(seen) == number:
            stop()
        return data
    h11.Connection.send = late

where = settings["where"]
if where == "connect":
    after(socket.socket, "connect")
    after(asyncio.selector_events.BaseSelectorEventLoop, "sock_connect")
elif where == "handshake":
    after(ssl.SSLSocket, "do_handshake")
    after(asyncio.BaseEventLoop, "start_tls")
else:
    # Headers, body and end of a request are one step each.
    before_sending({"headers": 1, "body": 2, "idle": 4}[where])
options = {"base_url": settings["url"], "timeout": 50, "max_retries": 2}
mine = settings.get("mine")

def dial(vb):
    return vb.calls.start("a1", "+919876543210")

async def main():
    if mine:
        options["http_client"] = httpx.AsyncClient(trust_env=False)
    async with AsyncVocobase("rg_live_x", **options) as vb:
        if where == "idle":
            await vb.agents.get("a")
        await dial(vb)

try:
    if settings["client"] == "AsyncVocobase":
        asyncio.run(main())
    else:
        if mine:
            options["http_client"] = httpx.Client(trust_env=False)
        with Vocobase("rg_live_x", **options) as vb:
            if where == "idle":
                vb.agents.get("a")
            dial(vb)
except vocobase.VocobaseError as error:
    print(type(error).__name__, getattr(error, "sent", None), flush=True)
"""


def run_frozen(client: type[AsyncVocobase | Vocobase], where: str, url: str, **settings: Any) -> str:
    """Run the child, let it stop and continue; return what it says.

    Args:
        client: The class of the client that dials.
        where: The step after which the child stops.
        url: The address of the API.
        settings: `mine` to dial with an httpx client of the child's own.
    """
    given = json.dumps({"client": client.__name__, "where": where, "url": url, **settings})
    with running([sys.executable, "-c", CHILD, given], stdout=subprocess.PIPE, text=True) as child:
        _, status = os.waitpid(child.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status), "the child did not get that far"
        child.send_signal(signal.SIGCONT)
        output = child.communicate(timeout=60)[0]
    return output.strip()
