"""A run as a folder of its own: weights, spec and model card, without the cases it was trained on."""

from __future__ import annotations

import os
import shutil
import uuid
from dataclasses import replace
from pathlib import Path

import numpy as np

from mmcore.base import json_files
from mmcore.base.errors import BadInput
from mmcore.base.settings import _
from mmcore.report import model_card
from mmcore.runs import Run, seal


def export(run: Run, folder: str | Path) -> Path:
    """Write weights.safetensors, spec.json, metrics.json and README.md (the model card) into a new folder.

    No case goes with it: only digests by which a case it was trained on is known again. Raises BadInput if the folder
    holds something already or cannot be written.
    """
    folder = Path(folder).expanduser()
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise BadInput(_("{folder} is there already and not empty.").format(folder=folder), _("Give a new folder."))
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = folder.parent / f".{folder.name}-{uuid.uuid4().hex[:8]}"
        try:
            _write(run, fresh)
            if folder.exists():
                folder.rmdir()
            os.rename(fresh, folder)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    except OSError as error:
        raise BadInput(
            _("{folder} cannot be written: {reason}.").format(folder=folder, reason=error.strerror),
            _("Give a folder you may write to."),
        ) from error
    return folder


def _write(run: Run, folder: Path) -> None:
    fitted = run.fitted
    none = np.empty(0)
    replace(
        fitted, outputs=fitted.outputs[:, :0], fold_of=fitted.fold_of[:0], network_outputs=none, linear_outputs=none
    ).save(folder)
    json_files.write(folder / "spec.json", run.spec.model_copy(update={"cohort_source": ""}))
    shutil.copyfile(run.folder / "metrics.json", folder / "metrics.json")
    np.savez_compressed(folder / "predictions.npz", fold_of=run.fold_of, digests=run.digests)
    seal(folder)
    (folder / "README.md").write_text(model_card(run), encoding="utf-8")
