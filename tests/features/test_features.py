"""Protects the feature cache: read rather than computed again, whatever was killed, broken, renamed or run twice."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
import torch

from mmcore.base.errors import BadInput, Cancelled
from mmcore.base.settings import room
from mmcore.base.values import InputSpec, Kind, Place, Tokens, Whole
from mmcore.encoders.base import Encoder
from mmcore.encoders.tokens import pad
from mmcore.features import encode, encode_case, extraction, work

REPOSITORY = Path(__file__).resolve().parents[2]


class Counting(Encoder):
    """As many tokens as the text has letters; counts what it is asked for."""

    name = "counting"
    kind = Kind.TEXT
    requested: ClassVar[list[str]] = []

    def __init__(self, spec: InputSpec | None = None, *, scale: float = 1.0) -> None:
        super().__init__(spec or InputSpec(name="note", kind=Kind.TEXT, columns=("note",)))
        self.scale = scale

    @property
    def dims(self) -> int:
        return 3

    def prepare(self, values: Sequence[str]) -> Tokens:
        if any("bad" in value for value in values):
            raise BadInput("This note is bad.", "Mend it.")
        Counting.requested += values
        return pad([torch.tensor([[ord(c), i, self.scale / 3] for i, c in enumerate(text)]) for text in values])

    def places(self, value: str) -> list[Place]:
        return [Whole()]


class Notes:
    """A cohort of one text input, as far as encoding needs it; None is missing, `unreadable` cannot be opened."""

    def __init__(self, notes: dict[str, str | None], unreadable: Sequence[str] = ()) -> None:
        self.notes, self.broken, self.ids = notes, unreadable, list(notes)

    def present(self, input: str) -> np.ndarray:
        return np.array([note is not None for note in self.notes.values()])

    def digest(self, id: str, input: str) -> str | None:
        return None if self.notes[id] is None else f"digest of {self.notes[id]}"

    def settle(self) -> None:
        return None

    def unreadable(self, input: str) -> dict[str, str]:
        return {}

    def value(self, id: str, input: str) -> str | None:
        if id in self.broken:
            raise BadInput(f"{id}.txt cannot be read.", "Check it.")
        return self.notes[id]


@pytest.fixture(autouse=True)
def nothing_requested_yet():
    Counting.requested.clear()


def many(count: int) -> Notes:
    return Notes({f"case {i}": "x" * (i % 5 + 1) + str(i) for i in range(count)})


def test_tokens_and_averages():
    features = encode(Notes({"a": "abc", "b": None, "c": "z"}), "note", Counting())
    assert features.counts.tolist() == [3, 0, 1] and features.dims == 3 and features.computed == 2
    tokens = features.tokens()
    assert tokens.values.shape == (3, 3, 3) and tokens.values.dtype == torch.float32
    assert tokens.mask.tolist() == [[True] * 3, [False] * 3, [True, False, False]]
    assert tokens.values[0, :, 0].tolist() == [97, 98, 99] and tokens.values[2, 1:].abs().sum() == 0
    vectors, present = features.pooled()
    assert present.tolist() == [True, False, True]
    np.testing.assert_allclose(vectors[0], tokens.values[0].mean(0), rtol=1e-6)
    some = features.tokens([2, 1])
    assert some.values.shape == (2, 1, 3) and some.mask.tolist() == [[True], [False]]


def test_what_was_told_of_values_is_told_when_they_are_not_read_again(tmp_path):
    """Notes that are web pages: their tags are gone, which a second pass must not pass over."""
    from mmcore.cohorts import open_cohort

    (tmp_path / "notes").mkdir()
    for i in range(30):
        (tmp_path / "notes" / f"{i}.txt").write_text(f"<html><body><p>Patient {i} is well today.</p></body></html>")
    rows = [f"c{i},notes/{i}.txt,{'ill' if i % 2 else 'well'}" for i in range(30)]
    (tmp_path / "cases.csv").write_text("\n".join(["id,note,label", *rows]))

    def sentences() -> list[str]:
        cohort = open_cohort(tmp_path)
        encode(cohort, "note", Counting(cohort.inputs["note"]))
        return [sentence for sentence in cohort.problems if "HTML" in sentence or "29 more" in sentence]

    first, second = sentences(), sentences()
    assert len(first) == 2 and second == first


def test_a_second_pass_reads(monkeypatch):
    cohort = many(150)
    first = encode(cohort, "note", Counting())
    Counting.requested.clear()
    monkeypatch.setattr(cohort, "value", lambda *_: pytest.fail("a value was read"))
    second = encode(cohort, "note", Counting())
    assert second.computed == 0 and Counting.requested == []
    assert torch.equal(first.tokens().values, second.tokens().values)
    np.testing.assert_array_equal(first.pooled()[0], second.pooled()[0])


def test_ten_more_cases_encode_ten():
    encode(many(100), "note", Counting())
    assert encode(many(110), "note", Counting()).computed == 10


def test_another_cohort_with_the_same_content_and_twins_hit_the_cache():
    encode(Notes({"a": "one", "b": "two"}), "note", Counting())
    again = encode(Notes({"p": "two", "q": "new", "r": "new"}), "note", Counting())
    assert again.computed == 1 and again.counts.tolist() == [3, 3, 3]


def test_other_options_are_other_features():
    cohort = many(3)
    encode(cohort, "note", Counting())
    other = encode(cohort, "note", Counting(scale=2.0))
    assert other.computed == 3
    assert other.tokens().values[0, 0, 2].item() == pytest.approx(2 / 3, abs=1e-3)


def test_what_cannot_be_read_or_encoded_is_set_aside():
    cohort = Notes({"a": "fine", "b": "bad one", "c": "fine too", "d": "closed"}, unreadable=["d"])
    features = encode(cohort, "note", Counting())
    assert features.failed == {"b": "This note is bad. Mend it.", "d": "d.txt cannot be read. Check it."}
    assert features.counts.tolist() == [4, 0, 8, 0] and features.computed == 2
    again = encode(cohort, "note", Counting())
    assert again.computed == 0 and set(again.failed) == {"b", "d"}


def test_a_digest_that_fails_sets_the_case_aside(monkeypatch):
    cohort = many(2)

    def digest(id, input):
        if id == "case 0":
            raise BadInput("The file is gone.")
        return "fine"

    monkeypatch.setattr(cohort, "digest", digest)
    features = encode(cohort, "note", Counting())
    assert features.failed == {"case 0": "The file is gone."} and features.counts.tolist() == [0, 3]


def test_numbers_that_are_not_finite_never_reach_the_disk():
    broken = Counting(scale=float("nan"))
    features = encode(many(2), "note", broken)
    assert set(features.failed) == {"case 0", "case 1"} and not list((room("features") / broken.identity()).iterdir())


def test_numbers_beyond_float16_are_clipped():
    tokens = encode(many(1), "note", Counting(scale=1e9)).tokens()
    assert tokens.values[0, 0, 2] == 65504


def test_progress_and_cancelling_keep_what_is_done():
    steps = []

    def stop_midway(step):
        steps.append(step)
        if step.done >= 48:
            raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        encode(many(100), "note", Counting(), progress=stop_midway)
    assert [(s.done, s.total) for s in steps] == [(done, 100) for done in (0, *range(1, 50, 8))]
    assert "note" in steps[0].label and "counting" in steps[0].label
    assert encode(many(100), "note", Counting()).computed == 51


KILLED = """
import os
import mmcore.features as features
from mmcore.features import extraction
from mmcore.cohorts import open_cohort
from mmcore.encoders import make

