# Derived from vocobase/_imports/aio/__init__.py by scripts/derive_sync.py; edit that instead.
