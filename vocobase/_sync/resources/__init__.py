# Derived from vocobase/_async by scripts/derive_sync.py; edit that instead.
"""One module for each group of operations."""
