"""Names, dates, numbers and addresses taken out of notes in English and Chinese, by rules that lie here open to view.

Rules find what is written in the usual ways; they miss what is not. How much is in `quality`, and no note that went
through here is fit to be published without a person's having read it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mmcore.deidentification.person_names import GIVEN
from mmcore.deidentification.rules import CAPITALS, NO_FAMILY, PARTICLES, RULES, WORD

VERSION = 3  # raise it when other things are taken out: notes that were encoded before are encoded again

_ANY = rf"(?:{WORD}|{CAPITALS})"
_SCORES = {"GRACE", "MARK", "FRANK"}  # not given names when they are written like this
_WORDS_TOO = {  # nor these after capitals
    "Grace",
    "Mark",
    "Frank",
    "Virginia",
    "Victoria",
    "Jordan",
    "Austin",
    "Jean",
    "Heather",
    "Amber",
    "Ray",
}
_WITH_GIVEN = [  # looked for at every place: "Pt John Q. Smith" holds "Pt John", too
    re.compile(rf"(?=\b(?P<x>(?P<given>{WORD})(?:\s+[A-Z]\.?)?\s+{PARTICLES}{{0,3}}{_ANY})\b)"),
    re.compile(rf"(?=\b(?P<x>{NO_FAMILY}(?P<family>{CAPITALS})\s+(?P<given>{WORD}))\b(?!\s+[A-Z][a-z]))"),
    re.compile(rf"(?=\b(?P<x>{_ANY},\s+(?P<given>{_ANY})(?:\s+(?:[A-Z]\b\.?|[A-Z][a-z]+-[A-Z][a-z]+))?))"),
    re.compile(rf"\b(?:[Pp]t|[Pp]atient)\b\.?\s+(?P<x>(?P<given>{WORD}))\b"),
]


@dataclass(frozen=True)
class Deidentified:
    """text: the note with "[NAME]", "[DATE]", "[PHONE]", "[ADDRESS]", "[HOSPITAL]", "[ID]", "[EMAIL]", "[AGE]" in
    place of what was taken out. counts: how often each."""

    text: str
    counts: Mapping[str, int]


def deidentified(text: str) -> Deidentified:
    """The note without what its rules recognise. The rest stays as it is, character for character."""
    spans = _apart(sorted(spans_of(text)))
    parts, at = [], 0
    for start, end, kind in spans:
        parts += [text[at:start], f"[{kind}]"]
        at = end
    return Deidentified("".join([*parts, text[at:]]), Counter(kind for _start, _end, kind in spans))


def spans_of(text: str) -> list[tuple[int, int, str]]:
    """(start, end, kind) of everything that is recognised; they may overlap."""
    spans = [(match.start("x"), match.end("x"), kind) for kind, rule in RULES for match in rule.finditer(text)]
    names = [span for span in spans if span[2] == "NAME"] + list(_by_given_name(text))
    return spans + names + list(_again(text, {text[start:end] for start, end, _kind in names}))


def _by_given_name(text: str) -> Iterator[tuple[int, int, str]]:
    """A common given name and the surname after it, or before it with a comma or in capitals; alone after the word
    patient."""
    for rule in _WITH_GIVEN:
        for match in rule.finditer(text):
            given, family = match["given"], match.groupdict().get("family", "")
            if given.title().split("-")[0] not in GIVEN or given in _SCORES:
                continue
            if not family or given not in _WORDS_TOO:
                yield match.start("x"), match.end("x"), "NAME"


def _again(text: str, names: set[str]) -> Iterator[tuple[int, int, str]]:
    """Words of names that were recognised once, wherever they stand again."""
    word_forms = r"[A-Z][a-z'’-]{2,}|[A-Z][A-Z'’-]{2,}|[\u4e00-\u9fff]{2,4}"
    words = {word for name in names for word in re.findall(word_forms, name)}
    words |= {word.title() for word in words if word.isupper()}
    words -= {"The", "Patient", "Doctor", "Denies", "Reports", "Presents"}
    for word in words:
        edge = r"\b" if word.isascii() else ""
        yield from ((match.start(), match.end(), "NAME") for match in re.finditer(edge + re.escape(word) + edge, text))


def _apart(spans: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Spans that overlap become one, of the kind of the longest."""
    merged: list[tuple[int, int, str]] = []
    longest = 0
    for start, end, kind in spans:
        if merged and start < merged[-1][1]:
            first, last, before = merged[-1]
            merged[-1] = (first, max(last, end), kind if end - start >= longest else before)
            longest = max(longest, end - start)
        else:
            merged.append((start, end, kind))
            longest = end - start
    return merged