cohort = open_cohort("heart", cases=120)
extraction.SHARD_BYTES = 1
features.encode(
    cohort, "labs", make("columns", cohort.inputs["labs"]), progress=lambda step: step.done >= 80 and os._exit(9)
)
"""


def test_a_killed_process_leaves_whole_shards(home):
    from mmcore.cohorts import open_cohort
    from mmcore.encoders import make

    environment = {**os.environ, "MMCORE_HOME": str(home)}
    killed = subprocess.run([sys.executable, "-c", KILLED], cwd=REPOSITORY, env=environment)
    assert killed.returncode == 9
    cohort = open_cohort("heart", cases=120)
    encoder = make("columns", cohort.inputs["labs"])
    (room("features") / encoder.identity() / "half-1234.writing").write_bytes(b"half")
    features = encode(cohort, "labs", encoder)
    assert features.computed == cohort.present("labs").sum() - 81, "the shards that were finished are read"
    assert ((features.counts > 0) == cohort.present("labs")).all()


@pytest.mark.parametrize("damage", ["cut", "emptied", "garbage", "foreign"])
def test_a_broken_shard_is_found_and_computed_again(monkeypatch, damage, caplog):
    monkeypatch.setattr(extraction, "SHARD_BYTES", 1)
    good = encode(many(48), "note", Counting()).tokens().values
    shards = sorted((room("features") / Counting().identity()).glob("*.safetensors"))
    assert len(shards) == 7
    content = shards[1].read_bytes()
    if damage == "foreign":
        from safetensors.numpy import save_file

        save_file({"other": np.zeros(3)}, shards[1])
    else:
        shards[1].write_bytes({"cut": content[:-20], "emptied": b"", "garbage": b"\xff" * len(content)}[damage])
    features = encode(many(48), "note", Counting())
    assert features.computed in (1, 7, 8) and "broken shard" in caplog.text
    assert torch.equal(features.tokens().values, good)


def test_features_that_vanish_while_in_use_say_so():
    features = encode(many(3), "note", Counting())
    for shard in (room("features") / Counting().identity()).iterdir():
        shard.unlink()
    with pytest.raises(BadInput, match="Encode the cohort again"):
        features.tokens()


def test_many_writers_at_once():
    with ThreadPoolExecutor(6) as pool:
        result = list(pool.map(lambda _: encode(many(80), "note", Counting()), range(6)))
    for features in result:
        assert (features.counts == result[0].counts).all()
        assert torch.equal(features.tokens().values, result[0].tokens().values)
    assert encode(many(80), "note", Counting()).computed == 0


def test_features_travel_to_another_process():
    features = encode(many(5), "note", Counting())
    assert torch.equal(pickle.loads(pickle.dumps(features)).tokens().values, features.tokens().values)


def test_one_case_gets_the_numbers_of_the_cache():
    cohort = Notes({"a": "abc"})
    assert torch.equal(encode_case(Counting(), "abc").values, encode(cohort, "note", Counting()).tokens().values)
    missing = encode_case(Counting(), None)
    assert missing.values.shape == (1, 1, 3) and not missing.mask.any()
    with pytest.raises(BadInput):
        encode_case(Counting(), "bad")
    assert len(list(room("features").iterdir())) == 1, "a single case leaves nothing on disk"


def test_a_cohort_where_the_input_is_always_missing():
    features = encode(Notes({"a": None, "b": None}), "note", Counting())
    assert features.tokens().values.shape == (2, 1, 3) and not features.pooled()[1].any()
    assert features.computed == 0 and features.failed == {}


def test_the_built_in_cohort_and_its_default_encoders():
    from mmcore.cohorts import open_cohort
    from mmcore.encoders import DEFAULTS, encoders, make

    cohort = open_cohort("heart", cases=12)
    for name, spec in cohort.inputs.items():
        if encoders[DEFAULTS[spec.kind]].unavailable():
            continue
        encoder = make(DEFAULTS[spec.kind], spec)
        first, second = encode(cohort, name, encoder), encode(cohort, name, encoder)
        assert first.computed == cohort.present(name).sum() and second.computed == 0
        assert ((second.counts > 0) == cohort.present(name)).all() and not second.failed
        row = int(np.flatnonzero(second.counts)[0])
        alone = encode_case(encoder, cohort.value(cohort.ids[row], name))
        torch.testing.assert_close(alone.values[0], second.tokens([row]).values[0], rtol=2e-3, atol=2e-3)


def test_real_cohorts(shared_data):
    from mmcore.cohorts import Roles, open_cohort
    from mmcore.encoders import encoders, make

    for folder, input, role, name in (
        ("ecg_ptbxl", "ecg", "signal:signal", "minirocket"),
        ("digits_image_audio", "image", "image:image", "efficientnet_lite0"),
        ("digits_image_audio", "audio", "signal:audio", "log_mel"),
        ("heart_disease_tabular", "vitals", "table:age,sex,chol", "columns"),
    ):
        if encoders[name].unavailable():
            continue
        cohort = open_cohort(shared_data / folder, Roles(target="label", group="group", inputs={input: role}))
        few = cohort.select(cohort.ids[:6])
        features = encode(few, input, make(name, few.inputs[input]))
        assert features.failed == {} and (features.counts > 0).all() and features.computed == 6


def test_a_cluster_shares_the_work(monkeypatch):
    from distributed import LocalCluster

    from mmcore.jobs import cluster, engine

    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=False, protocol="tcp://", dashboard_address=None
    ) as local:
        monkeypatch.setenv("MMCORE_SCHEDULER", local.scheduler_address)
        steps = []
        notes = {f"case {i}": "x" * (i % 5 + 1) + str(i) for i in range(150)} | {"wrong": "bad", "none": None}
        features = encode(Notes(notes, unreadable=["case 3"]), "note", Counting(), progress=steps.append)
        assert features.computed == 149 and set(features.failed) == {"wrong", "case 3"}
        assert (features.counts > 0).sum() == 149 and steps[-1].done == steps[-1].total == 151
        assert encode(Notes(notes), "note", Counting()).computed == 1
        # A job that runs on a worker shares its part out in turn.
        job = engine.submit(_encode_on_a_worker, label="encode")
        assert job.result(60) == 90
        for client in (engine._clients.pop(local.scheduler_address), cluster._clients.pop(local.scheduler_address)):
            client.close()  # before the cluster, or it would try to reconnect


def _encode_on_a_worker(*, progress):
    return encode(many(90), "note", Counting(scale=3.0), progress=progress).computed


def test_a_worker_that_lacks_what_is_here_is_helped_out(monkeypatch):
    """Workers see neither this home nor, here, the files: what they set aside is read where it can be."""
    from mmcore.jobs import cluster

    def far(function, parcel, pieces):
        blind = pickle.loads(pickle.dumps(parcel))
        blind.cohort.broken = ["case 2", "case 40"]
        return (function(blind, piece) for piece in pieces)

    monkeypatch.setattr(cluster, "spread", far)
    features = encode(many(50), "note", Counting())
    assert features.computed == 50 and not features.failed and (features.counts > 0).all()


def test_copies_are_augmented_each_in_its_own_way_and_kept_apart():
    from mmcore.augmentation import augmented, make, seed_of

    cohort = Notes({"a": "one two three four five six", "b": "seven eight nine ten eleven twelve"})
    drop = [make("word_dropout", "text", share=0.5)]
    plain = encode(cohort, "note", Counting())
    assert encode(cohort, "note", Counting(), augmentations=drop).computed == 0, "copy 0 is the case as it is"
    assert encode(cohort, "note", Counting(), copy=2).computed == 0, "nothing to vary"
    first, second = (encode(cohort, "note", Counting(), augmentations=drop, copy=k) for k in (1, 2))
    assert first.computed == second.computed == 2
    for copy, features in ((1, first), (2, second)):
        expected = augmented(cohort.notes["a"], drop, seed_of("digest of " + cohort.notes["a"], drop, copy))
        assert features.counts[0] == len(expected) < plain.counts[0]
        assert torch.equal(features.tokens([0]).values, encode_case(Counting(), expected).values)
    again = encode(Notes({"z": cohort.notes["a"]}), "note", Counting(), augmentations=drop, copy=1)
    assert again.computed == 0 and torch.equal(again.tokens().values, first.tokens([0]).values)
    assert torch.equal(encode(cohort, "note", Counting()).tokens().values, plain.tokens().values)


def test_features_of_another_encoder_are_not_touched():
    encode(many(20), "note", Counting())
    before = {path: path.read_bytes() for path in room("features").rglob("*.safetensors")}
    encode(many(20), "note", Counting(scale=5.0))
    assert all(path.read_bytes() == content for path, content in before.items())
    assert len(list(room("features").iterdir())) == 2


def test_an_encoder_that_breaks_on_a_case_sets_it_aside(caplog):
    class Brittle(Counting):
        def prepare(self, values):
            if "7" in "".join(values):
                raise ZeroDivisionError("float division by zero")
            return super().prepare(values)

    features = encode(many(30), "note", Brittle())
    assert set(features.failed) == {"case 7", "case 17", "case 27"}
    assert "failed on this value (float division by zero)" in features.failed["case 7"]
    assert "ZeroDivisionError" in caplog.text


def test_the_next_cases_are_read_while_these_are_computed():
    read, reading_goes_on = [], threading.Event()

    class Watched(Notes):
        def value(self, id, input):
            read.append(id)
            if len(read) > 9:
                reading_goes_on.set()
            return super().value(id, input)

    class Slow(Counting):
        def prepare(self, values):
            assert len(values) == 1 or reading_goes_on.wait(20), "the second call waits until more has been read"
            return super().prepare(values)

    list(
        work.carry_out(
            work.Work(Watched(many(40).notes), "note", Slow()), [(f"case {i}", str(i)) for i in range(40)], 1
        )
    )
    assert reading_goes_on.is_set()


def test_few_values_are_in_memory_at_once_and_fewer_when_they_are_large(monkeypatch):
    ahead, computed, largest = [], [], []

    class Watched(Notes):
        def value(self, id, input):
            ahead.append(id)
            largest.append(len(ahead) - len(computed))
            return super().value(id, input)

    class Noting(Counting):
        def prepare(self, values):
            computed.extend(values)
            return super().prepare(values)

    def most() -> int:
        ahead.clear(), computed.clear(), largest.clear()
        notes = {f"case {i}": "x" * 1000 for i in range(200)}
        list(work.carry_out(work.Work(Watched(notes), "note", Noting()), [(id, id) for id in notes], 2))
        return max(largest)

    assert most() <= 4 * 8 + 8
    monkeypatch.setattr(work, "_BYTES", 2000)
    assert most() <= 4 * 2 + 2
