"""Syntax trees of the sources, for the tests of the house."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path


@cache
def syntax_tree(path: Path) -> ast.Module:
    """The tree of a file, built once. Python 3.11 counts the depth of all threads together while it builds one, and a
    thread that other tests left behind can put it out of step: a second attempt is the answer."""
    source = path.read_text(encoding="utf-8")
    try:
        return ast.parse(source)
    except SystemError:
        return ast.parse(source)
