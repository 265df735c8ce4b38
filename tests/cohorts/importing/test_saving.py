"""Protects the import itself: the folder it writes opens to the same cases, values, targets, groups and reasons."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from mmcore.base.errors import BadInput
from mmcore.base.values import Kind
from mmcore.cohorts import Cohort, Roles, open_cohort
from mmcore.cohorts.importing import imported, propose


@pytest.fixture
def source(tmp_path: Path) -> Path:
    rng = np.random.default_rng(0)
    folder = tmp_path / "source"
    (folder / "films").mkdir(parents=True)
    rows = []
    for i in range(12):
        Image.fromarray(rng.integers(0, 255, (9, 8), dtype=np.uint8)).save(folder / "films" / f"f{i}.png")
        rows.append(
            {
                "id": f"p{i // 2}", "film": "" if i == 2 else f"f{i}", "weight_kg": rng.integers(40, 90),
                "ward": "NA"[i % 2] + "x", "note": f"breathless since day {i}, no fever at all" if i % 3 else "",
                "Findings": ["Mass", "Mass|Effusion", "Effusion", "None seen"][i % 4],
            }
        )  # fmt: skip
    (folder / "films" / "f5.png").write_bytes(b"no picture")
    pd.DataFrame(rows).to_csv(folder / "cases.csv", index=False)
    np.save(folder / "ecg.npy", rng.normal(size=(12, 2, 40)).astype("float32"))
    return folder


def same(a: Cohort, b: Cohort) -> None:
    assert a.ids == b.ids and (a.target == b.target).all() and list(a.groups) == list(b.groups)
    assert list(a.inputs) == list(b.inputs) and a.schema.classes == b.schema.classes
    for id in a.ids:
        mine, other = a.case(id).values, b.case(id).values
        assert mine.keys() == other.keys()
        for name, value in mine.items():
            if a.inputs[name].kind is Kind.SIGNAL:
                assert (value.samples == other[name].samples).all() and value.rate_hz == other[name].rate_hz
            else:
                assert np.all(value == other[name])


def test_what_is_written_opens_to_the_same_cohort(source, tmp_path):
    roles = Roles(
        target="Findings", positive="mass", group="id", rates={"ecg": 100}, columns={"ward": "category:person"}
    )
    proposal = propose(source, roles)
    written = imported(proposal, tmp_path / "out", "Wards")
    same(proposal.cohort, written)
    same(proposal.cohort, open_cohort(tmp_path / "out"))
    assert written.name == "Wards" and written.positive == "Mass" and written.groups[0] == "p0"
    assert written.inputs["table"].table[0].unit == "kg"
    assert written.schema.ignored["Findings"] == "the target was derived from this column"
    assert any("f5.png" in sentence for sentence in written.problems)


def test_nothing_is_written_over(source, tmp_path):
    with pytest.raises(BadInput, match="not an empty folder"):
        imported(propose(source, Roles(group="id")), source)


def test_what_cannot_be_opened_is_not_written(source, tmp_path):
    with pytest.raises(BadInput, match="more than once"):
        imported(propose(source), tmp_path / "out")
    assert not (tmp_path / "out").exists()
