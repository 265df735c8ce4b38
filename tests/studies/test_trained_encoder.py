"""What a trained part says is asked of a replicate that has not seen the case, of a run with the same encoder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mmcore import studies
from mmcore.base.values import Case
from mmcore.cohorts.media import digest_of_upload
from mmcore.encoders import make
from mmcore.studies import trained_encoder
from mmcore.training import TrainingSpec

QUICK = studies.StudySettings(folds=2, seeds=1, training=TrainingSpec(epochs=1))


@pytest.fixture
def cohort(tmp_path: Path):
    """Twenty short signals, every other one louder; one more without a label, and one that is there twice."""
    rng = np.random.default_rng(0)
    rows = []
    for i in range(20):
        np.save(tmp_path / f"{i}.npy", (rng.normal(size=(1, 300)) * (1 + i % 2)).astype(np.float32))
        rows.append({"id": f"p{i}", "ecg": f"{i}.npy", "label": "ab"[i % 2]})
    np.save(tmp_path / "20.npy", rng.normal(size=(1, 300)).astype(np.float32))
    rows += [{"id": "unlabelled", "ecg": "20.npy", "label": ""}, {"id": "again", "ecg": "0.npy", "label": "a"}]
    pd.DataFrame(rows).to_csv(tmp_path / "cases.csv", index=False)
    (tmp_path / "cohort.toml").write_text(
        'target = "label"\npositive = "b"\n[inputs.ecg]\nkind = "signal"\ncolumns = ["ecg"]\nrate_hz = 100\n',
        encoding="utf-8",
    )
    return studies.open(str(tmp_path))


def test_states_come_from_a_run_that_trained_this_encoder(cohort):
    encoder = make("bilstm", cohort.inputs["ecg"], hidden=8)
    assert trained_encoder.runs_with(cohort, "ecg", encoder) == []
    choice = {"ecg": {"name": "bilstm", "options": {"hidden": 8}}}
    spec = studies.plan(
        cohort,
        "ecg",
        {"ecg": studies.default_encoders(cohort)["ecg"].model_validate(choice["ecg"])},
        QUICK.but(training=TrainingSpec(epochs=2)),
    )
    studies.train(cohort, spec)
    (run,) = trained_encoder.runs_with(cohort, "ecg", encoder)
    assert trained_encoder.runs_with(cohort, "ecg", make("bilstm", cohort.inputs["ecg"])) == [], (
        "other options, another network"
    )

    case = cohort.case("p3")
    text = trained_encoder.learnt(run, cohort, case, "ecg")
    assert text.unseen and text.value.tokens.shape == (len(encoder.places(case.values["ecg"])), 16)
    assert np.isfinite(text.value.tokens).all() and np.abs(text.value.tokens).max() <= 1
    fold = int(studies.prediction.folds_seen(run, cohort.select(["p3"]))[0])
    requested = run.fitted.replicates.index((fold, 0))
    other = trained_encoder.encode_learnt(run.fitted, "ecg", encoder, case.values["ecg"], 1 - requested)
    assert not np.allclose(text.value.tokens, other.tokens)
    assert trained_encoder.module(run, cohort, case, "ecg").dims == 16


@pytest.fixture
def run(cohort):
    return studies.train(cohort, studies.plan(cohort, "ecg", {"ecg": "bilstm"}, QUICK))


def test_a_case_without_a_label_was_seen_by_no_replicate(cohort, run):
    assert run.fold_of[run.ids.index("unlabelled")] == -1
    assert trained_encoder.learnt(run, cohort, cohort.case("unlabelled"), "ecg").unseen


def test_a_training_case_that_comes_back_as_a_file_is_known_by_its_content(cohort, run):
    bytes_of = (Path(cohort.source).parent / "3.npy").read_bytes()
    digest = digest_of_upload(cohort.inputs["ecg"], "other name.npy", bytes_of)
    back = Case("own", {"ecg": cohort.value("p3", "ecg")})
    requested, unseen = trained_encoder._replicate(run, cohort, back, "ecg", digest)
    assert unseen and run.fitted.replicates[requested][0] == run.fold_of[run.ids.index("p3")]
    assert trained_encoder._replicate(run, cohort, back, "ecg", "of another file") == (0, True)


def test_where_copies_lie_in_both_folds_every_replicate_has_seen_one(cohort, run):
    folds = run.fold_of.copy()
    folds[run.ids.index("p0")], folds[run.ids.index("again")] = 0, 1
    run._arrays["fold_of"] = folds
    assert not trained_encoder.learnt(run, cohort, cohort.case("p0"), "ecg").unseen


def test_a_typed_text_is_known_by_its_words(tmp_path):
    rows = [{"id": f"p{i}", "note": f"word{i} pain is {'ab'[i % 2]}", "label": "ab"[i % 2]} for i in range(16)]
    pd.DataFrame(rows).to_csv(tmp_path / "cases.csv", index=False)
    (tmp_path / "cohort.toml").write_text(
        'target = "label"\npositive = "b"\n[inputs.note]\nkind = "text"\ncolumns = ["note"]\n', encoding="utf-8"
    )
    texts = studies.open(str(tmp_path))
    run = studies.train(texts, studies.plan(texts, "note", {"note": "bigru"}, QUICK))
    requested, unseen = trained_encoder._replicate(run, texts, Case("own", {"note": rows[5]["note"]}), "note", "")
    assert unseen and run.fitted.replicates[requested][0] == run.fold_of[5]
