"""Protects: a folder or table opens as the cohort it is, roles are found or as given, and mistakes are said clearly."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from mmcore.base.errors import BadInput, MMError, NotFound
from mmcore.base.values import Kind
from mmcore.cohorts import Roles, open_cohort

NOTES = ["No chest pain today, breathing well", "Severe chest pain since noon", "Follow-up after a fall, knee sore"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """40 cases: picture, 2-channel recording, note, and columns that are no input."""
    rng = np.random.default_rng(0)
    rows = []
    for i in range(40):
        (tmp_path / "img").mkdir(exist_ok=True)
        Image.fromarray(rng.integers(0, 255, (8, 8), dtype=np.uint8)).save(tmp_path / "img" / f"{i}.png")
        np.save(tmp_path / f"rec{i}.npy", rng.normal(size=(100, 2)))
        sick = i % 2
        rows.append(
            {
                "id": f"{i:03d}", "film": f"img/{i}.png", "ecg": f"rec{i}.npy", "note": f"{NOTES[i % 3]} ({i} years)",
                "label": ["normal", "sick"][sick], "patient": f"p{i // 2}", "age": 40 + int(rng.integers(30)),
                "sex": "FM"[int(rng.integers(2))], "constant": 1, "empty": "", "number": i,
                "visit": f"2020-01-{i % 28 + 1:02d}",
                "severity": sick * (1 + i % 3), "codes": f"['{'SICK' if sick else 'NORM'}', 'X{i}']", "fold": i % 5,
                "gone": f"old/{i}.png", "token": f"a8f{i}",
            }
        )  # fmt: skip
    pd.DataFrame(rows).to_csv(tmp_path / "cases.csv", index=False)
    return tmp_path


def test_roles_by_content(folder):
    cohort = open_cohort(folder)
    assert {name: spec.kind for name, spec in cohort.inputs.items()} == {
        "film": Kind.IMAGE, "ecg": Kind.SIGNAL, "note": Kind.TEXT, "table": Kind.TABLE,
    }  # fmt: skip
    assert cohort.inputs["table"].columns == ("age", "sex")
    assert [column.type for column in cohort.inputs["table"].table] == ["number", "category"]
    assert (cohort.schema.target, cohort.schema.classes, cohort.schema.group) == (
        "label",
        ("normal", "sick"),
        "patient",
    )
    assert set(cohort.schema.ignored) == {
        "constant", "empty", "number", "visit", "severity", "codes", "fold", "gone", "token",
    }  # fmt: skip
    assert cohort.ids[7] == "007" and cohort.target[7] == 1 and cohort.groups[7] == "p3"
    case = cohort.case("007")
    assert case.values["film"].shape == (8, 8) and case.values["ecg"].samples.shape == (2, 100)
    assert case.values["note"].startswith("Severe") and case.target == "sick" and case.group == "p3"
    assert set(case.values["table"]) == {"age", "sex"}


def test_columns_that_settle_the_target_are_left_out_and_said(folder):
    problems = " ".join(open_cohort(folder).problems)
    for column in ("severity", "codes"):
        assert f"'{column}' alone determines the target" in problems
    named = open_cohort(folder, Roles(inputs={"x": "table:severity"}))
    assert named.inputs["x"].columns == ("severity",)


def test_given_inputs_are_all_the_inputs(folder):
    roles = Roles(target="label", inputs={"ecg": "signal:ecg", "v": "table:age, sex"}, rates={"ecg": 250})
    cohort = open_cohort(folder / "cases.csv", roles)
    assert list(cohort.inputs) == ["ecg", "v"]
    assert cohort.value("000", "ecg").rate_hz == 250


def test_other_positive_class_and_other_target(folder):
    assert open_cohort(folder, Roles(positive="normal")).schema.classes == ("sick", "normal")
    years = open_cohort(folder, Roles(target="age", inputs={"ecg": "signal:ecg"}))
    assert years.schema.task == "regression" and years.target.dtype == float
    with pytest.raises(NotFound, match="Did you mean 'sick'"):
        open_cohort(folder, Roles(positive="sikc"))


@pytest.mark.parametrize(
    "roles, says",
    [
        (Roles(target="lable"), "Did you mean 'label'"),
        (Roles(inputs={"x": "table:age,sexx"}), "Did you mean 'sex'"),
        (Roles(inputs={"x": "picture:film"}), "kind of input"),
        (Roles(inputs={"x": "image:film,ecg"}), "names 2 columns"),
        (Roles(inputs={"x": "image"}), "names no column"),
        (Roles(inputs={"x": "image:gone"}), "names a file"),
        (Roles(target="label", inputs={"x": "table:label"}), "holds the target"),
        (Roles(rates={"ecgg": 100}), "Did you mean 'ecg'"),
        (Roles(rates={"ecg": -1}), "is not possible"),
        (Roles(target="nope", group="neither"), "2 things are wrong"),
    ],
)
def test_wrong_roles(folder, roles, says):
    with pytest.raises(MMError, match=says) as caught:
        open_cohort(folder, roles)
    assert caught.value.hint


def test_one_unreadable_value_does_not_sink_the_cohort(folder):
    (folder / "img" / "3.png").write_bytes(b"\x89PNG broken")
    (folder / "img" / "4.png").unlink()
    wave = np.zeros((100, 2))
    wave[5:60] = np.nan
    np.save(folder / "rec5.npy", wave)
    cohort = open_cohort(folder)
    assert any("img/4.png does not exist" in problem for problem in cohort.problems)
    assert (
        not cohort.present("film")[4] and cohort.value("004", "film") is None and cohort.digest("004", "film") is None
    )
    case = cohort.case("003")
    assert "film" not in case.values and "note" in case.values and "3.png" in case.problems[0]
    with pytest.raises(BadInput, match=r"rec5\.npy: 110 of 200"):
        cohort.value("005", "ecg")
    with pytest.raises(BadInput, match=r"rec5\.npy"):
        cohort.value("005", "ecg")
    assert not cohort.present("ecg")[5] and not cohort.present("film")[3]
    assert sum(problem.startswith("Case") and "left out" in problem for problem in cohort.problems) == 2
    assert not cohort.select(["005", "006"]).present("ecg")[0]
    assert len(cohort.key) == 32


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "text, says",
    [
        ("", "is empty"),
        ("id,label,age\n", "no rows"),
        ("id,age\na,1\na,2\n", "more than once"),
        ("id,age\na,1\n,2\n", "no 'id'"),
        ("id,age\na,1,3,4\nb,2\n", "cannot be read as a table"),
        ("id,age\na,1,2\nb,2,3\n", "more cells than its header"),
        ("age,age\n1,2\n", "several columns"),
        ("id,k\na,1\nb,1\n", "No column"),
    ],
)
def test_broken_tables(tmp_path, text, says):
    with pytest.raises(BadInput, match=says) as caught:
        open_cohort(write(tmp_path / "cases.csv", text))
    assert caught.value.hint


def test_a_table_of_bytes_is_none(tmp_path):
    for name in ("cases.csv", "cases.parquet"):
        (tmp_path / name).write_bytes(bytes(range(256)) * 4)
        with pytest.raises(BadInput, match=r"cases\."):
            open_cohort(tmp_path / name)


def test_unknown_cohort_names_the_nearest(tmp_path):
    with pytest.raises(NotFound, match="Did you mean 'heart'"):
        open_cohort("hart")
    with pytest.raises(BadInput, match="no table"):
        open_cohort(tmp_path)
    write(tmp_path / "a.csv", "id,x\n1,2\n")
    write(tmp_path / "b.csv", "id,x\n1,2\n")
    with pytest.raises(BadInput, match=r"a\.csv, b\.csv"):
        open_cohort(tmp_path)


@pytest.mark.parametrize(
    "cells, says",
    [
        (["sick"] * 12, "one class only"),
        ([""] * 12, "is empty"),
        ([f"w{i}" for i in range(12)], "too many for classes"),
    ],
)
def test_a_target_that_cannot_be_learnt_opens_but_says_so_when_needed(tmp_path, cells, says):
    lines = "\n".join(f"{i},{cell},{i * i % 7}" for i, cell in enumerate(cells))
    cohort = open_cohort(write(tmp_path / "cases.csv", f"id,result,x\n{lines}\n"), Roles(target="result"))
    assert cohort.schema.task is None and (cohort.target == -1).all() and cohort.case("3").target is None
    with pytest.raises(BadInput, match=says):
        cohort.require_target()


def test_without_any_target(tmp_path):
    cohort = open_cohort(write(tmp_path / "cases.csv", "x,w\n" + "\n".join(f"{i % 7},{i % 3}" for i in range(20))))
    assert cohort.ids[0] == "1" and cohort.schema.target is None
    with pytest.raises(BadInput, match="Choose the target column"):
        cohort.require_target()


def test_a_group_of_one_case_each_groups_nothing(tmp_path):
    lines = "\n".join(f"{i},{i % 2},q{i},{i * 3 % 7}" for i in range(20))
    path = write(tmp_path / "cases.csv", f"id,y,group,x\n{lines}\n")
    for roles in (Roles(), Roles(group="group")):
        cohort = open_cohort(path, roles)
        assert cohort.groups is None and "group" in cohort.schema.ignored


@pytest.mark.parametrize(
    "labels, classes",
    [
        (["normal", "abnormal"], ("normal", "abnormal")),
        (["disease", "no_disease"], ("no_disease", "disease")),
        (["0", "1"], ("0", "1")),
        (["1.0", "0.0"], ("0", "1")),
        (["No finding", "effusion"], ("No finding", "effusion")),
        (["None", "Mild"], ("None", "Mild")),
        (["a", "a", "b"], ("a", "b")),
        (["b", "b", "a"], ("b", "a")),
    ],
)
def test_positive_class(tmp_path, labels, classes):
    lines = "\n".join(f"{i},{labels[i % len(labels)]},{i * 3 % 7}" for i in range(30))
    cohort = open_cohort(write(tmp_path / "cases.csv", f"id,label,x\n{lines}\n"))
    assert cohort.schema.classes == classes and cohort.schema.task == "binary"
    assert (np.bincount(cohort.target) > 0).all()


def test_numeric_targets(tmp_path):
    def task(values):
        lines = "\n".join(f"{i},{value},{i * 3 % 7}" for i, value in enumerate(values))
        return open_cohort(write(tmp_path / "cases.csv", f"id,y,x\n{lines}\n")).schema

    assert task([i % 10 for i in range(60)]).classes == tuple("0123456789")
    assert task([i * 1.37 for i in range(60)]).task == "regression"
    assert task(range(60)).task == "regression"


def test_semicolons_encodings_and_parquet(tmp_path):
    table = "id;label;größe\n" + "\n".join(f"{i};{'ja' if i % 2 else 'nein'};{i % 9}" for i in range(20))
    (tmp_path / "a.csv").write_bytes(table.encode("latin-1"))
    cohort = open_cohort(tmp_path / "a.csv")
    assert cohort.name == "a" and cohort.inputs["table"].columns == ("größe",)
    frame = pd.DataFrame({"id": range(20), "label": [True, False] * 10, "x": np.arange(20) % 7})
    frame.to_parquet(tmp_path / "b.parquet")
    cohort = open_cohort(tmp_path / "b.parquet")
    assert cohort.schema.classes == ("false", "true") and cohort.ids[:2] == ["0", "1"]


def test_cohort_toml_says_the_roles(folder):
    write(
        folder / "cohort.toml",
        """
