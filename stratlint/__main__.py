"""`python -m stratlint`."""

from __future__ import annotations

import sys

from stratlint.cli import main

if __name__ == "__main__":
    sys.exit(main())
