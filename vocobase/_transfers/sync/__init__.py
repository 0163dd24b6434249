# Derived from vocobase/_transfers/aio/__init__.py by scripts/derive_sync.py; edit that instead.
