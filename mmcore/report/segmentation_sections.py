"""Where findings lie in the images, as sections of a report: the answer, then every method with its scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mmcore.base.settings import _
from mmcore.evaluation import Interval
from mmcore.report.document import Section, Table
from mmcore.report.numbers import interval


def located(documents: Sequence[Mapping[str, Any]]) -> list[Section]:
    """A section of each finding that was located. documents: what `segment --json` prints."""
    return [_section(document) for document in documents]


def located_by(method: str) -> str:
    """A method of locating as a reader sees it."""
    return {
        "alone": _("The image alone"),
        "together": _("With the other inputs"),
        "shuffled": _("With those of other cases"),
        "logistic": _("Plain: logistic regression of each grid cell"),
        "boosted": _("Plain: boosted trees of each grid cell"),
        "boosted:together": _("Plain: boosted trees, with the other inputs"),
    }[method]


def _section(document: Mapping[str, Any]) -> Section:
    rows = tuple(
        (located_by(row["method"]), *(_score(row["metrics"][name]) for name in ("dice", "pointing", "clean")))
        for row in [*document["methods"], *document["plain"]]
    )
    heads = (_("method"), _("Dice [95%]"), _("pointing [95%]"), _("unmarked if absent [95%]"))
    note = _(
        "'{finding}' is present in {with_finding} of {cases} cases. Dice and pointing (whether the most "
        "probable point lies on it) are measured on these, by models that had not seen the case (folds: "
        "{folds}). The grid of {grid} x {grid} cells limits Dice to {reachable:.2f}."
    ).format(**document)
    heading = _("Where does '{finding}' lie in {input}?").format(**document)
    return Section(heading, (str(document["text"]),), Table(heads, rows, note))


def _score(mean: Mapping[str, Any]) -> str:
    return interval(Interval.read({**mean, "seed_sd": None}))
