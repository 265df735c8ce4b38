"""Protects: files are found as tables name them, two inputs stay two, and formats that are not read are named."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from mmcore.base.values import Kind
from mmcore.cohorts import Roles, open_cohort

CASES = 16


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rng = np.random.default_rng(1)
    for name in ("film", "mask", "ecg", "sound"):
        (tmp_path / name).mkdir()
    for i in range(CASES):
        Image.fromarray(rng.integers(0, 255, (9, 9), dtype=np.uint8)).save(tmp_path / "film" / f"v{i}.png")
        Image.fromarray(rng.integers(0, 255, (9, 9), dtype=np.uint8)).save(tmp_path / "mask" / f"v{i}.bmp")
        np.save(tmp_path / "ecg" / f"v{i}.npy", rng.normal(size=(2, 50)))
        pd.DataFrame(rng.normal(size=(50, 2))).to_csv(tmp_path / "sound" / f"v{i}.csv", index=False, header=False)
    return tmp_path


def write(folder: Path, **columns) -> Path:
    frame = pd.DataFrame({"label": ["no", "yes"] * (CASES // 2), "age": np.arange(CASES) % 7 + 40})
    for name, text in columns.items():
        frame[name] = [text.format(i) for i in range(CASES)]
    frame.to_csv(folder / "cases.csv", index=False)
    return folder


def test_inputs_that_share_file_names_are_two(folder):
    cohort = open_cohort(write(folder, a="film/v{}.png", b="mask/v{}.bmp", c="ecg/v{}.npy", d="sound/v{}.csv"))
    assert list(cohort.inputs) == ["a", "b", "c", "d", "table"]


def test_the_same_recordings_in_two_formats_are_one_input(folder):
    for i in range(CASES):
        pd.DataFrame(np.load(folder / "ecg" / f"v{i}.npy").T).to_csv(
            folder / "sound" / f"v{i}.csv", index=False, header=False
        )
    cohort = open_cohort(write(folder, c="ecg/v{}.npy", d="sound/v{}.csv"))
    assert "c" in cohort.inputs and "same recordings" in cohort.schema.ignored["d"]


def test_names_without_suffix_or_folder_find_their_files(folder):
    for i in range(CASES):
        (folder / "mask" / f"v{i}.bmp").unlink()
        (folder / "ecg" / f"v{i}.npy").unlink()
        (folder / "sound" / f"v{i}.csv").unlink()
    for text in ("v{}", "v{}.png"):
        cohort = open_cohort(write(folder, image_id=text))
        assert cohort.inputs["image_id"].kind is Kind.IMAGE and cohort.value("3", "image_id").shape == (9, 9)
        assert "found by their names" in " ".join(cohort.problems)


def test_a_quarter_of_the_files_is_an_input_with_missing_ones(folder):
    for i in range(CASES):
        if i % 4:
            (folder / "film" / f"v{i}.png").unlink()
    cohort = open_cohort(write(folder, a="film/v{}.png"))
    assert cohort.inputs["a"].kind is Kind.IMAGE and cohort.present("a").sum() == CASES // 4
    assert "12 of 16 files of a do not exist, such as film/v1.png" in " ".join(cohort.problems)


@pytest.mark.parametrize("suffix, name", [(".heic", "HEIC"), (".h5", "HDF5"), (".xml", "XML"), (".mp4", "MP4 video")])
def test_a_format_that_is_not_read_is_named(folder, suffix, name):
    for i in range(CASES):
        (folder / f"x{i}{suffix}").write_bytes(b"\x00\x01something else" * 9)
    cohort = open_cohort(write(folder, x="x{}" + suffix))
    assert name in cohort.schema.ignored["x"] and name in " ".join(cohort.problems)


def test_recordings_are_brought_to_one_order_of_channels(folder):
    for i in range(CASES):
        wave = np.load(folder / "ecg" / f"v{i}.npy")
        names, scale = (["I", "V1"], [1, 1]) if i % 4 else (["V1", "I (uV)"], [1, 1000])
        rows = wave if i % 4 else wave[::-1]
        frame = pd.DataFrame(rows.T * scale, columns=[f"{n} (mV)" if "(" not in n else n for n in names])
        frame.to_csv(folder / "ecg" / f"w{i}.csv", index=False)
    cohort = open_cohort(write(folder, ecg="ecg/w{}.csv"), Roles(inputs={"ecg": "signal:ecg"}))
    for id in ("1", "2", "5"):
        signal = cohort.value(id, "ecg")
        assert signal.channel_names == ("I", "V1")
        assert signal.samples == pytest.approx(np.load(folder / "ecg" / f"v{int(id) - 1}.npy"), abs=1e-4)
    assert "4 of 16 recordings" in " ".join(cohort.problems)


def test_what_was_mended_is_told_again_without_reading(folder):
    for i in range(CASES):
        wave = np.load(folder / "ecg" / f"v{i}.npy")
        wave[0, 7] = np.nan
        np.save(folder / "ecg" / f"v{i}.npy", wave)
    write(folder, c="ecg/v{}.npy")
    cohort = open_cohort(folder)
    cohort.value("1", "c")
    assert "bridged" in " ".join(cohort.problems)
    assert len(cohort.key) == 32
    later = open_cohort(folder)
    assert len(later.key) == 32 and "bridged" in " ".join(later.problems)


def test_what_only_the_other_format_says_of_the_recordings_is_taken(tmp_path):
    import wfdb

    rng = np.random.default_rng(0)
    for case in range(6):
        samples = rng.normal(size=(300, 2)).round(3)
        np.save(tmp_path / f"r{case}.npy", samples)
        wfdb.wrsamp(
            f"r{case}_lr", fs=125, units=["mV"] * 2, sig_name=["II", "V1"], p_signal=samples, fmt=["16"] * 2,
            write_dir=str(tmp_path),
        )  # fmt: skip
    names = pd.DataFrame({"id": range(3, 9), "label": [0, 1] * 3, "ecg": [f"r{case}.npy" for case in range(6)]})
    names.assign(record=[f"r{case}_lr" for case in range(6)]).to_csv(tmp_path / "cases.csv", index=False)
    cohort = open_cohort(tmp_path)
    assert list(cohort.inputs) == ["ecg"] and cohort.value("5", "ecg").rate_hz == 125
    assert cohort.value("5", "ecg").channel_names == ("II", "V1")
    assert any("125 Hz" in problem and "record" in problem for problem in cohort.problems)
