"""Protects: the key of a cohort follows its content, digests are remembered, selections keep their meaning."""

from __future__ import annotations

import os

import numpy as np
import pandas as pd
import pytest

from mmcore.base.errors import BadInput, NotFound
from mmcore.base.settings import home
from mmcore.base.values import InputSpec, Kind, Signal
from mmcore.cohorts import Cohort, Schema, build_sample, open_cohort, sample, samples, write_cohort


def small(fingerprint: str = "one", rates: tuple[float, ...] = (100.0,)) -> Cohort:
    """12 cases of every kind, some inputs missing, held in memory."""
    rng = np.random.default_rng(0)
    ids = [f"c {i}" for i in range(12)]
    columns = ({"name": "age"}, {"name": "sex", "type": "category", "categories": ("f", "m")})
    inputs = {
        "film": InputSpec(name="film", kind=Kind.IMAGE, columns=("film",)),
        "note": InputSpec(name="note", kind=Kind.TEXT, columns=("note",)),
        "ecg": InputSpec(name="ecg", kind=Kind.SIGNAL, columns=("ecg",)),
        "labs": InputSpec(name="labs", kind=Kind.TABLE, columns=("age", "sex"), table=columns),
    }
    schema = Schema(
        name="small", inputs=inputs, task="binary", target="label", classes=("no", "yes"), group="who", synthetic=True
    )
    table = pd.DataFrame(
        {
            "label": ["no", "yes", "yes"] * 4, "who": [f"p{i // 2}" for i in range(12)],
            "age": [None, *rng.normal(50, 9, 11)], "sex": [None, *"fm" * 5, "f"],
        },
        index=ids,
    )  # fmt: skip
    values = {
        "film": {id: rng.integers(0, 255, (5, 6, 3), dtype=np.uint8) for id in ids[1:]},
        "note": {id: f"  Line one, ”{id}”\r\nno pain\n" for id in ids[:9]} | {ids[10]: ""},
        "ecg": {
            id: Signal(rng.normal(size=(2, 50)).astype(np.float32), rates[i % len(rates)], ("I", "II"), "mV")
            for i, id in enumerate(ids[2:])
        },
    }
    ceiling = np.linspace(0.1, 0.9, 12)
    return Cohort.from_memory(schema, table, values, fingerprint=fingerprint, ceiling_probability=ceiling)


def same(a: object, b: object) -> bool:
    if isinstance(a, Signal):
        return np.array_equal(a.samples, b.samples) and (a.rate_hz, a.channel_names) == (b.rate_hz, b.channel_names)
    return np.array_equal(a, b) if isinstance(a, np.ndarray) else a == b


def test_missing_is_missing():
    cohort = small()
    assert cohort.present("film").tolist() == [False] + [True] * 11
    assert not cohort.present("labs")[0] and cohort.value("c 0", "labs") is None
    assert cohort.value("c 10", "note") == "" and cohort.present("note")[10]  # empty is not missing
    assert set(cohort.case("c 0").values) == {"note"} and cohort.case("c 0").target == "no"
    assert cohort.digest("c 0", "film") is None


def test_unknown_names():
    cohort = small()
    with pytest.raises(NotFound, match="Did you mean 'c 11'"):
        cohort.position("c11")
    with pytest.raises(NotFound, match="Did you mean 'film'"):
        cohort.present("fillm")


def test_selection():
    cohort = small()
    part = cohort.select(["c 5", "c 1"])
    assert part.ids == ["c 5", "c 1"] and part.groups.tolist() == ["p2", "p0"]
    assert part.target.tolist() == cohort.target[[5, 1]].tolist() and part.key != cohort.key
    assert np.allclose(part.ceiling_probability, cohort.ceiling_probability[[5, 1]])
    assert same(part.value("c 5", "ecg"), cohort.value("c 5", "ecg"))


def test_key_follows_the_content():
    assert small().key == small().key != small("two").key


@pytest.mark.parametrize("rates", [(100.0,), (100.0, 62.5)])
def test_written_and_read_back(tmp_path, rates):
    cohort = small(rates=rates)
    back = open_cohort(write_cohort(cohort, tmp_path / "out"))
    assert back.ids == cohort.ids and back.problems == [] and back.schema.synthetic
    assert (back.target == cohort.target).all() and (back.groups == cohort.groups).all()
    assert np.allclose(back.ceiling_probability, cohort.ceiling_probability)
    assert list(back.inputs) == list(cohort.inputs) and back.inputs["labs"] == cohort.inputs["labs"]
    for input in cohort.inputs:
        assert (back.present(input) == cohort.present(input)).all()
        assert all(same(cohort.value(id, input), back.value(id, input)) for id in cohort.ids)
    with pytest.raises(BadInput, match="not an empty folder"):
        write_cohort(cohort, tmp_path / "out")