name = "mine"
target = "label"
positive = "normal"
group = "patient"
licence = "CC0"
[inputs.heart]
kind = "signal"
columns = ["ecg"]
rate_hz = 500
channel_names = ["I", "II"]
""",
    )
    cohort = open_cohort(folder)
    assert (cohort.name, cohort.schema.classes, list(cohort.inputs)) == ("mine", ("sick", "normal"), ["heart"])
    signal = cohort.value("000", "heart")
    assert signal.rate_hz == 500 and signal.channel_names == ("I", "II")
    assert list(open_cohort(folder, Roles(inputs={"f": "image:film"})).inputs) == ["f"]


def test_cohort_toml_is_about_its_own_table_only(folder):
    write(folder / "cohort.toml", "name = 'mine'")
    write(folder / "extra.csv", "id,label,x\n" + "\n".join(f"{i},{i % 2},{i * 3 % 7}" for i in range(12)))
    assert open_cohort(folder).name == "mine" and open_cohort(folder / "extra.csv").name == "extra"
    (folder / "cases.csv").unlink()
    assert open_cohort(folder).name == "mine"


@pytest.mark.parametrize(
    "text, says",
    [
        ("target = ", "cannot be read"),
        ("taget = 'label'", "not understood"),
        ("target = 'labell'", "Did you mean 'label'"),
        ("[inputs.x]\nkind = 'sound'\ncolumns = ['ecg']", "inputs.x.kind"),
        ("table = 'other.csv'", r"no other\.csv"),
    ],
)
def test_cohort_toml_with_a_mistake(folder, text, says):
    write(folder / "cohort.toml", text)
    with pytest.raises(MMError, match=says):
        open_cohort(folder)


@pytest.mark.slow
def test_real_ecg(shared_data):
    cohort = open_cohort(shared_data / "ecg_ptbxl")
    assert {"signal", "text", "table"} <= set(cohort.inputs) and cohort.schema.group == "group"
    assert {"superclasses", "scp_codes", "patient_id_raw", "recording_date", "strat_fold"} <= set(cohort.schema.ignored)
    assert cohort.schema.classes == ("normal", "abnormal") and np.bincount(cohort.target).tolist() == [290, 191]
    roles = Roles(target="label", group="group", inputs={"ecg": "signal:signal", "vitals": "table:age,sex,weight"})
    named = open_cohort(shared_data / "ecg_ptbxl", roles)
    assert list(named.inputs) == ["ecg", "vitals"] and len(named.problems) == 1
    assert "19 files, such as signals/00017.npy" in named.problems[0]  # cases.csv names 481 of 500
    assert named.value("ecg00001", "ecg").samples.shape == (12, 1000)


@pytest.mark.slow
def test_real_digits(shared_data):
    cohort = open_cohort(shared_data / "digits_image_audio")
    assert cohort.inputs["image"].kind is Kind.IMAGE and cohort.inputs["audio"].kind is Kind.SIGNAL
    assert {"sample_rate", "sklearn_index"} <= set(cohort.schema.ignored) and len(cohort.schema.classes) == 10
    assert cohort.value("d0000", "audio").rate_hz == 8000


def test_real_table(shared_data):
    cohort = open_cohort(shared_data / "heart_disease_tabular")
    assert list(cohort.inputs) == ["table"] and "severity_0_4" in cohort.schema.ignored
    assert cohort.schema.classes == ("no_disease", "disease") and cohort.groups is None


def test_fewer_cases_of_built_in_cohorts_where_the_environment_says_so(monkeypatch):
    whole = open_cohort("diabetes", cases=12)
    monkeypatch.setenv("MMCORE_SAMPLE_CASES", "7")
    few = open_cohort("diabetes")
    assert list(few.ids) == list(whole.ids)[:7] and few.target.tolist() == whole.target[:7].tolist()
    assert len(open_cohort("diabetes", cases=9)) == 9, "who asks for a number gets it"


@pytest.mark.parametrize("name", ["cases.html", "cases.xls", "cases.xlsx"])
def test_a_web_page_is_called_one(tmp_path, name):
    """Hospital systems export tables as HTML, and call some of them Excel."""
    (tmp_path / name).write_text("\n <html><table><tr><td>id</td></tr></table></html>")
    for path in (tmp_path / name, tmp_path) if name != "cases.xlsx" else (tmp_path / name,):
        with pytest.raises(BadInput, match="is a web page") as error:
            open_cohort(path)
        assert "XLSX" in error.value.hint
