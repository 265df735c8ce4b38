"""Which methods a study compares: every input alone and fusions, the default ones or those asked for."""

from __future__ import annotations

from collections.abc import Sequence

from mmcore.base.errors import BadInput, MMError, several, unknown
from mmcore.base.registry import why_unavailable
from mmcore.base.settings import _
from mmcore.cohorts import Cohort
from mmcore.fusion import by_place, fusions
from mmcore.studies.encoder_choice import usable_inputs

ALL = "all"  # instead of a method: every one of them


def default_methods(cohort: Cohort) -> list[str]:
    """Every usable input alone, then, if there are several, every standard fusion method that can be used here."""
    return usable_inputs(cohort) + [name for name in fusing(cohort) if fusions[name].standard]


def all_methods(cohort: Cohort) -> list[str]:
    """Every usable input alone, then, if there are several, every fusion method that can be used here."""
    return usable_inputs(cohort) + fusing(cohort)


def fusing(cohort: Cohort) -> list[str]:
    """Fusion methods that can be used here, plain ones first; none if the cohort has a single input."""
    if len(usable_inputs(cohort)) < 2:
        return []
    return [name for name in by_place() if why_unavailable(fusions[name]) is None and name not in cohort.inputs]


def hidden_methods(cohort: Cohort) -> list[str]:
    """A sentence on each fusion method that cannot be chosen, since an input has its name."""
    return [
        _(
            "An input is called '{name}', as a fusion method is: here the name means this input alone, and the method "
            "cannot be chosen. To use it, give the input another name."
        ).format(name=name)
        for name in cohort.inputs
        if name in fusions and len(cohort.inputs) > 1
    ]


def check_methods(cohort: Cohort, methods: Sequence[str]) -> list[str]:
    """The methods without repetition, "all" standing for every one (unless an input is named so).

    Raises one error with every one that is unknown or cannot be used.
    """
    wrong: list[MMError] = []
    chosen: list[str] = []
    for method in methods:
        chosen += all_methods(cohort) if method == ALL and ALL not in cohort.inputs else [method]
    for method in chosen:
        try:
            check_method(cohort, method)
        except MMError as error:
            wrong.append(error)
    if wrong:
        raise several(wrong)
    return list(dict.fromkeys(chosen))


def check_method(cohort: Cohort, method: str) -> None:
    inputs = usable_inputs(cohort)
    if method in cohort.inputs and method not in inputs:
        raise BadInput(_("No case has the input '{name}'.").format(name=method), _("Check its column and files."))
    if method in inputs:
        return
    if method not in fusions and method not in fusions.broken:
        raise unknown(_("method"), method, [*cohort.inputs, *fusions])
    fusions.usable(method)
