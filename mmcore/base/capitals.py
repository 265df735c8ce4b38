"""A capital where a sentence begins with a name: methods and inputs are written small everywhere else."""

from __future__ import annotations

import re

_ABBREVIATIONS = {name.lower(): name for name in ("CT", "ECG", "EEG", "FiLM", "MLP", "MR", "MRI", "PCG", "PPG")}
# A name with digits, underscores or capitals of its own is written as somebody wants it, and is left so.
_SMALL_WORD = re.compile(r"^(\**)([a-z]+)(?![A-Za-z0-9_])")


def capitalised(sentence: str) -> str:
    """The sentence with a capital first letter: "cross attention is .." -> "Cross attention is ..", "**mlp is .." ->
    "**MLP is .."; unchanged where it does not begin with a small word."""
    return _SMALL_WORD.sub(lambda start: start[1] + _ABBREVIATIONS.get(start[2], start[2].capitalize()), sentence)
