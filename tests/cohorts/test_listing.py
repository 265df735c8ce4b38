"""Protects folders without a table: a folder for each class, or for each input, is a cohort, and it is said how."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mmcore.base.errors import BadInput
from mmcore.base.values import Kind
from mmcore.cohorts import open_cohort
from mmcore.cohorts.listing import table_of_files


def picture(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.full((4, 5), 7, np.uint8)).save(path)


def test_a_folder_for_each_class(tmp_path):
    for name in ("healthy", "sick"):
        for i in range(5):
            picture(tmp_path / "train" / name / f"{i}.png")
            picture(tmp_path / "test" / name / f"{i + 5}.png")
    cohort = open_cohort(tmp_path)
    assert cohort.schema.target == "label" and cohort.positive == "sick" and len(cohort) == 20
    assert cohort.table["split"].value_counts().to_dict() == {"train": 10, "test": 10}
    assert "taken as classes: healthy (10), sick (10)" in " ".join(cohort.problems)


def test_a_folder_for_each_patient_of_a_class_is_a_group(tmp_path):
    for name in ("healthy", "sick"):
        for i in range(6):
            picture(tmp_path / name / f"{name}{i // 2}" / f"{name}{i}.png")
    assert len(set(open_cohort(tmp_path).groups)) == 6


def test_folders_of_one_file_name_are_inputs(tmp_path):
    for i in range(5):
        picture(tmp_path / "film" / f"{i:02d}.png")
        picture(tmp_path / "lateral" / f"{i:02d}.png")
    (tmp_path / "ecg").mkdir()
    for i in range(4):
        np.save(tmp_path / "ecg" / f"{i:02d}.npy", np.random.default_rng(i).normal(size=(2, 50)))
    cohort = open_cohort(tmp_path)
    assert {name: spec.kind for name, spec in cohort.inputs.items()} == {
        "ecg": Kind.SIGNAL, "film": Kind.IMAGE, "lateral": Kind.IMAGE,
    }  # fmt: skip
    assert len(cohort) == 5 and int(cohort.present("ecg").sum()) == 4 and cohort.schema.target is None


def test_a_folder_of_nothing_says_so(tmp_path):
    (tmp_path / "README.txt").write_text("nothing here", encoding="utf-8")
    with pytest.raises(BadInput, match="no table, and no files"):
        open_cohort(tmp_path)


def test_a_few_files_of_another_kind_are_no_cases(tmp_path):
    for i in range(24):
        place = tmp_path / "images" / ("sick", "well")[i % 2]
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{i}.png").write_bytes(b"\x89PNG")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "classes.txt").write_text("sick\nwell\n")
    raw = table_of_files(tmp_path)
    assert len(raw.frame) == 24 and set(raw.frame["label"]) == {"sick", "well"} and "text" not in raw.frame
    assert any("docs/classes.txt" in problem for problem in raw.problems)


def test_segments_of_a_record_are_no_cases_and_are_not_left_over(tmp_path):
    for case in range(6):
        folder = tmp_path / ("sick" if case % 2 else "healthy")
        folder.mkdir(exist_ok=True)
        for part in (1, 2):
            wave = np.random.default_rng(case + part).integers(-99, 99, 500).astype("<i2")
            (folder / f"r{case}_{part}.dat").write_bytes(wave.tobytes())
            (folder / f"r{case}_{part}.hea").write_text(
                f"r{case}_{part} 1 100 500\nr{case}_{part}.dat 16 10/mV 16 0 0 0 0 II\n"
            )
        (folder / f"r{case}.hea").write_text(f"r{case}/2 1 100 1000\nr{case}_1 500\nr{case}_2 500\n")
    cohort = open_cohort(tmp_path)
    assert len(cohort) == 6 and cohort.value(cohort.ids[0], "signal").samples.shape == (1, 1000)
    rows = [f"{case},{'sick' if case % 2 else 'healthy'}/r{case}" for case in range(6)]
    (tmp_path / "cases.csv").write_text("\n".join(["id,ecg", *rows]))
    assert "lie beside" not in " ".join(open_cohort(tmp_path).problems)
