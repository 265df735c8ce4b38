"""What a finding of an audit rests on, in words and as a reader writes numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mmcore.base.number_text import number_text
from mmcore.base.settings import _
from mmcore.cohorts.auditing import AuditFinding

_NAMED = ("input", "column", "columns")  # what the sentence of the finding names already, as a rule


def rows(finding: AuditFinding) -> dict[str, str]:
    """What -> value, both as text. What is nested gets lines of its own; what the sentence names already gets none."""
    words = in_words()
    shown = {
        words.get(name, name.replace("_", " ")): value
        for name, value in finding.numbers.items()
        if value is not None and name != "left_out" and not (name in _NAMED and _names(finding.summary, value))
    }
    return dict(_spread(shown))


def _names(summary: str, value: Any) -> bool:
    return all(f"'{part}'" in summary for part in (value if isinstance(value, list) else [value]))


def _spread(numbers: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for name, value in numbers.items():
        if isinstance(value, Mapping):
            yield from _spread(value, f"{above}{name}: ")
        else:
            yield f"{above}{name}", _text(value)


def _text(value: Any) -> str:
    """Shares and scores with three places; lists as words, cases that are alike with a sign between them."""
    if isinstance(value, float):
        return f"{value:.3f}" if 0.001 <= abs(value) < 1 else number_text(value, 3)
    if isinstance(value, Mapping):
        return ": ".join(map(_text, value.values()))
    if isinstance(value, list):
        return "; ".join(" = ".join(map(str, part)) if isinstance(part, list) else _text(part) for part in value)
    return str(value)


def in_words() -> dict[str, str]:
    """What the numbers of findings are called."""
    return {
        "alone": _("alone"), "auroc": "AUROC", "balanced_accuracy": _("balanced accuracy"),
        "by_class": _("by class"), "cases": _("cases"), "channels": _("channels"), "class": _("class"),
        "code": _("code"), "column": _("column"), "columns": _("columns"), "correlation": _("correlation"),
        "count": _("cells"), "different_groups": _("sets in different groups"),
        "different_identifiers": _("different identifiers"), "different_targets": _("sets with different targets"),
        "examples": _("examples"), "grouped": _("groups kept together"), "groups": _("groups"),
        "high": _("highest possible"), "input": _("input"), "likelier": _("likelier label"),
        "low": _("lowest possible"), "lowest_other": _("lowest other value"), "method": _("method"),
        "metric": _("metric"), "r2": "R²", "random": _("groups split at random"), "rate": _("sampling rate in Hz"),
        "reason": _("reason"), "repeated": _("values with several cases"), "rows": _("rows"), "scores": _("scores"),
        "sets": _("sets"),
        "share": _("share"), "share_missing": _("share missing"), "tried": _("columns tried"),
        "turned": _("mirrored or turned over"), "usual_duration": _("usual duration in s"), "values": _("values"),
        "words": _("words"), "zeros": _("zeros"),
    }  # fmt: skip
