"""One local table of calls: webhooks, polls and backfills fill it, reports and exports read it."""
