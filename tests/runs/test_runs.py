"""Runs: same spec same key, nothing half-written counts, damage is noticed, many writers do no harm."""

import hashlib
import json
import multiprocessing
import os
import shutil
import sqlite3

import numpy as np
import pytest

from mmcore import runs
from mmcore.base import json_files
from mmcore.base.errors import BadInput, NotFound
from mmcore.base.values import InputSpec, Kind
from mmcore.evaluation import Interval
from mmcore.runs import EncoderChoice, RunSpec, open_folder, run_spec, seal, store
from mmcore.training import TrainingSpec


class Weights:
    """Stands in for a trained method: what the store asks of it."""

    parameters, seconds, mode = 10, 1.5, "together"

    def __init__(self, cases=6):
        self.outputs = np.full((2, cases, 2), 0.5, np.float32)
        self.fold_of = np.zeros(cases, int)

    def save(self, folder):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "weights.safetensors").write_bytes(b"weights" * 100)


def spec(**changes):
    facts = {
        "cohort": "tiny",
        "cohort_key": "abc",
        "task": "binary",
        "classes": ("no", "yes"),
        "inputs": ("labs",),
        "input_specs": {"labs": InputSpec(name="labs", kind=Kind.TABLE, columns=("age",))},
        "encoders": {"labs": EncoderChoice(name="columns")},
        "encoder_identities": {"labs": "columns-1"},
        "fusion": "concat",
    }
    return RunSpec(**{**facts, **changes})


