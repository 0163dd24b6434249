# Derived from vocobase/records/aio/__init__.py by scripts/derive_sync.py; edit that instead.
