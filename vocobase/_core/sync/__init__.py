# Derived from vocobase/_core/aio/__init__.py by scripts/derive_sync.py; edit that instead.
