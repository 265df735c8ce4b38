"""How tests of explanations are shown to a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mmcore import report
from mmcore.base.settings import _
from mmcore.cli.show import _print, _problems, _table
from mmcore.explain.summary import STANDS_IN


def show_explanation(document: dict[str, Any]) -> None:
    division = _("{folds} folds, seeds: {seeds}, split: {split}, {cases} cases looked at").format(**document)
    note = _("synthetic") + ", " if document["synthetic"] else ""
    title = f"{document['cohort']} ({note}{division})"
    if document["evidence"]:
        _print(_pointing(document, title))
    _print(_areas(document, "" if document["evidence"] else title))
    _print("\n".join(_notes(document)))
    for row in document["methods"]:
        _print(f"- {row['verdict']}")
    _problems(document)


def _pointing(document: Mapping[str, Any], title: str):
    """Pointing game: every explanation, input by input."""
    inputs = list(dict.fromkeys(name for row in document["methods"] for name in row["pointing"] or {}))
    table = _table(
        title, _("method"), _("explanation"), *(_("{input}: hit [95%] (chance)").format(input=name) for name in inputs)
    )
    for row in document["methods"]:
        for by, said in row["explanations"].items():
            if said["pointing"]:
                table.add_row(row["method"], by, *(_hit(said["pointing"].get(name)) for name in inputs))
    return table


def _areas(document: Mapping[str, Any], title: str):
    """Deletion and insertion of every explanation, and how attention agrees with it."""
    table = _table(
        title,
        _("method"),
        _("explanation"),
        _("deletion [95%]"),
        _("to random"),
        _("to even"),
        _("insertion [95%]"),
        _("to random"),
        _("to even"),
        _("agrees with attention"),
    )
    for row in document["methods"]:
        for by, said in row["explanations"].items():
            if "deletion" not in said:
                continue
            table.add_row(
                row["method"],
                by,
                _interval(said["deletion"]),
                _gap(said.get("deletion_vs_random"), lower=True),
                _gap(said.get("deletion_vs_even"), lower=True),
                _interval(said["insertion"]),
                _gap(said.get("insertion_vs_random"), lower=False),
                _gap(said.get("insertion_vs_even"), lower=False),
                report.number(row["agreement"].get(by), 2) if by in row["agreement"] else "",
            )
    return table


def _notes(document: Mapping[str, Any]) -> list[str]:
    notes = [
        _(
            "Deletion, insertion: area under the probability of the predicted class while tokens are taken away "
            "(smaller is better) or brought back (larger is better), the most important first."
        ),
        _("Even: every input the same weight, as an attention that says nothing would give. Attributions know what"),
        _("speaks against a prediction and leave it for last; attention cannot."),
        _("▲ better than chance, a random order or even weights, ▼ worse, ≈ no clear difference (95% interval)."),
    ]
    unexplained = {row["method"]: row["explanations"][STANDS_IN].get("gap") for row in document["methods"]}
    notes.append(
        _("Integrated gradients leave unexplained, of the score (median): {gaps}.").format(
            gaps=", ".join(f"{name} {gap:.1%}" for name, gap in unexplained.items() if gap is not None)
        )
    )
    everywhere = dict.fromkeys(name for row in document["methods"] for name in row["everywhere"])
    if everywhere:
        notes.append(
            _("No pointing in {inputs}: the evidence lies under every token.").format(inputs=", ".join(everywhere))
        )
    return notes


def _hit(said: Mapping[str, float] | None) -> str:
    if said is None:
        return ""
    mark = "▲" if said["above_low"] > 0 else "▼" if said["above_high"] < 0 else "≈"
    return f"{_interval({**said, 'mean': said['hit']})} ({said['chance']:.2f}) {mark}"


def _interval(said: Mapping[str, float]) -> str:
    return f"{report.number(said['mean'], 2)} [{report.number(said['low'], 2)}, {report.number(said['high'], 2)}]"


def _gap(said: Mapping[str, float] | None, *, lower: bool) -> str:
    if said is None:
        return ""
    better, worse = (said["high"] < 0, said["low"] > 0) if lower else (said["low"] > 0, said["high"] < 0)
    return f"{said['mean']:+.2f} " + ("▲" if better else "▼" if worse else "≈")
