"""The command line, for people, scripts and agents: ``vocobase``.

It uses only the public API of the SDK, and its version; a test checks that. ``app`` lists the
commands, which load when they are used; ``frame`` creates them and adds the options that all share. Each
command gets a ``session``, which opens the client, asks questions, and decides what is shown and masked.
``output`` writes data to standard output; everything else goes to standard error. ``failures`` is the one
place that turns an error into a line and an exit status, in the words of ``wording``.
"""

from __future__ import annotations

import sys
from importlib import import_module

EXIT_USAGE = 2
EXIT_INTERRUPTED = 130
# As all messages about a missing extra; a test compares them, as commands use no private module.
NEEDS_PACKAGES = (
    "vocobase: the command line needs more packages: run pip install 'click>=8.5.1,<9' 'rich>=13'"
    " (the extra cli of vocobase)"
)


def main() -> int:
    """Run the command of this process; return its exit status."""
    try:
        return _run()
    except KeyboardInterrupt:
        # While the program is loading, or reports an error; `run` reports all others.
        sys.stderr.write("vocobase: interrupted.\n")
        return EXIT_INTERRUPTED


def _run() -> int:
    try:
        import_module("click")
    except ImportError:
        sys.stderr.write(f"{NEEDS_PACKAGES}\n")
        return EXIT_USAGE
    from vocobase.cli.app import run

    return run(sys.argv[1:])
