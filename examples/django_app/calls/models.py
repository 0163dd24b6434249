from __future__ import annotations

from collections.abc import Iterable

from django.db import models

from vocobase.records import CallRecord


class Call(models.Model):
    """A call or browser session, for your queries, joins and admin pages."""

    session_id = models.CharField(max_length=64, primary_key=True)
    call_id = models.CharField(max_length=64, null=True, db_index=True)
    person = models.CharField(max_length=32, null=True, db_index=True)
    status = models.CharField(max_length=32, null=True)
    disposition = models.CharField(max_length=64, null=True)
    created_at = models.DateTimeField(null=True, db_index=True)
    duration_seconds = models.FloatField(null=True)
    cost = models.DecimalField(max_digits=14, decimal_places=6, null=True)
    is_final = models.BooleanField(default=False)

    @classmethod
    def store(cls, records: Iterable[CallRecord]) -> int:
        """Insert or update the rows of records, and return how many there were."""
        names = [field.name for field in cls._meta.fields]
        rows = [cls(**{name: getattr(record, name) for name in names}) for record in records]
        cls.objects.bulk_create(
            rows,
            batch_size=500,
            update_conflicts=True,
            unique_fields=["session_id"],
            update_fields=[name for name in names if name != "session_id"],
        )
        return len(rows)
