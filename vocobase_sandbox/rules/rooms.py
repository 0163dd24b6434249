"""Browser sessions: a simulated visitor, and the page of the room."""

from __future__ import annotations

import hmac
from urllib.parse import parse_qs

from vocobase_sandbox.kernel import paths
from vocobase_sandbox.kernel.messages import Request, Response, Row, method_not_allowed
from vocobase_sandbox.kernel.messages import escape_markup as escape
from vocobase_sandbox.kernel.world import World, action
from vocobase_sandbox.rules import numbers, scripts, sessions

_METHODS = ("GET", "HEAD", "POST")
_CSP = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"
_STYLE = "body{font:16px system-ui;max-width:40rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}"


def start(world: World, agent: Row, variables: Row) -> Row:
    """Open a session; a simulated visitor joins after the ordinary ringing time."""
    session = sessions.create(world, agent, variables, None, None)
    session["token"] = world.token("room", 48)
    world.store.put("sessions", session)
    world.store.put("live_sessions", {"id": session["id"]})
    world.record("session.opened", session_id=session["id"])
    world.schedule(world.settings.ring_seconds, "web.join", session_id=session["id"])
    return session


def _live(world: World, arguments: Row) -> Row | None:
    live = world.store.get("live_sessions", arguments["session_id"])
    return world.store.get("sessions", arguments["session_id"]) if live else None


@action("web.join")
def _join(world: World, arguments: Row) -> None:
    session = _live(world, arguments)
    if session is None:
        return
    agent = world.store.table("agents")[session["agent_id"]]
    planned = scripts.outcome_of(session) or numbers.ANSWERED
    if planned.status != "completed":
        _close(world, session, "failed")
        return
    seconds = sessions.begin(world, agent, session, planned)
    world.record("session.active", session_id=session["id"])
    world.schedule(seconds, "web.leave", session_id=session["id"])


@action("web.leave")
def _leave(world: World, arguments: Row) -> None:
    session = _live(world, arguments)
    if session is not None:
        _close(world, session, "completed")


def _close(world: World, session: Row, status: str) -> None:
    world.store.remove("live_sessions", session["id"])
    sessions.end(world, session, status)


def leave_now(world: World, session: Row) -> None:
    """End the visit of an open session immediately."""
    if session["connected_ms"] is not None:
        sessions.interrupt(world, session)
    _leave(world, {"session_id": session["id"]})


def room(world: World, request: Request) -> Response:
    """Handle requests for the page of a room: the token opens it, a POST ends the visit.

    Raises:
        ApiError: 405.
    """
    if request.method not in _METHODS:
        raise method_not_allowed(_METHODS)
    session = world.store.get("sessions", request.path[len(paths.ROOMS) :])
    token = parse_qs(request.query).get("t", [""])[0]
    headers = {"content-type": "text/html; charset=utf-8", "content-security-policy": _CSP}
    if session is None or "token" not in session:
        return Response(404, b"<!doctype html><title>No such room</title><p>No such room.", headers)
    known = hmac.compare_digest(token.encode("utf-8", "replace"), session["token"].encode())
    if request.method == "POST" and known and world.store.get("live_sessions", session["id"]):
        leave_now(world, session)
    return Response(200, _page(session, known).encode(), headers)


def _page(session: Row, known: bool) -> str:
    title = f"<title>Room {escape(session['id'])}</title><style>{_STYLE}</style>"
    name = escape(session["agent_name"])
    head = f'<!doctype html><html lang="en"><meta charset="utf-8">{title}<h1>{name}</h1>'
    if not known:
        return head + "<p>Open this page with <code>?t=TOKEN</code> (daily_token) to see the conversation."
    turns = session["transcript"] or session["talk"]
    lines = "".join(f"<li><b>{escape(turn['role'])}</b> {escape(turn['content'])}" for turn in turns)
    leave = "" if session["ended_at"] else '<form method="post"><button>Leave the room</button></form>'
    return f"{head}<p>Status: {escape(session['status'])}<ol>{lines}</ol>{leave}"
