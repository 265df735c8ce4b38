"""Protects what people note about runs: kept beside the run, changing nothing of it, gone with it."""

from __future__ import annotations

import pytest

from mmcore.base.errors import NotFound
from mmcore.runs import Remarks, remarks, store
from tests.runs.test_runs import save, spec


def test_tags_are_divided_by_commas_and_each_is_kept_once():
    assert Remarks.of(" for the board ", "pilot, , final,pilot ") == Remarks("for the board", ("pilot", "final"))


def test_a_note_is_read_again_and_leaves_the_run_as_it_was():
    run = save(spec())
    assert store().remarks(run.key) == Remarks()
    store().remark(run.key, Remarks("größer", ("pilot",)))
    assert store().remarks(run.key) == Remarks("größer", ("pilot",))
    again = store().find(run.key)
    assert again is not None and again.metrics["auroc"].mean == run.metrics["auroc"].mean
    assert [summary.key for summary in store().summaries()] == [run.key]


def test_a_damaged_note_counts_as_none():
    run = save(spec())
    (run.folder / "remarks").write_text("[1, 2")
    assert remarks.read(run.folder) == Remarks()


def test_a_deleted_run_is_gone_with_its_note_and_the_others_stay():
    first, second = save(spec()), save(spec(seeds=3))
    store().remark(first.key, Remarks("x"))
    store().delete(first.key)
    assert [summary.key for summary in store().summaries()] == [second.key]
    assert store().find(first.key) is None and store().remarks(first.key) == Remarks()
    with pytest.raises(NotFound):
        store().delete(first.key)
    assert not list(second.folder.parent.glob(".new-*"))