def test_files_are_hashed_once_and_again_when_they_change(tmp_path, monkeypatch):
    folder = write_cohort(small(), tmp_path / "out")
    first = open_cohort(folder)
    key, digest = first.key, first.digest("c 3", "ecg")
    assert (home() / "cohorts" / "digests.sqlite").is_file()

    def never(*_args):
        raise RuntimeError("hashed a file again")

    with monkeypatch.context() as patch:
        patch.setattr("hashlib.file_digest", never)
        assert open_cohort(folder).key == key
    file = folder / open_cohort(folder).table.loc["c 3", "ecg"]
    np.save(file, np.zeros((2, 50), np.float32))
    os.utime(file, ns=(1, 1))
    again = open_cohort(folder)
    assert again.digest("c 3", "ecg") != digest and again.key != key


def test_what_is_kept_of_files_names_none_of_them(tmp_path):
    (tmp_path / "Zebulon").mkdir()
    samples = np.sin(np.arange(400, dtype=np.float32))[None]
    samples[0, 50:53] = np.nan  # a gap to be told
    names = [f"Quixworth_{letter}.npy" for letter in "abcd"]
    for i, name in enumerate(names):
        np.save(tmp_path / "Zebulon" / name, samples * (i + 1))
    pd.DataFrame({"ecg": names, "label": ["ill", "well"] * 2}).to_csv(tmp_path / "Zebulon" / "cases.csv", index=False)
    cohort = open_cohort(tmp_path / "Zebulon")
    read = [cohort.value(id, "ecg") for id in cohort.ids]
    assert (
        all(value is not None for value in read) and cohort.key and f"Zebulon/{names[0]}" in " ".join(cohort.problems)
    )
    stored = b"".join(path.read_bytes() for path in (home() / "cohorts").iterdir() if path.is_file())
    assert b"Quixworth" not in stored and b"Zebulon" not in stored
    (tmp_path / "Zebulon" / names[0]).rename(tmp_path / "Zebulon" / "renamed.npy")
    table = (tmp_path / "Zebulon" / "cases.csv").read_text().replace(names[0], "renamed.npy")
    (tmp_path / "Zebulon" / "cases.csv").write_text(table)
    again = open_cohort(tmp_path / "Zebulon")
    assert again.key and "Zebulon/renamed.npy: 3 of 400" in " ".join(again.problems), (
        "what was told is told under today's name"
    )


def test_a_rate_is_part_of_the_digest(tmp_path):
    folder = write_cohort(small(), tmp_path / "out")
    before = open_cohort(folder).digest("c 3", "ecg")
    text = (folder / "cohort.toml").read_text(encoding="utf-8")
    (folder / "cohort.toml").write_text(text.replace("rate_hz = 100.0", "rate_hz = 50.0"), encoding="utf-8")
    assert open_cohort(folder).digest("c 3", "ecg") != before


def test_samples_register_by_decorator():
    @sample("tiny-test")
    def build(cases: int = 12, seed: int = 0) -> Cohort:
        return small(f"{cases}-{seed}").select([f"c {i}" for i in range(cases)])

    try:
        assert "tiny-test" in samples and len(open_cohort("tiny-test", cases=5)) == 5
        assert open_cohort("tiny-test").source == "small"
        with pytest.raises(BadInput, match="0 cases"):
            build_sample("tiny-test", 0)
    finally:
        samples._builders.pop("tiny-test")
    with pytest.raises(NotFound, match="built-in cohort"):
        build_sample("tiny-test")


def test_every_built_in_cohort_is_whole_and_repeats_itself():
    for name in samples:
        cohort, again = build_sample(name, 24, 1), build_sample(name, 24, 1)
        assert len(cohort) == 24 and cohort.key == again.key and cohort.name == name
        assert cohort.ids == again.ids and (cohort.target == again.target).all()
        for id in cohort.ids:
            case = cohort.case(id)
            assert not case.problems and all(
                same(value, again.value(id, input)) for input, value in case.values.items()
            )
