# Derived from vocobase/_events/aio/__init__.py by scripts/derive_sync.py; edit that instead.
