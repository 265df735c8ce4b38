"""What a trained part says is asked of a replicate that has not seen the case, of a run with the same encoder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mmcore import studies
from mmcore.encoders import make
from mmcore.studies import states
from mmcore.training import TrainingSpec


@pytest.fixture
def cohort(tmp_path: Path):
    """Twenty short signals, every other one louder."""
    rng = np.random.default_rng(0)
    rows = []
    for i in range(20):
        np.save(tmp_path / f"{i}.npy", (rng.normal(size=(1, 300)) * (1 + i % 2)).astype(np.float32))
        rows.append({"id": f"p{i}", "ecg": f"{i}.npy", "label": "ab"[i % 2]})
    pd.DataFrame(rows).to_csv(tmp_path / "cases.csv", index=False)
    (tmp_path / "cohort.toml").write_text(
        'target = "label"\npositive = "b"\n[inputs.ecg]\nkind = "signal"\ncolumns = ["ecg"]\nrate_hz = 100\n',
        encoding="utf-8",
    )
    return studies.open(str(tmp_path))


def test_states_come_from_a_run_that_trained_this_encoder(cohort):
    encoder = make("bilstm", cohort.inputs["ecg"], hidden=8)
    assert states.runs_with(cohort, "ecg", encoder) == []
    choice = {"ecg": {"name": "bilstm", "options": {"hidden": 8}}}
    spec = studies.plan(
        cohort,
        "ecg",
        {"ecg": studies.default_encoders(cohort)["ecg"].model_validate(choice["ecg"])},
        folds=2,
        seeds=1,
        training=TrainingSpec(epochs=2),
    )
    studies.train(cohort, spec)
    (run,) = states.runs_with(cohort, "ecg", encoder)
    assert states.runs_with(cohort, "ecg", make("bilstm", cohort.inputs["ecg"])) == [], "other options, another network"

    case = cohort.case("p3")
    told = states.learnt(run, cohort, case, "ecg")
    assert told.unseen and told.said.tokens.shape == (len(encoder.places(case.values["ecg"])), 16)
    assert np.isfinite(told.said.tokens).all() and np.abs(told.said.tokens).max() <= 1
    fold = int(studies.prediction.known_folds(run, cohort.select(["p3"]))[0])
    asked = run.fitted.replicates.index((fold, 0))
    other = states.say_learnt(run.fitted, "ecg", encoder, case.values["ecg"], 1 - asked)
    assert not np.allclose(told.said.tokens, other.tokens)
    assert states.learnt(run, None, case, "ecg").said.tokens.shape == told.said.tokens.shape
    assert states.module(run, cohort, case, "ecg").dims == 16
