from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from calls.models import Call
from vocobase.records import Records
from vocobase.webhooks import Event, SessionCompleted, SQLiteDedupe, WebhookReceiver
from vocobase.webhooks.django import webhook_endpoint

receiver = WebhookReceiver(settings.VOCOBASE_WEBHOOK_SECRET, dedupe=SQLiteDedupe(settings.VOCOBASE_EVENTS))
records = Records.open(settings.VOCOBASE_RECORDS)


def on_event(event: Event) -> None:
    """Store a verified event; if that fails, the response is an error, and the event is sent again."""
    if isinstance(event, SessionCompleted) and (record := records.receive(event)):
        Call.store([record])


webhook = webhook_endpoint(receiver, on_event)


@require_GET
def latest(request: HttpRequest) -> JsonResponse:
    found = Call.objects.order_by("-created_at").values("call_id", "disposition", "duration_seconds", "cost")
    return JsonResponse({"calls": list(found[:20])})
