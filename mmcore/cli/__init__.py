"""Commands of the command line: what each does, and how it is shown to a person."""

from mmcore.cli.main import main

__all__ = ["main"]
