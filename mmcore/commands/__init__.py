"""Commands of the command line: what each does, and how it is shown to a person."""

from mmcore.commands.main import main

__all__ = ["main"]
