"""Where a run looks on average over its cohort, class by class, out of fold."""

from __future__ import annotations

from typing import Any

import numpy as np

from mmcore import features
from mmcore.base.languages import language
from mmcore.base.progress import Progress, Step, silent
from mmcore.base.settings import _
from mmcore.base.values import Kind
from mmcore.cohorts import Cohort
from mmcore.explain.averaging import Average, Averages, ImageAverage, RowAverage, SignalAverage, TextAverage
from mmcore.runs import Run
from mmcore.storage.results_cache import cached
from mmcore.studies.explaining import chosen_cases
from mmcore.studies.prediction import replicates_of
from mmcore.studies.training import require_same_data

VERSION = 2  # raise it when the numbers change: older results are then computed anew
_BATCH = 64  # cases at a time
_PARTS: dict[Kind, type[Average[Any]]] = {
    Kind.IMAGE: ImageAverage,
    Kind.SIGNAL: SignalAverage,
    Kind.TABLE: RowAverage,
    Kind.TEXT: TextAverage,
}


def averages(run: Run, cohort: Cohort, *, cases: int = 400, progress: Progress = silent) -> dict[str, Any]:
    """Mean attention within each input over up to `cases` cases of the cohort the run was trained on; kept by run.

    {"cases", "of" (cases tested), "classes", "inputs": {NAME: {CLASS: means}}}: see `explain.averaging` for the means
    of each kind, in even shares. Inputs is empty for a method that weighs no tokens; an input whose encoder tells no
    places apart has no classes. Raises BadInput if the run was trained on other data.
    """
    require_same_data(run, cohort)
    decides = ["averages", VERSION, run.key, cases, language()]  # classes and segments have names in it
    return cached("explanations", decides, lambda: _averages(run, cohort, cases, progress))[0]


def _averages(run: Run, cohort: Cohort, cases: int, progress: Progress) -> dict[str, Any]:
    spec, encoders = run.spec, run.spec.make_encoders()
    encoded = {name: features.encode(cohort, name, encoders[name], progress=progress) for name in spec.inputs}
    rows, labels = chosen_cases(run, cases), _labels(run, cohort)
    sums: dict[str, Averages] = {}
    done = 0
    for fold in np.unique(run.fold_of[rows]):
        own = rows[run.fold_of[rows] == fold]
        for start in range(0, len(own), _BATCH):
            part = own[start : start + _BATCH]
            progress(Step(_("cases"), done, len(rows)))
            tokens = {name: encoded[name].tokens(part.tolist()) for name in spec.inputs}
            answer = run.fitted.run(tokens, replicates_of(run, int(fold)))
            for name in spec.inputs:
                if (maps := answer.attention.tokens.get(name)) is None:
                    continue
                into = sums.setdefault(name, Averages(_PARTS[spec.input_specs[name].kind]))
                weights, masks = np.asarray(maps).mean(0), answer.masks[name].astype(bool)
                for i, row in enumerate(part):
                    value = cohort.value(cohort.ids[row], name) if masks[i].any() else None
                    if value is not None:
                        into.add(labels[row], value, encoders[name].places(value), weights[i, masks[i]])
            done += len(part)
    classes = [
        name for name in (*cohort.class_members, *dict.fromkeys(labels)) if name in {labels[row] for row in rows}
    ]
    return {
        "cases": len(rows),
        "of": int((run.fold_of >= 0).sum()),
        "classes": list(dict.fromkeys(classes)),
        "inputs": {name: sum_of.document() for name, sum_of in sums.items()},
    }


def _labels(run: Run, cohort: Cohort) -> list[str]:
    """Class of each case; one for all where the target is a number."""
    if not run.spec.classes:
        return [_("all cases")] * len(cohort)
    codes = np.nan_to_num(np.asarray(cohort.strata, float), nan=-1).astype(int)
    names = cohort.stratum_names
    return [names[code] if code >= 0 else _("not labelled") for code in codes]
