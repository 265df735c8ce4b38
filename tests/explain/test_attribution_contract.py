"""Protects what every registered attribution promises: shapes, missing inputs, any order of inputs, sums, no traces."""

from __future__ import annotations

import inspect

import numpy as np
import pytest
import torch

from mmcore.base.values import Tokens
from mmcore.explain.attribution import Attributor, attribute, attributors

NAMES = list(attributors)
FUSIONS = ("gated", "cross_attention")  # one that reads a vector per input, and one that reads tokens


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("fusion", FUSIONS)
def test_every_token_there_is_has_a_value(trained, read, name, fusion):
    reading = read(trained(fusion), 20)
    attributions = attribute(reading, [name])[name]
    assert len(attributions) == len(reading)
    for b, attribution in enumerate(attributions):
        there = {input: int(mask[b].sum()) for input, mask in reading.masks.items() if mask[b].any()}
        assert {input: len(values) for input, values in attribution.values.items()} == there
        assert {input: len(values) for input, values in attribution.spread.items()} == there
        assert all(np.isfinite(values).all() for values in attribution.values.values())
        assert attribution.by == name and np.isfinite(attribution.total) and attribution.chosen in (0, 1)
        if not attributors[name].signed:
            assert all((values >= 0).all() for values in attribution.values.values())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("fusion", FUSIONS)
def test_a_missing_input_has_no_values_and_the_others_do_not_mind(trained, made, name, fusion):
    fitted = trained(fusion)
    tokens = {input: made[0][input].tokens([0, 1, 2]) for input in fitted.inputs}
    wave = tokens["wave"]
    gone = {**tokens, "wave": Tokens(wave.values, torch.zeros_like(wave.mask))}
    padded = {**gone, "wave": Tokens(torch.full_like(wave.values, 7.0), torch.zeros_like(wave.mask))}
    first, other = (attribute(fitted.panel([0]).read(each), [name])[name] for each in (gone, padded))
    for attribution, same in zip(first, other, strict=True):
        assert "wave" not in attribution.values and "wave" not in attribution.inputs
        for input, values in attribution.values.items():
            np.testing.assert_allclose(values, same.values[input], atol=1e-5)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("fusion", FUSIONS)
def test_the_order_in_which_inputs_are_given_does_not_matter(trained, made, name, fusion):
    fitted = trained(fusion)
    tokens = {input: made[0][input].tokens([0, 1, 2]) for input in fitted.inputs}
    backwards = dict(reversed(list(tokens.items())))
    first, other = (attribute(fitted.panel([0]).read(each), [name])[name] for each in (tokens, backwards))
    for attribution, same in zip(first, other, strict=True):
        for input, values in attribution.values.items():
            np.testing.assert_allclose(values, same.values[input], atol=1e-5)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("fusion", FUSIONS)
def test_a_case_gets_the_same_values_alone_as_among_others(trained, read, name, fusion):
    reading = read(trained(fusion))
    among, alone = attribute(reading, [name])[name][3], attribute(reading[3:4], [name])[name][0]
    for input, values in among.values.items():
        np.testing.assert_allclose(values, alone.values[input], atol=1e-4)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("fusion", FUSIONS)
def test_what_promises_to_add_up_adds_up_and_says_what_is_missing(trained, read, name, fusion):
    for attribution in attribute(read(trained(fusion), 20), [name])[name]:
        added = sum(attribution.inputs.values())
        if not attributors[name].signed:
            assert np.isnan(attribution.delta) and not attribution.complete
            continue
        assert attribution.delta == pytest.approx(added - attribution.total, abs=1e-4)
        if attributors[name].adds_up:
            assert attribution.complete


@pytest.mark.parametrize("name", NAMES)
def test_every_attribution_says_where_it_comes_from_and_what_it_costs(trained, read, name):
    part: type[Attributor] = attributors[name]
    assert part.citation and inspect.getdoc(part) and part.unavailable() is None
    assert part().passes(read(trained("gated"))) >= 1


@pytest.mark.parametrize("name", NAMES)
def test_the_model_is_left_as_it_was(trained, read, name):
    reading = read(trained("gated"))
    before = [p.clone() for pipeline in reading.panel.pipelines for p in pipeline.parameters()]
    attribute(reading, [name])
    after = [p for pipeline in reading.panel.pipelines for p in pipeline.parameters()]
    assert all(torch.equal(a, b) and b.grad is None for a, b in zip(before, after, strict=True))
    assert torch.is_grad_enabled()
