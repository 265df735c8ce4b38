"""Protects: tables as hospitals and data hubs export them open with the right roles, and what was guessed is told."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from mmcore.base.errors import BadInput, MMError
from mmcore.base.values import Kind
from mmcore.cohorts import Cohort, Roles, folds_of, open_cohort

RNG = np.random.default_rng(3)


def table(rows: int = 40, **columns) -> pd.DataFrame:
    frame = pd.DataFrame({"label": ["no", "yes"] * (rows // 2), "lactate": RNG.normal(2, 0.5, rows).round(2)})
    for name, make in columns.items():
        frame[name.replace("__", " ")] = [make(i) for i in range(rows)]
    return frame


def opened(path: Path, frame: pd.DataFrame, roles: Roles | None = None, **options) -> Cohort:
    file = path / "cases.csv"
    frame.to_csv(file, index=False, **options)
    return open_cohort(file, roles or Roles())


def picture(shade: int) -> bytes:
    out = io.BytesIO()
    Image.fromarray(np.full((6, 6), shade, np.uint8)).save(out, format="PNG")
    return out.getvalue()


@pytest.mark.parametrize("separator", [";", "\t"])
def test_decimal_commas_beside_another_separator(tmp_path, separator):
    cohort = opened(tmp_path, table(), sep=separator, decimal=",")
    assert cohort.inputs["table"].columns == ("lactate",) and cohort.inputs["table"].table[0].type == "number"
    assert 0 < cohort.value("1", "table")["lactate"] < 5 and cohort.problems == []


@pytest.mark.parametrize(
    "name",
    [
        "Patient ID",
        "SubjectID",
        "RID",
        "PTID",
        "StudyID",
        "MRN #",
        "患者ID",
        "lesion_id",
        "donor",
        "subject id",
        "PATIENTID",
        "Patientennummer",
        "código_paciente",
        "sujet",
        "病人编号",
        "NHS number",
        "eid",
        "Study Subject ID",
        "Hosp No",
        "hospital_number",
        "unique patient id",
    ],
)
def test_groups_by_the_names_they_have(tmp_path, name):
    cohort = opened(tmp_path, table().assign(**{name: [1000 + i // 2 for i in range(40)]}))
    assert cohort.schema.group == name and folds_of(cohort).kind == "group"


@pytest.mark.parametrize("number", [lambda i: f"K{i // 2:03d}", lambda i: 70_000 + i // 2])
def test_codes_that_repeat_under_a_name_that_says_nothing_are_told(tmp_path, number):
    text = " ".join(opened(tmp_path, table(tag=number)).problems)
    assert "'tag' repeats (20 different values in 40 cases)" in text
    assert opened(tmp_path, table(ward=lambda i: f"W{i % 8}", platelets=lambda i: 150 + i % 20)).problems == []


def test_points_between_thousands_where_other_columns_have_decimal_commas(tmp_path):
    frame = table(platelets=lambda i: f"{150 + i * 7 % 40}.{100 + i}", lactate=lambda i: f"{i % 5},25")
    cohort = opened(tmp_path, frame, sep=";")
    assert cohort.value("1", "table")["platelets"] == 150_100
    assert any("'150.100' can be read in two ways" in problem for problem in cohort.problems)
    frame = table(ratio=lambda i: f"{1 + i * 7 % 40}.{100 + i}", lactate=lambda i: f"{i % 5}.25")
    cohort = opened(tmp_path, frame, sep=";")
    assert cohort.value("1", "table")["ratio"] == 1.1 and cohort.problems == []


def test_dates_and_versions_are_no_numbers(tmp_path):
    frame = table(
        admitted=lambda i: f"{1 + i % 28:02d}.03.2021", version=lambda i: f"1.{i % 3}.2", age=lambda i: 40 + i * 7 % 40
    )
    cohort = opened(tmp_path, frame, sep=";")
    assert cohort.schema.ignored["admitted"] == "a date"
    types = {column.name: column.type for column in cohort.inputs["table"].table}
    assert types == {"lactate": "number", "version": "category", "age": "number"}


def test_long_and_padded_identifiers_stay_apart(tmp_path):
    for name in (lambda i: str(9_000_000_000_000_000_000 + i // 2), lambda i: "0" * (i // 2 % 4) + str(i // 8)):
        cohort = opened(tmp_path, table(patient_id=name))
        assert len(set(cohort.groups)) == 20


def test_a_repeated_identifier_beside_the_group_is_told(tmp_path):
    frame = table(site=lambda i: f"s{i % 4}", patient_id=lambda i: f"p{i // 2}")
    text = " ".join(opened(tmp_path, frame, Roles(group="site")).problems)
    assert "'patient_id' repeats (20 different values in 40 cases)" in text
    inside = table(ward=lambda i: f"w{i // 8}", patient_id=lambda i: f"p{i // 2}")
    assert opened(tmp_path, inside, Roles(group="ward")).problems == []


def test_an_id_that_repeats_can_be_the_group(tmp_path):
    frame = table(id=lambda i: f"p{i // 4}", visit=lambda i: i % 4)
    cohort = opened(tmp_path, frame, Roles(group="id"))
    assert cohort.ids[:2] == ["p0-1", "p0-2"] and len(set(cohort.groups)) == 10
    with pytest.raises(BadInput, match="make it the group"):
        opened(tmp_path, frame)
    named = opened(tmp_path, frame.assign(record=[f"r{i}" for i in range(40)]), Roles(id="record", group="id"))
    assert named.ids[0] == "r0" and len(set(named.groups)) == 10


def test_columns_are_named_whatever_their_case_and_spaces(tmp_path):
    frame = table(Heart__Rate=lambda i: 60 + i % 7).rename(columns={"label": "Final  Outcome"})
    roles = Roles(target="final_outcome", inputs={"v": "table:heartrate, LACTATE"})
    cohort = opened(tmp_path, frame, roles)
    assert cohort.schema.target == "Final  Outcome" and cohort.inputs["v"].columns == ("Heart Rate", "lactate")


def test_quoted_names_and_wildcards(tmp_path):
    frame = table(**{f"mrna_{k}": lambda i, k=k: (i * k) % 7 for k in (1, 2, 3)})
    frame["BP, diastolic: left"] = range(40)
    roles = Roles(inputs={"v": 'table:lactate,"BP, diastolic: left"', "g": "table:mrna_*"})
    cohort = opened(tmp_path, frame, roles)
    assert cohort.inputs["v"].columns == ("lactate", "BP, diastolic: left")
    assert cohort.inputs["g"].columns == ("mrna_1", "mrna_2", "mrna_3")
    with pytest.raises(MMError, match="xx_"):
        opened(tmp_path, frame, Roles(inputs={"v": "table:xx_*"}))


def test_columns_of_one_prefix_are_views(tmp_path):
    frame = table(**{f"{view}_{k}": lambda i, k=k: (i * (k + 2)) % 11 for view in ("mrna", "meth") for k in range(9)})
    cohort = opened(tmp_path, frame)
    assert list(cohort.inputs) == ["mrna", "meth", "table"] and "mrna (9), meth (9)" in " ".join(cohort.problems)


def test_rare_events_are_no_leak(tmp_path):
    events = (np.arange(1200) % 200 == 7).astype(int)
    frame = pd.DataFrame({"label": events, "age": RNG.integers(30, 90, 1200), "late": events * 5 + 1})
    cohort = opened(tmp_path, frame)
    assert cohort.inputs["table"].columns == ("age",) and cohort.leaks == ["late"]


@pytest.mark.parametrize(
    "notes",
    [
        "双肺纹理增粗，未见实变影，建议随访{}",
        "咳嗽が続くが発熱はなく胸部に異常なし{}",
        "ผู้ป่วยไม่มีไข้และไม่มีอาการเจ็บหน้าอก{}",
    ],
)
def test_notes_without_spaces_are_prose(tmp_path, notes):
    cohort = opened(tmp_path, table(note=lambda i: notes.format(i)))
    assert cohort.inputs["note"].kind is Kind.TEXT


def test_labels_that_differ_by_case_only_are_told(tmp_path):
    cohort = opened(tmp_path, table(smoker=lambda i: ["Yes", "yes", "no"][i % 3]))
    assert "'Yes' and 'yes' differ only in letter case" in " ".join(cohort.problems)
    cohort = opened(tmp_path, table(smoker=lambda i: ["Yes", "yes", "no", "NO"][i // 2 % 4]))
    assert "2 values are written in several ways that differ only in letter case" in " ".join(cohort.problems)


def test_guessed_encodings_are_told(tmp_path):
    (tmp_path / "cases.csv").write_bytes(
        table(ward=lambda i: ["терапия", "хирургия"][i % 3 % 2]).to_csv(index=False).encode("cp1251")
    )
    cohort = open_cohort(tmp_path)
    assert "Windows-1251" in cohort.problems[0] and cohort.inputs["table"].table[1].categories == (
        "терапия",
        "хирургия",
    )


def test_excel(tmp_path):
    with pd.ExcelWriter(tmp_path / "cases.xlsx") as book:
        table(code=lambda i: f"0{i % 5}").to_excel(book, sheet_name="data", index=False)
        pd.DataFrame({"x": [1]}).to_excel(book, sheet_name="legend")
    cohort = open_cohort(tmp_path)
    assert len(cohort) == 40 and "2 sheets" in cohort.problems[0] and cohort.inputs["table"].table[0].type == "number"


def test_files_inside_cells(tmp_path):
    frame = table(film=lambda i: {"bytes": picture(i), "path": f"{i}.png"}, raw=lambda i: picture(200 - i))
    frame["stay"] = pd.to_timedelta(RNG.integers(1, 99, 40), unit="h")
    frame.set_index(pd.Index([f"k{i}" for i in range(40)])).to_parquet(tmp_path / "cases.parquet")
    cohort = open_cohort(tmp_path)
    assert {name: spec.kind for name, spec in cohort.inputs.items()} == {
        "film": Kind.IMAGE, "raw": Kind.IMAGE, "table": Kind.TABLE,
    }  # fmt: skip
    assert cohort.ids[3] == "k3" and cohort.value("k3", "film")[0, 0] == 3 and cohort.value("k3", "raw")[0, 0] == 197
    assert "stay" in cohort.inputs["table"].columns and "durations" in " ".join(cohort.problems)
    assert cohort.digest("k3", "film") != cohort.digest("k4", "film")


def test_row_names_of_pandas_are_ids(tmp_path):
    table().set_index(pd.Index([f"k{i}" for i in range(40)])).to_csv(tmp_path / "cases.csv")
    assert open_cohort(tmp_path).ids[:2] == ["k0", "k1"]
    table().to_csv(tmp_path / "cases.csv")
    assert open_cohort(tmp_path).ids[:2] == ["1", "2"]


def test_a_target_in_a_row_tells_of_a_table_that_is_turned_over(tmp_path):
    lines = ["feature," + ",".join(f"s{i}" for i in range(30))]
    lines += [
        f"{name}," + ",".join(str(i * factor % 5) for i in range(30)) for name, factor in (("label", 1), ("age", 3))
    ]
    (tmp_path / "cases.csv").write_text("\n".join(lines))
    assert any("'label' is a row" in sentence for sentence in open_cohort(tmp_path).problems)


def test_commas_and_points_in_one_column_are_told(tmp_path):
    cells = [f"{i},5" if i % 2 else f"{i}.5" for i in range(40)]
    (tmp_path / "cases.csv").write_text(
        "\n".join(["id;crp;age;label", *(f"{i};{c};{20 + 7 * i % 31};{i % 2}" for i, c in enumerate(cells))])
    )
    assert any("decimal commas and decimal points" in sentence for sentence in open_cohort(tmp_path).problems)
