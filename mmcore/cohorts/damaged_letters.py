"""Letters that an export damaged: decoded as another encoding, replaced, or changed in case in the middle of a word."""

from __future__ import annotations

import re

_CONTINUED = r"\u0080-\u009f\u00a1-\u00bf\u0152-\u0192\u02c6-\u2122"  # without the space before a French »
_DAMAGED = (
    re.compile(r"\N{REPLACEMENT CHARACTER}"),
    re.compile(r"&(?:[A-Za-z]{2,6}|#\d{2,5});"),
    re.compile(
        rf"(?:[\u00c2\u00c3][\u0080-\u00bf\u0152-\u0192\u02c6-\u2122]|\u00e2[\u20ac\u0080][{_CONTINUED}]"
        rf"|(?:[\u00c4-\u00f4][{_CONTINUED}]{{1,3}}){{2}})+"
    ),
    re.compile(r"(?<=[a-zß-öø-ÿ])[À-ÖØ-Þ]"),
)
_TWICE_DECODED = _DAMAGED[2]
_WORD = 30  # letters on either side that are shown, so that a text without spaces costs no more


def damaged_word(text: str) -> str:
    """The first word with damaged letters; "" where there is none."""
    for damage in _DAMAGED:
        for match in damage.finditer(text):
            if damage is not _TWICE_DECODED or _is_utf8(match.group()):
                before = re.search(r"\w*$", text[max(0, match.start() - _WORD) : match.start()])
                after = re.match(r"[\w\N{REPLACEMENT CHARACTER}]*", text[match.end() : match.end() + _WORD])
                return (before.group() if before else "") + match.group() + (after.group() if after else "")
    return ""


def only_in_capitals(word: str) -> bool:
    """Whether all that is damaged in a word is the case of letters: the letters themselves are right."""
    return not any(damage.search(word) for damage in _DAMAGED[:-1])


def _is_utf8(letters: str) -> bool:
    """Whether letters are the bytes of others: UTF-8 that was read as Windows-1252 or Latin-1."""
    for encoding in ("cp1252", "latin-1"):
        try:
            return len(letters.encode(encoding).decode("utf-8")) < len(letters)
        except UnicodeError:
            continue
    return False
