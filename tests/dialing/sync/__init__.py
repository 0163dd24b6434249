# Derived from tests/dialing/aio/__init__.py by scripts/derive_sync.py; edit that instead.
