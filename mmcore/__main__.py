"""The command line: `python -m mmcore COMMAND`. What it prints with --json is stable; others script against it."""

from __future__ import annotations

import sys

from mmcore.cli import main

if __name__ == "__main__":
    sys.exit(main())
