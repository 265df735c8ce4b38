"""In which settings runs differ, without those that all of them share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mmcore.base import json_files
from mmcore.base.settings import _, translated
from mmcore.runs.run_spec import RunSpec

_SHOWN_ELSEWHERE = {"fusion", "inputs", "encoders"}  # each has a column of its own wherever runs are listed
_NO_SETTINGS = {
    "version", "cohort", "cohort_key", "cohort_source", "title", "licence", "citation", "synthetic", "task", "classes",
    "target", "input_specs", "encoder_identities", "fusion_identity", "augmentation_identities", "training",
    "training_by_fold", "fusion_options", "augmentations",
}  # fmt: skip


def differing_settings(specs: Sequence[RunSpec]) -> list[dict[str, str]]:
    """Of each run its values of the settings in which any two differ, by name such as "epochs" or "seeds".

    Names are in the reader's language. Options of a fusion count only among runs of the same method: another one has
    others.
    """
    options = [_options(spec) for spec in specs]
    of_methods = {name for own in options for name in own}
    flat = [_settings(spec) | own for spec, own in zip(specs, options, strict=True)]
    names = dict.fromkeys(name for own in flat for name in own)
    names_shown = []
    for name in names:
        having = [own[name] for own in flat if name in own]
        if len(set(having)) > 1 or (len(having) < len(flat) and name not in of_methods):
            names_shown.append(name)
    return [{name: own[name] for name in names_shown if name in own} for own in flat]


def _settings(spec: RunSpec) -> dict[str, str]:
    """Every setting as text; of the parts of a setting one entry each."""
    whole: dict[str, Any] = spec.model_dump(mode="json", exclude=_NO_SETTINGS | _SHOWN_ELSEWHERE)
    whole |= spec.training.model_dump(mode="json")
    rows = {_called(name): value for name, value in whole.items()}
    rows[_("tuned for each fold")] = bool(spec.training_by_fold)
    varied: Mapping[str, Any] = spec.model_dump(mode="json", include={"augmentations"})["augmentations"]
    rows |= {
        _("augmentation of {name}").format(name=name): json_files.dumps(parts, None)
        for name, parts in varied.items()
        if parts and spec.copies
    }
    return {name: _words(value) for name, value in rows.items()}


def _options(spec: RunSpec) -> dict[str, str]:
    """The options of a run's fusion as text."""
    title = _("option {name} ({method})")
    return {
        title.format(name=name.replace("_", " "), method=spec.fusion.replace("_", " ")): _words(value)
        for name, value in spec.model_dump(mode="json", include={"fusion_options"})["fusion_options"].items()
    }


def _called(name: str) -> str:
    """What a setting is called in a list: as the form of its field, unless it has none or a longer one there."""
    own = {
        "group": _("group"), "split": _("division"), "split_seed": _("seed of the division"), "folds": _("folds"),
        "seeds": _("seeds"), "copies": _("copies"), "epoch_by": _("epoch chosen by"),
    }  # fmt: skip
    return own.get(name) or translated(name.replace("_", " ").capitalize()).lower()


def _words(value: Any) -> str:
    if isinstance(value, bool) or value is None or value == "no":
        return _("yes") if value is True else _("no")
    return f"{value:g}" if isinstance(value, float) else str(value)