def save(run_spec, cases=6, groups=None):
    metrics = {"auroc": Interval(0.8, 0.7, 0.9, float("nan"))}
    return store().save(
        run_spec,
        Weights(cases),
        ids=[f"c{i}" for i in range(cases)],
        target=np.array([0, 1] * (cases // 2)),
        groups=groups,
        digests=np.array([f"d{i}" for i in range(cases)]),
        metrics=metrics,
    )


@pytest.mark.parametrize(
    "change",
    [
        {"cohort_key": "other"},
        {"fusion": "gated"},
        {"fusion_options": {"x": 1}},
        {"seeds": 2},
        {"folds": 3},
        {"split": "group"},
        {"training": TrainingSpec(epochs=3)},
        {"encoder_identities": {"labs": "columns-2"}},
        {"inputs": ("labs", "ecg")},
    ],
    ids=lambda change: next(iter(change)),
)
def test_everything_that_decides_changes_the_key(change):
    assert spec(**change).key != spec().key


def test_a_setting_that_came_later_leaves_the_keys_of_earlier_runs():
    """A run without recalibration and tuning has the key it had before they could be asked for."""
    plain, calibrated = spec(), spec(training=TrainingSpec(recalibrate="isotonic"))
    facts = plain.model_dump(mode="json", exclude=run_spec._NOT_DECIDING | run_spec._OF_COPIES)
    del facts["training"]["recalibrate"], facts["training_by_fold"]
    assert plain.key == hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:20]
    assert plain.key != calibrated.key


def test_a_copy_with_other_settings_has_a_key_of_its_own():
    """Also where the key of the first one was asked for before."""
    first = spec()
    assert first.key
    assert first.model_copy(update={"seeds": first.seeds + 1}).key == spec(seeds=first.seeds + 1).key != first.key
    assert first.model_copy().key == first.key


def test_what_only_describes_does_not_change_the_key():
    assert spec(cohort="another name", cohort_source="/else/where", licence="CC0").key == spec().key


def test_a_single_input_is_named_by_the_input():
    assert spec().method == "labs"
    assert spec(fusion="gated").method == "gated"


def test_a_run_says_which_cases_share_a_group_and_no_name_of_one():
    groups = np.array(["Quixworth", "Abel", "Zorn", "Abel", "Quixworth", "Quixworth"])
    save(spec(), groups=groups)
    result = store().find(spec().key)
    assert result.groups.tolist() == ["1", "0", "2", "0", "1", "1"]
    assert (np.unique(result.groups, return_inverse=True)[1] == np.unique(groups, return_inverse=True)[1]).all()


def test_a_saved_run_is_found_with_its_numbers():
    fresh = save(spec())
    assert not fresh.cached
    result = store().find(spec().key)
    assert result.cached and result.metrics["auroc"].mean == 0.8 and np.isnan(result.metrics["auroc"].seed_sd)
    assert result.ids == [f"c{i}" for i in range(6)] and result.groups is None
    assert result.outputs.shape == (2, 6, 2) and result.parameters == 10 and result.cases == 6
    assert result.spec == spec()


def no_constant(constant):
    pytest.fail(f"{constant} is not JSON")


def test_files_are_strictly_valid_json():
    run = save(spec())
    for name in ("spec.json", "metrics.json", "manifest.json"):
        json.loads((run.folder / name).read_text(), parse_constant=no_constant)


def test_get_by_the_beginning_of_the_key():
    run = save(spec())
    assert store().get(run.key[:6]).key == run.key
    with pytest.raises(NotFound, match="no run named"):
        store().get("nothing")


def test_an_ambiguous_beginning_is_refused():
    for seeds in range(1, 40):
        save(spec(seeds=seeds))
    keys = [summary.key for summary in store().summaries()]
    shared = next(key[0] for key in keys if sum(other.startswith(key[0]) for other in keys) > 1)
    with pytest.raises(BadInput, match="Several runs"):
        store().get(shared)


@pytest.mark.parametrize(
    "name", ["spec.json", "metrics.json", "predictions.npz", "weights.safetensors", "manifest.json"]
)
@pytest.mark.parametrize("harm", ["cut", "gone", "empty document"])
def test_a_damaged_run_counts_as_absent_and_is_replaced(name, harm):
    folder = save(spec()).folder
    if harm == "gone":
        (folder / name).unlink()
    elif harm == "empty document":
        (folder / name).write_text("{}")
    else:
        content = (folder / name).read_bytes()
        (folder / name).write_bytes(content[: len(content) // 2])
    assert store().find(spec().key) is None
    with pytest.raises(NotFound, match="damaged"):
        store().get(spec().key)
    assert save(spec()).key == spec().key
    assert store().find(spec().key) is not None
    assert [path.name for path in store().root.iterdir()] == [spec().key]


def test_a_writer_that_fails_leaves_nothing(monkeypatch):
    monkeypatch.setattr(json_files, "write", lambda *args: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError):
        save(spec())
    assert list(store().root.iterdir()) == [] and store().summaries() == []


def test_what_a_killed_writer_left_is_swept(home):
    child = multiprocessing.get_context("fork").Process(target=os._exit, args=(0,))
    child.start()
    child.join()
    left, busy = home / "runs" / f".new-{child.pid}-aa", home / "runs" / f".new-{os.getpid()}-bb"
    for folder in (left, busy):
        folder.mkdir(parents=True)
    assert store().summaries() == []
    assert not left.exists() and busy.exists()


def test_the_list_is_newest_first_by_cohort_and_mends_itself(home):
    first, second, other = save(spec()), save(spec(fusion="gated")), save(spec(cohort_key="other"))
    assert [row.key for row in store().summaries()] == [other.key, second.key, first.key]
    assert [row.method for row in store().summaries("abc")] == ["gated", "labs"]
    (home / "index.sqlite").write_bytes(b"not a database" * 100)
    assert len(store().summaries()) == 3
    shutil.rmtree(first.folder)
    assert {row.key for row in store().summaries()} == {second.key, other.key}
    with sqlite3.connect(home / "index.sqlite") as index:
        assert index.execute("SELECT count(*) FROM runs").fetchone() == (2,)


@pytest.mark.parametrize(
    "row",
    ["{}", "[]", "nothing", '{"key": 3}', "[" * 100_000],
    ids=["empty", "a list", "no document", "another type", "nested"],
)
def test_a_damaged_row_of_the_index_is_summed_up_anew(home, row):
    run = save(spec())
    with sqlite3.connect(home / "index.sqlite") as index:
        index.execute("UPDATE runs SET summary = ?", (row,))
    assert [summary.key for summary in store().summaries()] == [run.key]
    with sqlite3.connect(home / "index.sqlite") as index:
        summary = json.loads(index.execute("SELECT summary FROM runs").fetchone()[0])
        for name in summary:  # a row that lacks any one field
            lacking = json.dumps({key: value for key, value in summary.items() if key != name})
            index.execute("UPDATE runs SET summary = ?", (lacking,))
            index.commit()
            assert store().summaries()[0].mean == run.summary().mean


def _save_many(number):
    for seeds in range(1, 6):
        save(spec(seeds=seeds))


@pytest.mark.slow
def test_many_processes_write_the_same_runs():
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=_save_many, args=(i,)) for i in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0] * 4
    assert {row.seeds for row in store().summaries()} == set(range(1, 6))
    assert all(not path.name.startswith(".") for path in store().root.iterdir())


def test_a_folder_without_a_run_is_a_sentence(tmp_path):
    with pytest.raises(BadInput, match="holds no run"):
        open_folder(tmp_path)


def test_reading_a_run_needs_no_weights(monkeypatch):
    save(spec())
    monkeypatch.setattr(runs.Run, "fitted", property(lambda run: pytest.fail("weights were read")))
    result = store().find(spec().key)
    assert result.summary().mean == 0.8


def test_a_run_that_an_earlier_version_measured_is_measured_anew():
    run = save(spec(), cases=40)
    folder = run.folder
    facts = json_files.read(folder / "metrics.json")
    del facts["evaluation"]
    facts["metrics"] = {"auroc": {"mean": 0.99, "low": 0.98, "high": None, "seed_sd": 0.01}}
    json_files.write(folder / "metrics.json", facts)
    (folder / "manifest.json").unlink()
    seal(folder)
    assert store().find(spec().key).metrics["auroc"].mean == 0.5, "all cases were given one probability"
    index = sqlite3.connect(folder.parent.parent / "index.sqlite")
    with index:
        row = json.loads(index.execute("SELECT summary FROM runs").fetchone()[0])
        row.pop("evaluation")
        index.execute("UPDATE runs SET summary = ?", (json.dumps(row | {"mean": 0.99}),))
    index.close()
    assert [summary.mean for summary in store().summaries()] == [0.5]


def test_runs_of_an_earlier_recipe_open_under_their_own_key():
    """Links to them go on working; what is trained anew has another key, for its numbers differ."""
    run = save(spec())
    facts = {name: value for name, value in run.spec.model_dump(mode="json").items() if name != "version"}
    del facts["training"]["recalibrate"], facts["training_by_fold"]  # they could not be asked for then
    silent = {"cohort", "cohort_source", "title", "licence", "citation", "synthetic"}
    silent |= {"augmentations", "augmentation_identities", "copies"}
    deciding = {"version": 1, **{name: value for name, value in facts.items() if name not in silent}}
    key = hashlib.sha256(json.dumps(deciding, sort_keys=True).encode()).hexdigest()[:20]
    json_files.write(run.folder / "spec.json", facts)
    (run.folder / "manifest.json").unlink()
    seal(run.folder)
    os.rename(run.folder, run.folder.parent / key)
    assert store().get(key).key == key != spec().key
    assert store().find(spec().key) is None
