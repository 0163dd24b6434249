"""``python -m vocobase.cli`` is ``vocobase``."""

import sys

from vocobase.cli import main

sys.exit(main())
