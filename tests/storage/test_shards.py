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
