"""Export last month's calls with transcripts, costs and dispositions, and chart their outcomes per day."""

from datetime import UTC, datetime, timedelta

import duckdb

from vocobase import Vocobase
from vocobase.records import Records

end = datetime.now(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
start = (end - timedelta(days=1)).replace(day=1)
query = """SELECT day, disposition, count(*), sum(cost) FROM 'calls/*/*.parquet'
           WHERE created_at >= ? AND created_at < ? GROUP BY ALL ORDER BY ALL"""
with Vocobase() as vb, Records.open("calls.sqlite") as records:
    records.sync(vb, since=start)
    records.export("calls", format="parquet")
    found = duckdb.execute(query, [start, end]).fetchall() if records.count() else []
for day, disposition, calls, rupees in found:
    print(f"{day}  {disposition or 'none':<20} {'#' * calls} {calls} ({rupees or 0:.2f} rupees)")
