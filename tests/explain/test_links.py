"""Protects the way from a token of one input to those of another: through summaries that read it, nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from mmcore.explain.links import heads_and_layers, joint, links
from mmcore.fusion import AttentionMaps, Direction

VALID = {"note": np.array([True, True, True, False]), "ecg": np.array([True, True])}
# Summary 0 of the note reads words 0 and 1, summary 1 reads word 2.
POOL = {
    "note": np.array([[[0.5, 0.5, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]]]),
    "ecg": np.array([[[1.0, 0.0], [0.0, 1.0]]]),
}


def test_a_word_reaches_what_its_summary_attends_to():
    maps = AttentionMaps(pools=POOL, cross={Direction("note", "ecg"): np.array([[[0.9, 0.1], [0.2, 0.8]]])})
    result = links(maps, ("note", "ecg"), VALID)
    assert set(result) == {("note", "ecg")}
    assert result["note", "ecg"] == pytest.approx(np.array([[0.9, 0.1], [0.9, 0.1], [0.2, 0.8]]))


def test_self_attention_leads_over_the_summaries_of_both_inputs():
    meeting = np.full((1, 1, 1, 4, 4), 0.25)
    meeting[0, 0, 0, 0] = [0.0, 0.0, 0.0, 1.0]  # the note's first summary attends to the ECG's second alone
    maps = AttentionMaps(pools=POOL, self_attention=meeting)
    result = links(maps, ("note", "ecg"), VALID, head=0, layer=0)
    assert result["note", "ecg"][:2] == pytest.approx(np.array([[0.0, 1.0], [0.0, 1.0]]))
    assert result["note", "ecg"][2] == pytest.approx([0.5, 0.5])
    assert result["ecg", "note"].sum(-1) == pytest.approx([1.0, 1.0])
    assert heads_and_layers(maps) == (1, 1)


def test_replicates_are_averaged_after_the_way_not_before():
    """The summaries of two replicates may be swapped; averaging them first would blur what both agree on."""
    cross = np.array([[0.9, 0.1], [0.2, 0.8]])
    pool = POOL["note"][0]
    maps = AttentionMaps(
        pools={"note": np.stack([pool, pool[::-1]])},
        cross={Direction("note", "ecg"): np.stack([cross, cross[::-1]])},
    )
    result = links(maps, ("note", "ecg"), VALID)
    assert result["note", "ecg"][0] == pytest.approx([0.9, 0.1])


def test_a_missing_input_and_a_method_without_maps_give_no_links():
    maps = AttentionMaps(pools=POOL, cross={Direction("note", "ecg"): np.array([[[0.9, 0.1], [0.2, 0.8]]])})
    assert links(maps, ("note", "ecg"), {"note": VALID["note"]}) == {}
    assert links(AttentionMaps(), ("note", "ecg"), VALID) == {}
    assert heads_and_layers(AttentionMaps()) == (0, 0)


def test_layers_are_rolled_out_and_one_can_be_picked():
    layers = np.random.default_rng(0).dirichlet(np.ones(5), (2, 3, 4, 5))  # [R, L, H, T, T]
    assert joint(layers).sum(-1) == pytest.approx(np.ones((2, 5)))
    assert joint(layers, layer=2, head=1) == pytest.approx(layers[:, 2, 1])
    assert joint(layers[:, :1]) == pytest.approx(0.5 * (layers[:, 0].mean(1) + np.eye(5)))
