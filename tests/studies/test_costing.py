"""Protects the announcement of a run: what it takes of memory, how it keeps within it, and when it cannot be done."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from mmcore import studies
from mmcore.base.errors import BadInput
from mmcore.encoders import encoders
from mmcore.training import TrainingSpec

QUICK = TrainingSpec(epochs=2, patience=2, width=8)


@pytest.fixture
def cohort(tmp_path: Path):
    """Twenty short texts and numbers."""
    chance = np.random.default_rng(0)
    rows = [
        {
            "id": f"p{i}",
            "note": ("no pain at all", "chest pain, fever")[i % 2],
            "age": chance.normal(),
            "ill": "ab"[i % 2],
        }
        for i in range(20)
    ]
    pd.DataFrame(rows).to_csv(tmp_path / "cases.csv", index=False)
    (tmp_path / "cohort.toml").write_text(
        'target = "ill"\npositive = "b"\n[inputs.note]\nkind = "text"\ncolumns = ["note"]\n'
        '[inputs.person]\nkind = "table"\ncolumns = ["age"]\n',
        encoding="utf-8",
    )
    return studies.open(str(tmp_path))


def planned(cohort, encoder="bigru", **options):
    choice = {"note": studies.default_encoders(cohort)["note"].model_copy(update={"name": encoder, "options": options})}
    return studies.plan(cohort, "concat", choice, studies.StudySettings(folds=2, seeds=2, training=QUICK))


def test_a_run_that_learns_no_encoder_is_not_announced(cohort):
    assert studies.cost(cohort, planned(cohort, "tfidf_svd")) is None


def test_memory_is_foreseen(cohort):
    price = studies.cost(cohort, planned(cohort))
    assert price.replicates == 4 and price.memory.at_once >= 1 and price.memory.refusal is None
    weights = 4 * price.parameters
    assert price.memory.need.weights == weights and price.memory.peak > 6 * weights
    assert not price.sparing() and not price.notable
    assert "of training and about" in price.sentence()


def test_scarce_memory_is_told_and_too_little_refused(cohort, monkeypatch):
    spec = planned(cohort)
    need = studies.cost(cohort, spec).memory.need
    monkeypatch.setattr("mmcore.studies.costing.hands", lambda: (torch.device("cpu"), 2))
    monkeypatch.setenv("MMCORE_MEMORY", str(need.data + need.work + need.weights))
    scarce = studies.cost(cohort, spec)
    assert scarce.notable and "1 at a time" in scarce.sentence() and "stored on disk" in scarce.sentence()
    monkeypatch.setenv("MMCORE_MEMORY", "100 kB")
    assert "fine-tuning" in studies.cost(cohort, spec).memory.refusal.hint
    with pytest.raises(BadInput, match="One model"):
        studies.train(cohort, spec)


def test_a_tuned_vocabulary_is_trained_and_kept(cohort):
    if reason := encoders["glove_6b_50d"].unavailable():
        pytest.skip(reason)
    spec = planned(cohort, "glove_6b_50d", tune=True)
    price = studies.cost(cohort, spec)
    assert price.learnt == 8193 * 50 and price.megabytes < 10
    run = studies.train(cohort, spec)
    predictions = studies.predict(run, cohort)
    assert len(predictions) == 20
    assert run.fitted.normalisers[0]["note"].part.dims == 2
