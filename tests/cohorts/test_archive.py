"""Protects: a zip opens as the folder it holds, within limits, and writes nowhere else."""

from __future__ import annotations

import contextlib
import os
import zipfile
from pathlib import Path

import pytest

from mmcore.base.errors import BadInput
from mmcore.base.settings import home
from mmcore.cohorts import archive, open_cohort

TABLE = "id,label,note\n" + "\n".join(f"{i},{'ab'[i % 2]},n/{i}.txt" for i in range(12))

AGES = "id,label,age\n" + "\n".join(f"{i},{'ab'[i % 2]},{40 + i * i % 7}" for i in range(12))


def zipped(path, files: dict[str, str]):
    with zipfile.ZipFile(path, "w") as out:
        for name, text in files.items():
            out.writestr(name, text)
    return path


@pytest.mark.parametrize("inside", ["", "study/"])
def test_a_zip_is_a_cohort(tmp_path, inside):
    notes = {f"{inside}n/{i}.txt": f"case number {i} is well" for i in range(12)}
    path = zipped(tmp_path / "mine.zip", {f"{inside}cases.csv": TABLE, f"__MACOSX/{inside}._cases.csv": "x", **notes})
    cohort = open_cohort(path)
    assert len(cohort) == 12 and cohort.value("3", "note") == "case number 3 is well"
    assert open_cohort(path).key == cohort.key


@pytest.mark.parametrize("name", ["../out.csv", "/etc/out.csv", "a/../../out.csv"])
def test_nothing_is_written_elsewhere(tmp_path, name):
    with pytest.raises(BadInput, match="outside the archive"):
        open_cohort(zipped(tmp_path / "bad.zip", {"cases.csv": TABLE, name: "x"}))
    assert not list(tmp_path.rglob("out.csv"))


def test_limits_and_damage(tmp_path, monkeypatch):
    path = zipped(tmp_path / "big.zip", {"cases.csv": TABLE})
    monkeypatch.setattr(archive, "MAX_BYTES", 10)
    with pytest.raises(BadInput, match="unpacks to more"):
        open_cohort(path)
    (tmp_path / "broken.zip").write_bytes(path.read_bytes()[:80])
    with pytest.raises(BadInput, match="cannot be unpacked"):
        open_cohort(tmp_path / "broken.zip")


@pytest.mark.parametrize("alone", [True, False], ids=["the whole cohort", "its notes"])
def test_a_zip_within_a_zip_is_unpacked(tmp_path, alone):
    notes = {f"{i}.txt": f"case number {i} is well" for i in range(12)}
    inner = zipped(tmp_path / "n.zip", {"cases.csv": TABLE, **{f"n/{name}": text for name, text in notes.items()}})
    if not alone:
        inner = zipped(tmp_path / "n.zip", notes)
    with zipfile.ZipFile(tmp_path / "mine.zip", "w") as out:
        out.write(inner, "n.zip")
        if not alone:
            out.writestr("cases.csv", TABLE)
    cohort = open_cohort(tmp_path / "mine.zip")
    assert len(cohort) == 12 and cohort.value("3", "note") == "case number 3 is well"


def test_zips_within_zips_have_an_end(tmp_path):
    path = zipped(tmp_path / "0.zip", {"cases.csv": TABLE})
    for depth in range(1, 6):
        with zipfile.ZipFile(tmp_path / f"{depth}.zip", "w") as out:
            out.write(path, path.name)
        path = tmp_path / f"{depth}.zip"
    with pytest.raises(BadInput, match="zips within zips"):
        open_cohort(path)


def test_damage_anywhere_is_told(tmp_path):
    """Within what is compressed, too, and in the names."""
    with zipfile.ZipFile(tmp_path / "whole.zip", "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("cases.csv", TABLE)
    whole = (tmp_path / "whole.zip").read_bytes()
    for place in range(0, len(whole), 7):
        path = tmp_path / f"{place}.zip"
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        with contextlib.suppress(BadInput):
            open_cohort(path)


def test_what_was_unpacked_goes_when_nobody_opens_it(tmp_path):
    first, second = (zipped(tmp_path / f"{name}.zip", {"cases.csv": AGES, "a.txt": name}) for name in ("one", "two"))
    folder = Path(open_cohort(first).source).parent
    assert folder.is_relative_to(home() / "cohorts" / "unpacked")
    os.utime(folder.parent, (0, 0))
    open_cohort(first)
    open_cohort(second)
    assert folder.is_dir(), "it was opened again"
    os.utime(folder.parent, (0, 0))
    open_cohort(second)
    assert not folder.exists() and len(open_cohort(first)) == 12


def test_an_uploaded_zip_and_what_is_in_it_go_together():
    upload = home() / "cohorts" / "dropped" / "a"
    upload.mkdir(parents=True)
    cohort = open_cohort(zipped(upload / "mine.zip", {"cases.csv": AGES}))
    assert Path(cohort.source).is_relative_to(upload) and not (home() / "cohorts" / "unpacked").exists()
