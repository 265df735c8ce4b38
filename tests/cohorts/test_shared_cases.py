"""Protects: small inputs that once went wrong are read right, or what is wrong with them is told; see their READMEs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from mmcore import readers
from mmcore.base.errors import MMError
from mmcore.base.values import Kind
from mmcore.cohorts import Cohort, Roles, folds_of, open_cohort
from mmcore.cohorts.settled import open_settled

HERE = Path(__file__).resolve().parents[2]
CASES = Path(os.environ.get("FUSIONSCOPE_CASES", HERE.parent / "shared" / "cases"))
NAMES = {
    "utf8": "", "ja": "utf8_ja.txt", "pl": "utf8_pl.txt", "ru": "utf8_ru.txt", "zh": "utf8_zh.txt", "el": "utf8_el.txt",
    "ko": "utf8_ko.txt",
}  # fmt: skip


def numbers(cohort: Cohort) -> dict[str, str]:
    return {column.name: column.type for spec in cohort.inputs.values() for column in spec.table}


def decimal_comma(folder: Path) -> None:
    assert {name for name, type in numbers(open_cohort(folder / "cases.csv")).items() if type == "number"} >= {
        "crp",
        "weight",
    }
    assert open_cohort(folder / "score.csv").schema.task == "regression"


def predicted(folder: Path) -> None:
    inputs = open_cohort(folder / "train").inputs
    category = open_settled(folder / "new_category", inputs)
    assert "Hospice" in " ".join(category.problems)
    comma = open_settled(folder / "new_comma", inputs)
    row = comma.value(comma.ids[0], "table")
    assert row["crp"] == 32.8 or "crp" in " ".join(comma.problems)


def separators(folder: Path) -> None:
    for path in folder.glob("*.csv"):
        assert {"crp", "age"} <= {name.split(",")[0].strip() for name in open_cohort(path).table.columns} or (
            path.name == "quoted_header.csv" and len(open_cohort(path).table.columns) > 2
        )


def patient_id(folder: Path) -> None:
    for name in ("space.csv", "underscore.csv"):
        cohort = open_cohort(folder / name, Roles(target="Finding"))
        assert folds_of(cohort).kind == "group" and not set(cohort.inputs["table"].columns) & {
            "Patient ID",
            "Patient_ID",
        }


def positive_class(folder: Path) -> None:
    right = ["1", "Y", "AD", "异常", "Pos.", "presence", "2"]
    for path in folder.glob("*.csv"):
        assert open_cohort(path).positive == right[int(path.stem)]


def prose(folder: Path) -> None:
    for path in folder.glob("*.csv"):
        assert open_cohort(path).inputs["note"].kind is Kind.TEXT


def several_rates(folder: Path) -> None:
    signal = readers.read("signal", folder / "mix.hea")
    assert signal.rate_hz == 200 and signal.samples.shape == (2, 2000)
    assert signal.samples[0].std() == pytest.approx(0.2, abs=0.05)


def segments_changed(folder: Path, work: Path) -> None:
    shutil.copytree(folder, work / "c")
    data = work / "c" / "m1.dat"
    data.chmod(0o644)
    (work / "c").chmod(0o755)
    roles = Roles(inputs={"ecg": "signal:ecg"})
    before = open_cohort(work / "c", roles)
    key, wave = before.key, before.value("1", "ecg").samples.copy()
    data.write_bytes(bytes(400) + data.read_bytes()[400:])
    after = open_cohort(work / "c", roles)
    assert after.key != key and (after.value("1", "ecg").samples != wave).any()


def leads(folder: Path) -> None:
    same = open_cohort(folder / "same")
    for name in ("mixed", "units"):
        cohort = open_cohort(folder / name)
        for id in cohort.ids:
            a, b = same.value(id, "ecg"), cohort.value(id, "ecg")
            assert a.channel_names == b.channel_names and np.abs(a.samples - b.samples).max() < 2e-3


def clocks(folder: Path) -> None:
    for name in ("time_us", "epoch_ms", "time_ms_unnamed", "minutes"):
        path = folder / f"{name}.csv"
        if path.is_file():
            try:
                assert readers.read("signal", path).rate_hz == pytest.approx(250, rel=1e-3)
            except MMError as error:
                assert error.hint
    for name in ("kaggle", "sample_no"):
        path = folder / f"{name}.csv"
        if path.is_file():
            signal = readers.read("signal", path)
            assert not [row for row in signal.samples if (np.diff(row) == 1).all()]
    assert readers.read("signal", folder / "rows.csv").samples.shape == (12, 500)


def one_gap(folder: Path) -> None:
    cohort = open_cohort(folder)
    assert all(np.isfinite(cohort.value(id, "ecg").samples).all() for id in cohort.ids)
    assert cohort.present("ecg").all() and "bridged" in " ".join(cohort.problems)


def sixteen_bits(folder: Path) -> None:
    for path in [*folder.glob("*.png"), *folder.glob("rgb*.tif")]:
        value = readers.read("image", path)
        assert value.min() <= 5 and value.max() == 255
    for path in folder.glob("white_is_zero_*.tif"):
        assert readers.read("image", path)[0, 0] >= 250


def other_formats(folder: Path) -> None:
    cohort = open_cohort(folder)
    sentence = " ".join(cohort.problems)
    for column in ("film", "sleep", "sound", "ecg", "scan", "photo", "record"):
        assert column in cohort.inputs or f"'{column}'" in sentence
    assert "no such files" not in sentence and set(numbers(cohort)) == {"age"}


def visits(folder: Path) -> None:
    cohort = open_cohort(folder / "cases.csv", Roles(group="id"))
    assert len(cohort) == 60 and len(set(cohort.groups)) == 20


def rare_event(folder: Path) -> None:
    cohort = open_cohort(folder / "cases.csv")
    assert {"age", "noise", "troponin"} <= set(numbers(cohort)) and not cohort.leaks


def encodings(folder: Path) -> None:
    for path in folder.glob("*.txt"):
        remarks: list[str] = []
        text = readers.read("text", path, remarks=remarks)
        same = NAMES.get(path.name.split("_")[0])
        assert remarks or not same
        if same and (folder / same).is_file():
            assert text == (folder / same).read_text(encoding="utf-8")


def long_numbers(folder: Path) -> None:
    for path in folder.glob("*.csv"):
        assert len(set(open_cohort(path).groups)) == 30


def comma_in_a_name(folder: Path) -> None:
    cohort = open_cohort(folder / "cases.csv", Roles(inputs={"v": 'table:"BP, systolic (mmHg)",age'}))
    assert cohort.inputs["v"].columns == ("BP, systolic (mmHg)", "age")


def open_quote(folder: Path) -> None:
    cohort = open_cohort(folder / "cases.csv")
    assert len(cohort) == 40 or "quote" in " ".join(cohort.problems)


def data_hub(folder: Path) -> None:
    hub = open_cohort(folder / "hub.parquet")
    assert {hub.inputs[name].kind for name in ("image", "raw") if name in hub.inputs} <= {Kind.IMAGE}
    assert "stay" not in hub.inputs and hub.case(hub.ids[0]).problems == ()
    assert open_cohort(folder / "indexed.parquet").ids[0] == "P00"


CHECKS: dict[str, Callable] = {
    "01_decimal_comma": decimal_comma, "02_predict_cells_unreadable": predicted, "04_separators": separators,
    "05_patient_id_with_space": patient_id, "06_positive_class": positive_class, "07_notes_without_spaces": prose,
    "09_wfdb_several_rates": several_rates, "10_wfdb_segments_changed": segments_changed,
    "11_leads_in_another_order": leads, "12_signal_csv_clock": clocks, "13_one_gap": one_gap,
    "14_sixteen_bit_pictures": sixteen_bits, "15_files_of_other_formats": other_formats,
    "17_visits_of_a_patient": visits, "18_rare_event": rare_event, "19_other_encodings": encodings,
    "20_long_patient_numbers": long_numbers, "21_comma_in_a_column_name": comma_in_a_name,
    "22_quote_left_open": open_quote, "24_parquet_of_a_data_hub": data_hub,
}  # fmt: skip


@pytest.mark.parametrize("name", CHECKS)
def test_what_once_went_wrong(name, tmp_path):
    folder = CASES / name
    if not folder.is_dir():
        pytest.skip(f"{folder} is not there (set FUSIONSCOPE_CASES to its parent)")
    check = CHECKS[name]
    if check is segments_changed:
        check(folder, tmp_path)
    else:
        check(folder)
