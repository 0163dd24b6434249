"""The command line, for people, scripts and agents: ``vocobase``.

It uses the public API of the SDK, and a few private modules, which a test lists. ``app`` lists the
commands, which load when they are used; ``frame`` creates them and adds the options that all share. Each
command gets a ``session``, which opens the client, asks questions, and decides what is shown and masked.
``output`` writes data to standard output; everything else goes to standard error. ``failures`` is the one
place that turns an error into a line and an exit status, in the words of ``wording``.
"""

from __future__ import annotations

import sys
from importlib import import_module

EXIT_USAGE = 2


def main() -> int:
    """Run the command of this process; return its exit status."""
    try:
        import_module("click")
    except ImportError:
        from vocobase._base.extras import needs

        sys.stderr.write(f"{needs('vocobase: the command line', 'cli')}\n")
        return EXIT_USAGE
    from vocobase.cli.app import run

    return run(sys.argv[1:])
