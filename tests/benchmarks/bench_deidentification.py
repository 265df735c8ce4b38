"""How much of what identifies a person the rules take out of generated notes, and how much else they take along."""

from __future__ import annotations

from collections import Counter

from mmcore.deidentification.notes import _apart, spans_of
from tests.deidentification.labelled_notes import notes

NOTES, SEED = 500, 1


def run() -> list[dict]:
    """Rows: recall by kind and precision, by language; printed as ratios."""
    rows = []
    for language in ("en", "zh"):
        recalls, precision = measured(notes(NOTES, SEED, language))
        for kind, recall in [*sorted(recalls.items()), ("precision", precision)]:
            rows.append({"name": f"de-identification, {language}: {kind}", "ratio": recall})
    return rows


def measured(marked: list) -> tuple[dict[str, float], float]:
    """By kind the share of marked stretches whose every character went, and of the characters that went those that
    were marked."""
    gone, there = Counter(), Counter()
    right = taken = 0
    for text, spans in marked:
        out = {at for start, end, _kind in _apart(sorted(spans_of(text))) for at in range(start, end)}
        marks = {at for start, end, _kind in spans for at in range(start, end)}
        right, taken = right + len(out & marks), taken + len(out)
        for start, end, kind in spans:
            there[kind] += 1
            gone[kind] += set(range(start, end)) <= out
    return {kind: gone[kind] / there[kind] for kind in there}, right / max(taken, 1)
