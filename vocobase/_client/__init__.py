"""The two clients: composition only.

`AsyncVocobase` (`aio/client.py`) reads its options (`_policy/options.py`), opens a pool (`_transport`), puts
the core over it (`_core`), and loads each group of operations (`_resources`) at its first use. `Vocobase` is
derived from it.
"""
