"""Protects: a damaged file of any format is a value or a clear mistake, within seconds and a bounded memory.

`python -m tests.benchmarks mutations` does the same with many more files, and through the commands.
"""

from __future__ import annotations

import pytest

from tests.readers import mutated


@pytest.mark.skipif(not hasattr(mutated.os, "fork"), reason="children are forked")
def test_a_sample_of_damaged_files(tmp_path):
    wrong = {}
    for number, (name, data) in enumerate(mutated.mutations(len(mutated.whole_files()), seed=3)):
        (folder := tmp_path / str(number)).mkdir()
        outcome = mutated.outcome(mutated.laid_out(name, data, folder), encode=False)
        if outcome.bad:
            wrong[f"{number} {name}"] = outcome
    assert not wrong


def test_the_whole_files_can_be_read(tmp_path):
    for name, data in mutated.whole_files().items():
        (folder := tmp_path / name).mkdir()
        assert mutated.read_and_encoded(mutated.laid_out(name, data, folder), encode=False) == "value", name
