"""``python -m vocobase.cli`` is ``vocobase``."""

import sys

from vocobase.cli import main

if __name__ == "__main__":
    sys.exit(main())
