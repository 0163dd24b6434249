"""From nothing to a finished phone call: agent, knowledge base, background audio, webhook, call, transcript.

make demo                                     # against the sandbox: no key, no call, no cost
CALLEE=+91... python examples/quickstart.py   # the real API: needs VOCOBASE_API_KEY, and rings CALLEE
"""

from __future__ import annotations

import os
import queue
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import cast

from vocobase import Vocobase, safe_filename
from vocobase.webhooks import SessionCompleted, WebhookError, WebhookReceiver

FILES = Path(__file__).parent / "files"
OUT = Path("out")


class WebhookServer(ThreadingHTTPServer):
    """A minimal webhook endpoint on this machine; use FastAPI, Flask or Django in production."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), WebhookHandler)
        self.receiver: WebhookReceiver | None = None
        self.events: queue.Queue[SessionCompleted] = queue.Queue()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/vocobase"


class WebhookHandler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        endpoint = cast(WebhookServer, self.server)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        try:
            assert endpoint.receiver is not None
            event = endpoint.receiver.receive(body, self.headers.items())
        except WebhookError as error:
            print(f"  refused a delivery: {error.reason}")
            self.send_response(400)
        else:
            if isinstance(event, SessionCompleted):
                endpoint.events.put(event)
            self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Keep the output readable."""


def step(text: str) -> None:
    print(f"\n{text}")


def progress(sent: int, size: int) -> None:
    print(f"  sent {sent:,} of {size:,} bytes")


def main() -> None:
    with Vocobase() as vb:
        on_this_machine = vb.base_url.startswith("http://")
        number = os.environ.get("CALLEE") or ("+12025550100" if on_this_machine else "")
        if not number:
            sys.exit("This example rings a phone: set CALLEE to the number of someone who expects it.")
        stamp = f"{time.time():.0f}"

        step("1. A voice")
        voice = vb.voices.find(language="en")
        print(f"  {voice.name} ({voice.language}, {voice.tier})")

        step("2. An agent")
        agent = vb.agents.create(
            f"Front desk {stamp}",
            "You are the front desk of Sunrise Dental Clinic. Remind {{name}} of the appointment on {{day}}.",
            voice_id=voice.id,
            intro_message="Hello {{name}}, this is Sunrise Dental Clinic. Do you have a minute?",
            enable_recording=True,
        )
        vb.agents.update(agent.id, variables=["name", "day"])
        print(f"  {agent.agent_name}: {agent.id}")

        step("3. A document for its knowledge base")
        document = vb.documents.upload(FILES / "clinic-handbook.md", on_progress=progress)
        vb.agents.documents.link(agent.id, [document.id])
        print(f"  {document.name} is {document.status} and linked")

        step("4. Background audio")
        audio = vb.background_audio.upload(
            FILES / "waiting-room.wav",
            slug=f"waiting-room-{stamp}",
            label="Waiting room",
            on_progress=progress,
        )
        vb.agents.update(agent.id, background_audio_id=audio.id, background_audio_volume=0.3)
        print(f"  {audio.label} is {audio.status}: {audio.duration_secs} s at {audio.sample_rate} Hz")

        # The real API takes public HTTPS addresses only; then the address of your own endpoint goes here.
        endpoint = WebhookServer() if on_this_machine else None
        if endpoint:
            step("5. A webhook endpoint")
            hook = vb.config.webhooks.create(f"demo-{stamp}", endpoint.url)
            endpoint.receiver = WebhookReceiver(hook.secret)
            print(f"  {hook.label} delivers to {hook.url}")

        step(f"6. A call to {number}")
        call = vb.calls.start(
            agent.id, number, provider="twilio", variables={"name": "Asha", "day": "Monday"}
        )
        done = vb.calls.wait(call.call_id, timeout=600, on_update=lambda call: print(f"  {call.status}"))

        step("7. What was said")
        assert done.session is not None
        for turn in done.session.transcript:
            print(f"  {turn.role:>4}: {turn.content}")
        print(f"\n  {done.duration_seconds} s, {done.session.credits_used:.2f} rupees")
        recording = vb.calls.download_recording(call.call_id, OUT / f"{safe_filename(call.call_id)}.wav")
        print(f"  recording: {recording} ({recording.stat().st_size:,} bytes)")

        if endpoint:
            step("8. The webhook, signature verified")
            event = endpoint.events.get(timeout=30)
            print(f"  {event.event} for session {event.session_id}")
            outcome = event.call.disposition if event.call else None
            print(f"  disposition {outcome}, {len(event.transcript)} turns")
            endpoint.shutdown()

    print("\nDone.")


if __name__ == "__main__":
    main()
