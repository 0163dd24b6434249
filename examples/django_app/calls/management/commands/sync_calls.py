from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.progress import Progress

from calls.models import Call
from vocobase import Vocobase, VocobaseError
from vocobase.records import Records, SyncProgress


class Command(BaseCommand):
    help = "Read the calls of the last days into the model, also those whose webhook was lost."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=30, help="age of the oldest calls (default: 30)")

    def handle(self, *args: Any, days: int, verbosity: int, **options: Any) -> None:
        since = timezone.now() - timedelta(days=days)
        bars = Progress(console=Console(stderr=True), disable=verbosity == 0)
        try:
            with Vocobase() as vb, Records.open(settings.VOCOBASE_RECORDS) as records, bars:
                reading = bars.add_task("Reading", total=None)

                def show(done: SyncProgress) -> None:
                    bars.update(reading, completed=done.read, total=done.read + done.pending)

                result = records.sync(vb, since=since, on_progress=show)
                bars.update(reading, completed=1, total=1)
                found = bars.track(
                    records.calls(since=since), records.count(since=since), description="Storing"
                )
                stored = Call.store(found)
        except VocobaseError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{stored} calls stored, {result.pending} not final yet")
