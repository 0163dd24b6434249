"""How a transfer continues after one attempt: the whole table, without I/O."""

from __future__ import annotations

import math
from typing import Any

import pytest

import vocobase
from vocobase._policy.messages import Response
from vocobase._transfers.object_store import expiry_of
from vocobase._transfers.transfer_outcomes import (
    DONE,
    Outcome,
    Verdict,
    download_outcome,
    is_final,
    upload_outcome,
)

BROKEN = vocobase.ConnectionFailedError("x: broken.", sent=True)
EXPIRED = "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>"


def response(status: int, body: str = "") -> Response:
    return Response(status, {}, body.encode())


def code(name: str) -> str:
    return f"<Error><Code>{name}</Code></Error>"


UPLOADS: list[tuple[Any, dict[str, Any], Verdict, type[Exception] | None]] = [
    (response(200), {}, Verdict.DONE, None),
    (response(204), {}, Verdict.DONE, None),
    # A URL that was valid when the store took all bytes has done its work.
    (response(200), {"url_expired": True}, Verdict.DONE, None),
    (response(200), {"taken": 9}, Verdict.RETRY, vocobase.ConnectionFailedError),
    (response(200), {"taken": 9, "url_expired": True}, Verdict.RENEW, vocobase.UploadExpiredError),
    (BROKEN, {}, Verdict.RETRY, vocobase.ConnectionFailedError),
    (BROKEN, {"url_expired": True}, Verdict.RENEW, vocobase.UploadExpiredError),
    (response(503), {}, Verdict.RETRY, vocobase.UploadRejectedError),
    (response(503), {"url_expired": True}, Verdict.RENEW, vocobase.UploadExpiredError),
    (response(429), {}, Verdict.RETRY, vocobase.UploadRejectedError),
    (response(400, code("RequestTimeout")), {}, Verdict.RETRY, vocobase.UploadRejectedError),
    (response(403, EXPIRED), {}, Verdict.RENEW, vocobase.UploadExpiredError),
    (response(400, code("ExpiredToken")), {}, Verdict.RENEW, vocobase.UploadExpiredError),
    (response(403, code("SignatureDoesNotMatch")), {}, Verdict.FAIL, vocobase.UploadRejectedError),
    (response(403), {"url_expired": True}, Verdict.FAIL, vocobase.UploadRejectedError),
    (response(302), {}, Verdict.FAIL, vocobase.UploadRejectedError),
]


@pytest.mark.parametrize(("result", "changes", "verdict", "error"), UPLOADS)
def test_the_outcome_of_an_upload(
    result: Any, changes: dict[str, Any], verdict: Verdict, error: type[Exception] | None
) -> None:
    facts: dict[str, Any] = {"taken": 10, "size": 10, "url_expired": False, **changes}
    outcome = upload_outcome(result, "documents.upload", **facts)
    assert outcome.verdict is verdict
    assert type(outcome.error) is (error or type(None))


DOWNLOADS = [
    (response(200), Verdict.DONE),
    (BROKEN, Verdict.RETRY),
    (response(500), Verdict.RETRY),
    (response(400, code("SlowDown")), Verdict.RETRY),
    (response(403), Verdict.RENEW),
    (response(401, EXPIRED), Verdict.RENEW),
    (response(404), Verdict.FAIL),
    (response(206), Verdict.FAIL),
]


@pytest.mark.parametrize(("result", "verdict"), DOWNLOADS)
def test_the_outcome_of_a_download(result: Any, verdict: Verdict) -> None:
    outcome = download_outcome(result, "documents.download")
    assert outcome.verdict is verdict
    assert (outcome.error is None) is (verdict is Verdict.DONE)


def test_an_expired_url_names_the_failure_that_showed_it() -> None:
    outcome = upload_outcome(BROKEN, "documents.upload", taken=0, size=10, url_expired=True)
    assert outcome.error is not None
    assert outcome.error.__cause__ is BROKEN


@pytest.mark.parametrize(
    ("outcome", "attempt", "remaining", "final"),
    [
        (DONE, 1, 60.0, True),
        (Outcome(Verdict.FAIL, BROKEN), 1, 60.0, True),
        (Outcome(Verdict.RENEW, BROKEN), 1, 60.0, True),
        (Outcome(Verdict.RETRY, BROKEN), 1, 60.0, False),
        (Outcome(Verdict.RETRY, BROKEN), 2, 60.0, False),
        (Outcome(Verdict.RETRY, BROKEN), 3, 60.0, True),
        (Outcome(Verdict.RETRY, BROKEN), 1, -0.1, True),
    ],
)
def test_only_a_request_that_may_succeed_is_retried(
    outcome: Outcome, attempt: int, remaining: float, final: bool
) -> None:
    assert is_final(outcome, attempt=attempt, max_retries=2, remaining=remaining) is final


@pytest.mark.parametrize(
    ("expires_in", "expiry"),
    [(900, 1000.0), (0.5, 100.5), (None, math.inf), (0, math.inf), (-1, math.inf), ("900", math.inf)],
)
def test_a_url_expires_only_if_its_lifetime_is_known(expires_in: object, expiry: float) -> None:
    assert expiry_of(expires_in, 100.0) == expiry
