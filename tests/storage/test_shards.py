"""Protects: what is read of a shard is what was written; a flipped bit is noticed and the cases are encoded again."""

from __future__ import annotations

import json

import numpy as np
import pytest
from safetensors.numpy import save_file

from mmcore.base.errors import BadInput
from mmcore.storage.shards import Shelf, read_pooled, read_tokens

CASES = {"first": np.arange(6.0).reshape(2, 3), "second": np.ones((1, 3))}


def flip(path, at=-5):
    content = bytearray(path.read_bytes())
    content[at] ^= 4
    path.write_bytes(bytes(content))


def test_what_was_kept_is_read_back(tmp_path):
    Shelf(tmp_path, 3, "float16").add(CASES)
    shelf = Shelf(tmp_path, 3, "float16")
    shelf.check(CASES)
    tokens = dict(read_tokens([shelf.entries["second"], None, shelf.entries["first"]]))
    assert np.array_equal(tokens[2], CASES["first"]) and np.array_equal(tokens[0], CASES["second"])


@pytest.mark.parametrize("at", [-1, -30, -60])
def test_a_flipped_bit_is_noticed(tmp_path, at):
    shelf = Shelf(tmp_path, 3, "float16")
    shelf.add(CASES)
    (path,) = tmp_path.glob("*.safetensors")
    entries = dict(shelf.entries)
    flip(path, at)
    for read in (read_tokens, read_pooled):
        with pytest.raises(BadInput, match="Encode the cohort again"):
            list(read([entries["first"]]))
    again = Shelf(tmp_path, 3, "float16")
    again.check(["first"])
    assert not again.entries and not path.exists()
    again.add(CASES)
    assert np.array_equal(dict(read_tokens([again.entries["first"]]))[0], CASES["first"])


def test_a_shard_without_a_digest_is_encoded_again(tmp_path):
    arrays = {"values": np.ones((1, 3), np.float16), "pooled": np.ones((1, 3), np.float32), "counts": np.array([1])}
    save_file(arrays, tmp_path / "old.safetensors", metadata={"digests": json.dumps(["first"])})
    assert not Shelf(tmp_path, 3, "float16").entries


def test_tokens_that_are_mostly_zeros_take_little_room_and_are_read_to_the_bit(tmp_path):
    """A wide table is as many tokens, each of which fills two of twice as many numbers."""
    width = 300
    cases = {name: np.zeros((width, 2 * width), np.float32) for name in ("first", "second", "empty", "third")}
    for number, name in enumerate(("first", "second", "third")):
        cases[name][np.arange(width), 2 * np.arange(width)] = np.random.default_rng(number).normal(size=width)
    cases["third"][0, 0] = -0.0
    Shelf(tmp_path, 2 * width, "float32").add(cases)
    (path,) = tmp_path.glob("*.safetensors")
    shelf = Shelf(tmp_path, 2 * width, "float32")
    shelf.check(cases)
    entries = [shelf.entries[name] for name in cases]
    assert path.stat().st_size < sum(case.nbytes for case in cases.values()) / 50
    for i, tokens in read_tokens(entries):
        expected = list(cases.values())[i]
        assert tokens.dtype == expected.dtype and tokens.tobytes() == expected.tobytes()
    pooled = {i: row for places, rows in read_pooled(entries) for i, row in zip(places, rows, strict=True)}
    assert np.array_equal(pooled[1], cases["second"].mean(0))
    assert not Shelf(tmp_path, width, "float32").entries, "of another width"
