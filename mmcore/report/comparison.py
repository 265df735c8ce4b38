"""What a comparison of methods comes to, in words: better, worse or not settled, how many, and which is in front."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from mmcore.base.capitals import capitalised
from mmcore.base.name_lists import all_of
from mmcore.base.settings import _, counted
from mmcore.evaluation import Caution, Difference, Verdict, lower_is_better, metric_label, metrics
from mmcore.evaluation.metrics import Scale
from mmcore.report.numbers import in_words

_SIGNS = {Verdict.BETTER: "▲", Verdict.WORSE: "▼", Verdict.UNSETTLED: "≈", Verdict.NO_INTERVAL: ""}


def judge(value: Difference | None) -> Verdict:
    """What the interval of a difference to a reference says of the method."""
    if value is None or not (math.isfinite(value.low) and math.isfinite(value.high)):
        return Verdict.NO_INTERVAL
    if value.low <= 0 <= value.high:
        return Verdict.UNSETTLED
    better = (value.difference > 0) != lower_is_better(value.metric)
    return Verdict.BETTER if better else Verdict.WORSE


def verdict(value: Difference | None) -> str:
    """The verdict in words; "" where there is none."""
    return {
        Verdict.BETTER: _("better"),
        Verdict.WORSE: _("worse"),
        Verdict.UNSETTLED: _("no clear difference"),
        Verdict.NO_INTERVAL: "",
    }[judge(value)]


def sign(value: Difference | None) -> str:
    """The verdict as a sign: ▲ better, ▼ worse, ≈ no clear difference."""
    return _SIGNS[judge(value)]


def standing(differences: Mapping[str, Difference], reference: str) -> str:
    """How many methods are better than a reference and how many are not, by intervals that exclude zero.

    differences: of each method to the reference.
    """
    verdicts = [judge(value) for value in differences.values()]
    better, worse, count = verdicts.count(Verdict.BETTER), verdicts.count(Verdict.WORSE), len(differences)
    if count == 1:
        ((method, value),) = differences.items()
        if better:
            sentence = _("{method} is clearly better than {reference} alone.")
        elif worse:
            sentence = _("{method} is worse than {reference} alone.")
        elif value.difference == 0 and value.low == value.high == 0:
            sentence = _("{method} predicts just what {reference} alone does.")
        else:
            sentence = _("Whether {method} is better than {reference} alone cannot be told from these cases.")
        return capitalised(sentence.format(method=method.replace("_", " "), reference=reference))
    if better == count:
        sentence = (
            _("Both methods are clearly better than {reference} alone.")
            if count == 2
            else _("All {count} methods are clearly better than {reference} alone.")
        )
        return sentence.format(count=count, reference=reference)
    open_ = count - better - worse
    if open_ == count:
        sentence = (
            _("Neither of the two methods is clearly better or worse than {reference} alone.")
            if count == 2
            else _("None of the {count} methods is clearly better or worse than {reference} alone.")
        )
        return sentence.format(count=count, reference=reference)
    return _("Of {count} methods, {parts} than {reference} alone{open}.").format(
        count=count,
        reference=reference,
        parts=_(" and ").join(
            words
            for number, words in (
                (better, counted(better, "{count} is better", "{count} are better")),
                (worse, counted(worse, "{count} is worse", "{count} are worse")),
            )
            if number
        ),
        open=_("; for {open} it is too close to tell").format(open=open_) if open_ else "",
    )


def leading(differences: Mapping[str, Difference]) -> str:
    """The method in front with its difference; where there are others, how many lie within its interval, if it has
    one, and what choosing it does to its number. Raises ValueError if there is no method."""
    low = any(lower_is_better(value.metric) for value in differences.values())
    first = (min if low else max)(differences, key=lambda name: differences[name].difference)
    top = differences[first]
    gap = in_words(top)
    if len(differences) == 1:
        return _("The difference is {difference}.").format(difference=gap)
    level = [name.replace("_", " ") for name, value in differences.items() if value.difference == top.difference]
    others = [value for value in differences.values() if value.difference != top.difference]
    near = sum(top.low <= value.difference <= top.high for value in others)
    lead = (
        _("Of these methods, {method} does best: the difference from the best single input is {difference}.")
        if len(level) == 1
        else _("Of these methods, {method} do best, one as well as the other: the difference from the best single "
               "input is {difference}.")
    )  # fmt: skip
    rivals = "" if judge(top) is Verdict.NO_INTERVAL or not others else _rivals(near, len(others)) + " "
    flattered = _("As the best of {count} methods on these cases, it is likely to do a little worse on new ones.")
    words = f"{lead} {rivals}{flattered}".format(
        method=all_of(level), difference=gap, near=near, others=len(others), count=len(differences)
    )
    return capitalised(words)


def _rivals(near: int, others: int) -> str:
    """How many of the other methods may be as good as the one in front; with placeholders where there are several."""
    if others == 1:
        return _("The other one may be as good.") if near else _("The other one does not come near it.")
    if not near:
        return _("None of the {others} others comes near it.")
    return (
        _("Any of the other {others} may be as good.")
        if near == others
        else _("Of the {others} others, {near} may be as good.")
    )


def plain_ahead(lead: Mapping[str, Any]) -> str:
    """That a plain baseline is ahead, and whether that is shown. lead: "plain_lead" of a comparison's document."""
    gap = Difference.read(lead)
    outcome = {
        Verdict.BETTER: _("A plain baseline wins"),
        Verdict.UNSETTLED: _("A plain baseline is ahead, though this may be chance"),
    }.get(judge(gap), _("A plain baseline is ahead"))
    return _("{outcome}: {baseline} differs from {method} in {metric} by {difference}.").format(
        outcome=outcome,
        baseline=lead["label"],
        method=lead["over"].replace("_", " "),
        metric=metric_label(gap.metric),
        difference=in_words(gap),
    ) + _after(cases_needed(lead))


