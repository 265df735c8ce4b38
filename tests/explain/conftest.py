"""A run whose telling word is known, for tests of what would change a prediction."""

import numpy as np
import pandas as pd
import pytest

from mmcore import studies
from mmcore.cohorts import Roles
from mmcore.training import TrainingSpec

CASES = 90


@pytest.fixture(scope="session")
def planted(tmp_path_factory):
    """A cohort in which the word "pain" and a high dose decide, and a run that has learnt it."""
    patch = pytest.MonkeyPatch()
    patch.setenv("MMCORE_HOME", str(tmp_path_factory.mktemp("home")))
    folder, chance = tmp_path_factory.mktemp("cohort"), np.random.default_rng(0)
    pain, dose = chance.random(CASES) < 0.5, chance.normal(size=CASES)
    notes = [f"The man walks. He has {'pain ' if p else ''}now. All else is fine." for p in pain]
    table = {
        "id": [f"p{i}" for i in range(CASES)],
        "note": notes,
        "dose": dose,
        "age": chance.normal(60, 5, CASES),
        "sex": chance.choice(["f", "m"], CASES),
        "ill": np.where(4 * pain + 0.2 * dose > 2, "yes", "no"),
    }
    pd.DataFrame(table).to_csv(folder / "cases.csv", index=False)
    roles = Roles(target="ill", positive="yes", inputs={"note": "text:note", "drug": "table:dose,age,sex"})
    cohort = studies.open(folder, roles)
    spec = studies.plan(
        cohort,
        "mlp",
        {"note": "glove_6b_50d"},
        studies.StudySettings(folds=3, seeds=2, training=TrainingSpec(epochs=25, learning_rate=5e-3, components=8)),
    )
    yield cohort, studies.train(cohort, spec), pain
    patch.undo()


@pytest.fixture
def session(planted):
    """A sure case of "yes" with pain and a low dose."""
    cohort, run, pain = planted
    ids = [id for id, p in zip(cohort.ids, pain, strict=True) if p and cohort.value(id, "drug")["dose"] < 0]
    return studies.what_if(run, cohort, cohort.case(ids[0]))
