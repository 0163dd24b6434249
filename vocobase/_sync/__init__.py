# Derived from vocobase/_async by scripts/derive_sync.py; edit that instead.
"""The synchronous client."""
