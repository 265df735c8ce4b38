"""Reading the command line, carrying a command out, and telling what went wrong in one line.

Each command is a file of `commands` with a function `run(arguments)`: it gives the document that --json prints, and
the function that shows it to a person.
"""

from __future__ import annotations

import importlib
import logging
import os
import sys
from collections.abc import Sequence

from mmcore.base import json_files
from mmcore.base.errors import CannotSplit, MMError, RolesNeeded
from mmcore.base.settings import _, mistaken_settings
from mmcore.cli.parser import parser

BAD_INPUT, INTERRUPTED, BROKEN = 2, 130, 1


def main(given: Sequence[str] | None = None) -> int:
    """Carry out one command. Returns the exit code: 0, 2 for a mistake that can be mended, 130 for Ctrl-C."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s")
    try:
        arguments = parser().parse_args(given)
    except SystemExit as stop:
        return int(stop.code or 0)
    for sentence in mistaken_settings():
        print(f"mmcore: {sentence}", file=sys.stderr)
    try:
        # imported only now, so that --help need not wait for what trains networks
        command = importlib.import_module(f"mmcore.cli.commands.{arguments.command}")
        document, show = command.run(arguments)
        if arguments.json:
            print(json_files.dumps(document))
        else:
            show(document)
        sys.stdout.flush()
        return 0
    except MMError as error:
        message = f"{error} {_options_for(error)}"
        print("mmcore: " + " ".join(message.split()), file=sys.stderr)
        return BAD_INPUT
    except BrokenPipeError:  # the reader of our output went away
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN
    except OSError as error:  # a folder that cannot be read or written, a disk that is full
        print("mmcore: " + _("{error}. Check the path and your rights to it.").format(error=error), file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        print(_("mmcore: stopped; finished results are saved."), file=sys.stderr)
        return INTERRUPTED


def _options_for(error: MMError) -> str:
    """The options that mend it: errors speak to pages and notebooks, too, and leave them out."""
    if isinstance(error, RolesNeeded):
        return _("Options: --target, --positive, --event, --time, --group, --id, --input, --ignore, --rate.")
    return _("Options: --folds, --split, --group.") if isinstance(error, CannotSplit) else ""
