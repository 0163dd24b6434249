# Derived from vocobase/_folders/aio/__init__.py by scripts/derive_sync.py; edit that instead.
