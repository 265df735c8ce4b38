"""Protects: files are found by their names where a column means them, and files that no column names are told."""

import pandas as pd
import pytest

from mmcore.base.values import Kind
from mmcore.cohorts import open_cohort

N = 24
IDS = [f"{i:03}" for i in range(N)]


@pytest.fixture
def folder(tmp_path):
    for name in ("film", "lateral"):
        (tmp_path / name).mkdir()
        for id in IDS:
            (tmp_path / name / f"{id}.png").write_bytes(b"\x89PNG")
    return tmp_path


def table(folder, **columns):
    frame = pd.DataFrame({"id": IDS, "age": [20 + i * 7 % 31 for i in range(N)], "label": ["a", "b"] * (N // 2)})
    frame.assign(**columns).to_csv(folder / "cases.csv", index=False)
    return open_cohort(folder)


def test_of_two_files_of_one_name_the_column_tells_which(folder):
    cohort = table(folder, film=[f"{id}.png" for id in IDS], lateral=IDS)
    kinds = {name: spec.kind for name, spec in cohort.inputs.items()}
    assert kinds == {"film": Kind.IMAGE, "lateral": Kind.IMAGE, "table": Kind.TABLE}
    paths = {name: {path.parent.name for path in cohort._media.files(name)} for name in ("film", "lateral")}
    assert paths == {"film": {"film"}, "lateral": {"lateral"}}


def test_files_that_no_column_names_are_told(folder):
    assert any("48 files, such as film/000.png" in problem for problem in table(folder).problems)


def test_a_quarter_of_the_files_is_an_input_with_missing_ones(folder):
    for id in IDS[: N * 3 // 4]:
        (folder / "film" / f"{id}.png").unlink()
    cohort = table(folder, film=IDS)
    assert cohort.inputs["film"].kind is Kind.IMAGE and cohort.present("film").sum() == N // 4


def test_a_table_further_down_is_found(tmp_path):
    below = tmp_path / "export" / "data"
    (below / "img").mkdir(parents=True)
    (tmp_path / "export" / "readme.txt").write_text("about")
    for id in IDS:
        (below / "img" / f"{id}.png").write_bytes(b"\x89PNG")
    table(below, file=[f"img/{id}.png" for id in IDS])
    cohort = open_cohort(tmp_path)
    assert len(cohort) == N and cohort.inputs["file"].kind is Kind.IMAGE


def test_a_path_is_found_whatever_its_letter_case(tmp_path):
    from mmcore.cohorts.folder import Folder

    (tmp_path / "Images").mkdir()
    (tmp_path / "Images" / "scan1.PNG").write_bytes(b"x")
    assert Folder(tmp_path).at("images\\Scan1.png") == tmp_path / "Images" / "scan1.PNG"
    assert Folder(tmp_path).at("images/scan2.png") is None