def cases_needed(row: Mapping[str, Any]) -> str:
    """How many more cases would settle a comparison, were the difference the one seen; "" where it is settled, or no
    number would do. row: more_cases and more_groups."""
    cases, groups = row.get("more_cases"), row.get("more_groups")
    if not cases:
        return ""
    if groups:
        return counted(
            groups,
            "About {count} more group ({cases}) would be needed to settle it.",
            "About {count} more groups ({cases}) would be needed to settle it.",
            cases=counted(cases, "{count} case", "{count} cases"),
        )
    return counted(
        cases,
        "About {count} more case would be needed to settle it.",
        "About {count} more cases would be needed to settle it.",
    )


def no_interval(note: Caution, metric: str) -> str:
    """Why a score has no interval, in a sentence; "" where it has one."""
    return {
        Caution.FEW_GROUPS: _("There are too few groups for an interval: at least 5 are needed."),
        Caution.FEW_CASES: _too_few(metric),
        Caution.GROUPED: _("The cases come in groups: no interval for {metric} is known to hold for such data.").format(
            metric=metric_label(metric)
        ),
        Caution.UNDEFINED: _("{metric} cannot be measured on these cases, or depends on a single one.").format(
            metric=metric_label(metric)
        ),
    }.get(note, "")


def _too_few(metric: str) -> str:
    """What a metric needs that these cases do not have."""
    words, fewest = _("An interval for {metric} needs at least {count} cases."), 5
    if metric in metrics:
        part = metrics[metric]
        fewest = part.fewest
        if "survival" in part.tasks:
            words = _("An interval for {metric} needs at least {count} cases in which the event was seen.")
        elif part.scale is Scale.SHARE and part.needs_every_class:
            words = _(
                "An interval for {metric} needs about {count} cases in each class and about as many "
                "predicted to be in it; if the cases come in groups, they must come from at least 5."
            )
        elif "regression" not in part.tasks:
            words = _(
                "An interval for {metric} needs at least {count} cases in each class; if the cases come "
                "in groups, they must come from at least 5."
            )
    return words.format(metric=metric_label(metric), count=fewest)


def _after(sentence: str) -> str:
    return f" {sentence}" if sentence else ""
