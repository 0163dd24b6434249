# Derived from vocobase/_resources/aio/__init__.py by scripts/derive_sync.py; edit that instead.
"""One module for each group of operations."""
