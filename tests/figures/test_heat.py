"""Protects the one scale of heat: even shares for any number of tokens, one top for a view, a legend that says it."""

from __future__ import annotations

import numpy as np
import pytest

from mmcore.figures import heat


def test_even_shares_do_not_depend_on_the_number_of_tokens():
    assert heat.even_shares(np.full(7, 1 / 7)).tolist() == pytest.approx([1] * 7)
    assert heat.even_shares(np.array([0.5, 0.5]), np.array([3, 1])).tolist() == pytest.approx([2 / 3, 2])


def test_one_top_serves_all_inputs_and_flat_maps_stay_pale():
    scale = heat.scale_of([np.array([0.5, 1.5]), np.array([4.0, 0.2, 0.3])])
    assert scale.top == 4 and scale.shades(np.array([0.2, 1, 2.5, 4, 9])).tolist() == [0, 0, 0.5, 1, 1]
    assert heat.scale_of([np.array([1.01, 0.99])]).top == heat.LEAST and heat.scale_of([]).top == heat.LEAST
    nearly = heat.even_shares(np.array([0.26, 0.24, 0.25, 0.25]))
    shades = heat.scale_of([nearly]).shades(nearly)
    assert 0 < shades[0] < 0.1 and shades[1] == 0, "weights that hardly differ stay pale"
    signed = heat.scale_of([np.array([-0.4, 0.1])], "log-odds")
    assert signed.top == heat.LEAST and signed.shades(np.array([-0.4, 0.1])).tolist() == pytest.approx([-0.8, 0.2])
    small = np.array([-0.004, 0.001])
    assert signed.shades(small).tolist() == signed.shades(100 * small).tolist(), "many small values are as easy to read"
    assert not signed.shades(np.zeros(3)).any()


def test_the_legend_says_what_the_colours_stand_for():
    assert "4.0 even shares" in heat.legend(heat.HeatScale(4.0))
    words = heat.legend(heat.HeatScale(0.8, "log-odds"), "<i>ill</i>")
    assert "0.8 even shares" in words and "against &lt;i&gt;ill" in words and "for &lt;i&gt;ill" in words
    bars = heat.legend(heat.HeatScale(0.8, "log-odds"), "ill", shaded=False)
    assert "against ill" in bars and "even shares" not in bars and "rgba" not in bars, "bars are not shaded"
    assert heat.colours([0, 1]) == [heat.COLOURS[0], heat.COLOURS[-1]]


def test_no_heat_is_clear_on_any_ground_and_the_scale_begins_and_ends_as_single_shades_do():
    clear, deepest = heat.fills([0.0, 1.0])
    assert clear.endswith(", 0.12)") and deepest.endswith(", 1)")
    assert [heat.scale_of_fills()[0], heat.scale_of_fills()[-1]] == [[0.0, clear], [1.0, deepest]]
