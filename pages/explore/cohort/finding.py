"""What the cohort is like, in a sentence; and what is special about the cases that are selected."""

from __future__ import annotations

import numpy as np

from mmcore.base.score_digits import written
from mmcore.base.settings import _, counted
from mmcore.base.survival_times import unit_of
from mmcore.cohorts import Cohort
from mmcore.evaluation.shares import share_interval
from mmcore.figures.cohort import presence
from pages.frame.markdown import escape

_NEARLY_ALL = 0.985  # of the cases: a share as good as 100% says less than how many lack something


def of_cohort(cohort: Cohort) -> str:
    """How many cases there are, how the target is spread, how many lack nothing."""
    sentences = [
        _("{begun}.").format(begun=counted(len(cohort), "**{count} case**", "**{count} cases**") + _target(cohort))
    ]
    there = presence(cohort)
    if len(there) and there.shape[1] > 1:
        complete = float(there.all(axis=1).mean())
        lacking = (~there).mean().sort_values(ascending=False)
        if complete == 1:
            sentences.append(_("None of these cases lacks an input."))
        elif complete > _NEARLY_ALL:
            few = int((~there.all(axis=1)).sum())
            sentences.append(_("All but {count} of them have every input.").format(count=few))
        else:
            sentences.append(
                _("{share:.0%} have every input; missing most often: {input} ({missing:.0%}).").format(
                    share=complete, input=escape(str(lacking.index[0])), missing=float(lacking.iloc[0])
                )
            )
    return " ".join(sentences)


def _target(cohort: Cohort) -> str:
    labels = cohort.target[cohort.labelled]
    if cohort.schema.task is None or not len(labels):
        return ""
    name, base = escape(cohort.schema.target or ""), ""
    if len(labels) < len(cohort):
        base = _(" ({count} with a known {target})").format(count=f"{len(labels):,}", target=name)
    return base + _spread(cohort, labels, name)


def _spread(cohort: Cohort, labels: np.ndarray, name: str) -> str:
    """How the known values [n] of the target of this name are spread."""
    if cohort.schema.task == "regression":
        low, middle, high = np.quantile(labels, [0.1, 0.5, 0.9])
        return _(", {target} between {low} and {high} in 8 of 10 (half above {middle})").format(
            target=name,
            low=written(low, high - low),
            high=written(high, high - low),
            middle=written(middle, high - low),
        )
    if cohort.schema.task == "survival":
        return _(", the event seen in {share:.0%} of them; half were followed for {middle} or longer").format(
            share=float((labels > 0).mean()),
            middle=f"{np.median(np.abs(labels)):.3g} {unit_of(cohort.schema.classes)}".strip(),
        )
    if cohort.schema.task == "multilabel":
        shares = [
            float(cohort.has_class(number)[cohort.labelled].mean()) for number in range(len(cohort.schema.classes))
        ]
        most = int(np.argmax(shares))
        words = _(", with {labels} labels of {target}, {each:.1f} per case; the most frequent is {name} ({share:.0%})")
        return words.format(
            labels=len(shares), target=name, each=sum(shares), name=escape(cohort.schema.classes[most]),
            share=shares[most],
        )  # fmt: skip
    if cohort.positive is not None:
        share = float((labels == 1).mean())
        words = (
            _(", {share:.0%} of them in class “{positive}”")
            if name == escape(cohort.positive)
            else _(", {share:.0%} of them in class “{positive}” (column {target})")
        )
        return words.format(share=share, positive=escape(cohort.positive), target=name)
    counts = np.bincount(labels, minlength=len(cohort.schema.classes))
    top = int(counts.argmax())
    return _(", in {classes} classes of {target}; the most frequent is {name} ({share:.0%})").format(
        classes=len(counts), target=name, name=escape(cohort.schema.classes[top]), share=counts[top] / counts.sum()
    )


def of_selection(cohort: Cohort, ids: list[str]) -> str:
    """How the selected cases differ from the others in their target; "" where nothing is selected.

    Of fewer than two with a known target nothing is told but their number.
    """
    if not ids:
        return ""
    chosen = np.isin(np.array(cohort.ids, dtype=object), ids)
    first = counted(
        len(ids),
        "**{count} of {all} cases is selected.**",
        "**{count} of {all} cases are selected.**",
        all=f"{len(cohort):,}",
    )
    inside, outside = chosen & cohort.labelled, ~chosen & cohort.labelled
    if cohort.schema.task is None or inside.sum() < 2 or not outside.any():  # of a single case there is no share
        return first
    if inside.sum() < len(ids):
        part = _("The {target} of {count} of them is known.")
        first += " " + part.format(target=escape(cohort.schema.target or ""), count=int(inside.sum()))
    target = cohort.target
    if cohort.schema.task == "regression":
        spread = float(np.ptp(np.quantile(target[cohort.labelled], [0.1, 0.9])))
        return first + " " + _("Their {target} is {inside} on average, that of the others {outside}.").format(
            target=escape(cohort.schema.target or ""), inside=written(target[inside].mean(), spread),
            outside=written(target[outside].mean(), spread),
        )  # fmt: skip
    members = cohort.class_members
    frequent = [int(rows[inside].sum()) for rows in members.values()]
    over_time = cohort.schema.task == "survival"
    label = 1 if cohort.positive is not None or over_time else int(np.argmax(frequent))
    name, there = list(members.items())[label]
    low, high = share_interval(frequent[label], int(inside.sum()))
    share, others = (float(there[rows].mean()) for rows in (inside, outside))
    words = _(
        "{share:.0%} of them are in class “{label}” (95% interval {low:.0%} to {high:.0%}), of the others {others:.0%}"
    )
    if cohort.schema.task == "multilabel":
        words = _(
            "{share:.0%} of them have the label “{label}” (95% interval {low:.0%} to {high:.0%}), of the others "
            "{others:.0%}"
        )
    if over_time:
        words = _(
            "The event was seen in {share:.0%} of them (95% interval {low:.0%} to {high:.0%}), of the others in "
            "{others:.0%}"
        )
    sentence = words.format(share=share, label=escape(name), low=low, high=high, others=others)
    near = _("; that may be chance.") if low <= others <= high else "."
    return f"{first} {sentence}{near}"
