"""The transcript of an event as a text."""

from __future__ import annotations

from typing import Any

from vocobase.types import Session, Transcript


def test_the_text_of_a_transcript_has_one_line_for_each_turn_and_leaves_malformed_ones_out() -> None:
    session: Any = Session.from_dict(
        {
            "transcript": [
                {"role": "bot", "content": "Hello,\nwho is\tthere?"},
                None,
                5,
                {"role": "user", "content": "Asha."},
            ]
        }
    )
    assert isinstance(session.transcript, Transcript)
    assert session.transcript.text() == "bot: Hello, who is there?\nuser: Asha."
    assert Session.from_dict({"transcript": "odd"}).to_dict() == {"transcript": "odd"}
