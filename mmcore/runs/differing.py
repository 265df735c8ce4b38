"""In which settings runs differ, without those that all of them share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mmcore.base import json_files
from mmcore.runs.run_spec import RunSpec

_SHOWN_ELSEWHERE = {"fusion", "inputs", "encoders"}  # each has a column of its own wherever runs are listed
_NO_SETTINGS = {
    "version", "cohort", "cohort_key", "cohort_source", "title", "licence", "citation", "synthetic", "task", "classes",
    "target", "input_specs", "encoder_identities", "fusion_identity", "augmentation_identities",
}  # fmt: skip


def differing_settings(specs: Sequence[RunSpec]) -> list[dict[str, str]]:
    """Of each run its values of the settings in which any two differ, by name such as "epochs" or "seeds".

    Options of a fusion count only among runs of the same method: another one has others.
    """
    flat = [_flat(spec) for spec in specs]
    names = dict.fromkeys(name for own in flat for name in own)
    names_shown = []
    for name in names:
        having = [own[name] for own in flat if name in own]
        if len(set(having)) > 1 or (len(having) < len(flat) and not name.startswith("option ")):
            names_shown.append(name)
    return [{name: own[name] for name in names_shown if name in own} for own in flat]


def _flat(spec: RunSpec) -> dict[str, str]:
    """Every setting as text; of the parts of a setting one entry each."""
    whole: dict[str, Any] = spec.model_dump(mode="json", exclude=_NO_SETTINGS | _SHOWN_ELSEWHERE)
    training, options = whole.pop("training"), whole.pop("fusion_options")
    varied: Mapping[str, Any] = whole.pop("augmentations")
    rows = {**whole, **training}
    rows |= {f"option {name} ({spec.fusion})": value for name, value in options.items()}
    rows |= {
        f"augmentation of {name}": json_files.dumps(parts, None)
        for name, parts in varied.items()
        if parts and spec.copies
    }
    return {name.replace("_", " "): _words(value) for name, value in rows.items()}


def _words(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
