"""Protects tables as hospitals, REDCap, SAS and Stata export them: dates, limits, marks and lines that are no cases."""

from __future__ import annotations

import nibabel
import numpy as np
import pandas as pd
import pytest

from mmcore.cohorts import open_cohort
from mmcore.cohorts.number_notation import written

ROWS = 40
AGE = np.random.default_rng(0).integers(30, 80, ROWS).tolist()


def table(**columns) -> pd.DataFrame:
    return pd.DataFrame(
        {"id": [f"c{i}" for i in range(ROWS)], "age": AGE, "label": ["ill", "well"] * (ROWS // 2)} | columns
    )


def opened(tmp_path, frame, **saved):
    (tmp_path / "cases.csv").write_text(frame if isinstance(frame, str) else frame.to_csv(index=False), **saved)
    return open_cohort(tmp_path)


@pytest.mark.parametrize(
    "form",
    ["{day:02d}MAR2020", "{day:02d}-Mar-2020", "{day} March 2020", "Mar {day}, 2020", "{day:02d}MAR2020:10:00:00",
     "令和3年5月{day}日", "{day}. März 2020"],
)  # fmt: skip
def test_a_date_with_the_name_of_its_month_is_no_number_with_a_unit(tmp_path, form):
    cohort = opened(tmp_path, table(day=[form.format(day=i % 27 + 1) for i in range(ROWS)]))
    assert cohort.inputs["table"].columns == ("age",) and cohort.schema.ignored["day"] == "a date"


@pytest.mark.parametrize(
    ("cell", "limit", "digits"),
    [("0.3未満", "<", "0.3"), ("0.3 미만", "<", "0.3"), ("65岁以上", ">", "65"), ("less than 0.5", "<", "0.5"),
     ("unter 0,5", "<", "0,5"), ("über 100", ">", "100"), ("大于5", ">", "5"), ("inférieur à 3", "<", "3")],
)  # fmt: skip
def test_limits_in_words(cell, limit, digits):
    assert (written(cell).limit, written(cell).digits) == (limit, digits)


def test_many_limits_beside_many_numbers_leave_a_column_of_numbers(tmp_path):
    egfr = [">60" if i % 3 else str(30 + i % 25) for i in range(ROWS)]
    cohort = opened(tmp_path, table(egfr=egfr, size=["<5", ">5"] * (ROWS // 2)))
    numbers = {column.name for column in cohort.inputs["table"].table if column.type == "number"}
    assert numbers == {"age", "egfr"} and any("27" in s or "26" in s for s in cohort.problems if "limits" in s)


def test_missing_codes_of_stata_are_no_category(tmp_path):
    cohort = opened(tmp_path, table(smoke=["never", "now", ".a", ".z"] * (ROWS // 4)))
    (smoke,) = (column for column in cohort.inputs["table"].table if column.name == "smoke")
    assert smoke.categories == ("never", "now") and any("20 cells count as missing" in s for s in cohort.problems)


def test_what_is_only_ticked_says_how_to_use_it(tmp_path):
    cohort = opened(tmp_path, table(dm=["x", ""] * (ROWS // 2), bp=[f"{110 + i}/{70 + i % 9}" for i in range(ROWS)]))
    assert "if an empty cell means no" in cohort.schema.ignored["dm"]
    assert cohort.schema.ignored["bp"].startswith("two numbers in a cell, such as '110/70'")


def test_sums_below_a_table_are_no_cases(tmp_path):
    cohort = opened(tmp_path, table().to_csv(index=False) + "Total,55,60\nMean,1,2\n")
    assert len(cohort) == ROWS and cohort.schema.classes == ("well", "ill")
    assert any("'Total', 'Mean'" in sentence and "left out" in sentence for sentence in cohort.problems)


def test_a_case_whose_numbers_are_words_begins_no_second_table(tmp_path):
    frame = table(crp=[i % 7 for i in range(ROWS)]).drop(columns="id").astype(object)
    frame.loc[20, ["age", "crp"]] = "refused", "clotted"
    assert len(opened(tmp_path, frame)) == ROWS


def test_a_second_table_and_a_repeated_header_are_left_out(tmp_path):
    frame = table(crp=[i % 7 for i in range(ROWS)])
    text = frame.to_csv(index=False)
    header, *rows = text.splitlines()
    joined = "\n".join(
        [header, *rows[:20], header, *rows[20:], "", "site,country,beds,doctors", "A,DE,3,4", "B,FR,9,8"]
    )
    cohort = opened(tmp_path, joined)
    assert cohort.ids == frame["id"].tolist() and {*cohort.schema.classes} == {"ill", "well"}
    assert any("another table begins ('site', 'country', 'beds', 'doctors')" in s for s in cohort.problems)
    assert any("1 row repeats the header" in s for s in cohort.problems)


def test_a_case_of_which_nothing_was_measured_is_no_header(tmp_path):
    frame = table(crp=[i % 7 for i in range(ROWS)], wbc=[i % 5 for i in range(ROWS)]).astype(object)
    frame.loc[20, ["age", "crp", "wbc"]] = "not done"
    assert len(opened(tmp_path, frame)) == ROWS


@pytest.mark.parametrize("names", [["control", "patient"], ["AD", "MCI", "CN"]])
def test_classes_that_are_called_a_group_keep_nobody_together(tmp_path, names):
    frame = table(group=[names[i % len(names)] for i in range(ROWS)])
    cohort = opened(tmp_path, frame)
    assert cohort.schema.group is None and "make it the target or the group" in cohort.schema.ignored["group"]
    frame["group"] = [f"g{i // 4}" for i in range(ROWS)]
    assert opened(tmp_path, frame).schema.group == "group"


def test_pictures_that_no_column_names_are_told_of_whatever_their_suffix(tmp_path):
    rows = ["participant_id\tage\tsex"]
    for i in range(8):
        folder = tmp_path / f"sub-{i}" / "anat"
        folder.mkdir(parents=True)
        nibabel.save(nibabel.Nifti1Image(np.ones((4, 4, 4), np.float32), np.eye(4)), folder / f"sub-{i}_T1w.nii.gz")
        rows.append(f"sub-{i}\t{40 + i * i}\t{'mf'[i % 2]}")
    (tmp_path / "subjects.tsv").write_text("\n".join(rows))
    assert any("8 files, such as sub-0/anat/sub-0_T1w.nii.gz" in s for s in open_cohort(tmp_path).problems)


def test_days_on_which_patients_came_do_not_number_them(tmp_path):
    frame = table(day=[f"{i // 2 % 27 + 1:02d}.03.2020" for i in range(ROWS)])
    assert not any("'day' repeats" in sentence for sentence in opened(tmp_path, frame).problems)


def test_a_row_for_each_measurement_is_told_of(tmp_path):
    rows = [(f"P{p}", test, p + 3 * i % 7, p % 2) for p in range(20) for i, test in enumerate(("CRP", "WBC", "Hb"))]
    frame = pd.DataFrame(rows, columns=["patient_id", "Test", "Value", "outcome"])
    assert any("'Test' says what was measured and 'Value'" in s for s in opened(tmp_path, frame).problems)
    wide = frame.rename(columns={"Test": "arm"})
    assert not any("one measurement" in sentence for sentence in opened(tmp_path, wide).problems)


def test_numbers_below_lines_of_a_program_are_no_note(tmp_path):
    lines = ["rec.acq", "4 msec/sample", "2 channels", "ECG", "mV", "min\tCH1\tCH2", "\t1500\t1500"]
    for i in range(ROWS):
        samples = [f"{k / 250:.4f}\t{np.sin(k / (5 + i)):.4f}\t{np.cos(k):.4f}" for k in range(200)]
        (tmp_path / f"{i}.txt").write_text("\n".join([*lines, *samples]))
    cohort = opened(tmp_path, table(ecg=[f"{i}.txt" for i in range(ROWS)]))
    assert cohort.inputs["ecg"].kind == "signal"


def test_a_table_that_is_turned_over_is_told_of(tmp_path):
    frame = pd.DataFrame({f"S{i}": [str(float(i + g % 7)) for g in range(30)] for i in range(12)}, dtype=object)
    frame.insert(0, "gene", [f"G{g}" for g in range(30)])
    assert not any("turn the table" in sentence for sentence in opened(tmp_path, frame).problems)
    frame.loc[30] = ["status", *["tumor", "normal"] * 6]
    assert any("in 12 columns of numbers" in sentence for sentence in opened(tmp_path, frame).problems)
