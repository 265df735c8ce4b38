"""Protects: where MMCORE_FOLDERS names folders, nothing else of the machine is opened, by whatever way."""

from __future__ import annotations

import pytest

from mmcore.base.errors import BadInput
from mmcore.base.settings import room
from mmcore.cohorts import open_cohort
from mmcore.cohorts.allowed import may_open

TABLE = "id,note,label\n" + "\n".join(f"{i},{{}},{i % 2}" for i in range(12))


@pytest.fixture
def folders(tmp_path, monkeypatch):
    (tmp_path / "open").mkdir()
    (tmp_path / "secret").mkdir()
    for name in ("open", "secret"):
        (tmp_path / name / "a.txt").write_text("A note on a person.")
        (tmp_path / name / "cases.csv").write_text(TABLE.format(*["a.txt"] * 12))
    monkeypatch.setenv("MMCORE_FOLDERS", str(tmp_path / "open"))
    return tmp_path


def test_only_what_is_named_is_opened(folders):
    assert len(open_cohort(folders / "open")) == 12 and len(open_cohort("heart", cases=20)) == 20
    for path in ("secret", "secret/cases.csv", "open/../secret", "nothing/there"):
        with pytest.raises(BadInput, match="outside the folders"):
            open_cohort(folders / path)
    (folders / "open" / "link").symlink_to(folders / "secret")
    with pytest.raises(BadInput, match="outside the folders"):
        open_cohort(folders / "open" / "link")
    assert may_open(room("cohorts") / "mine") and not may_open(room("runs"))


@pytest.mark.parametrize("cell", ["../secret/a.txt", "{root}/secret/a.txt", "link/a.txt"])
def test_a_table_cannot_reach_further(folders, cell):
    (folders / "open" / "link").symlink_to(folders / "secret")
    cell = cell.format(root=folders)
    (folders / "open" / "cases.csv").write_text(TABLE.format(*[cell] * 12))
    (folders / "open" / "cohort.toml").write_text(
        'target = "label"\n[inputs.note]\nkind = "text"\ncolumns = ["note"]\n'
    )
    cohort = open_cohort(folders / "open")
    assert all("person" not in str(cohort.case(id).values) for id in cohort.ids)


def test_a_table_named_in_cohort_toml_cannot_either(folders):
    (folders / "open" / "cohort.toml").write_text('table = "../secret/cases.csv"\n')
    with pytest.raises(BadInput, match="outside the folders"):
        open_cohort(folders / "open")


def test_without_the_setting_everything_can_be_opened(folders, monkeypatch):
    monkeypatch.delenv("MMCORE_FOLDERS")
    assert len(open_cohort(folders / "secret")) == 12
