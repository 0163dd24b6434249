"""A page on which visitors talk to an agent. The API key stays in this process.

flask run
"""

from flask import Flask, Response

from vocobase import LimitReachedError, Vocobase, VocobaseError

app = Flask(__name__)
vb = Vocobase()
voice = vb.voices.find(language="en")
agent = vb.agents.ensure("Front desk", "You are the front desk of a clinic.", voice_id=voice.id)


@app.get("/")
def page() -> Response:
    return app.send_static_file("index.html")


# Each session is charged: protect this with the login of your site and a limit for each visitor.
@app.post("/sessions")
def start_session() -> dict[str, str]:
    session = vb.sessions.start_webrtc(agent.id)
    return {"url": session.daily_room_url, "token": session.daily_token}


@app.errorhandler(LimitReachedError)
def busy(_: LimitReachedError) -> tuple[dict[str, str], int]:
    return {"error": "All lines are busy. Please try again in a minute."}, 503


@app.errorhandler(VocobaseError)
def failed(error: VocobaseError) -> tuple[dict[str, str], int]:
    app.logger.error("a session did not start: %s", error)
    return {"error": "The front desk is closed at the moment."}, 502
