"""Integrated gradients find the token that carries the target, and take as many steps as it needs to add up."""

from dataclasses import replace

import numpy as np
import pytest

from mmcore.explain import gradients
from mmcore.explain.attribution import attribute
from mmcore.explain.gradients import IntegratedGradients
from tests.trained_methods import PLANTED


@pytest.mark.parametrize("fusion", ["concat", "late", "cross_attention"])
def test_integrated_gradients_add_up_and_find_the_planted_token(trained, read, fusion):
    reading = read(trained(fusion, epochs=12))
    result = attribute(reading, ["integrated_gradients"])["integrated_gradients"]
    assert len(result) == len(reading)
    assert np.median([attribution.gap for attribution in result]) < 0.02
    assert all(
        abs(sum(v.sum() for v in attribution.values.values()) - attribution.total - attribution.delta) < 1e-4
        for attribution in result
    )
    tokens = np.mean([attribution.values["film"] for attribution in result], 0)
    assert tokens.argmax() == PLANTED
    inputs = {
        name: np.mean([attribution.inputs.get(name, 0) for attribution in result]) for name in ("film", "wave", "labs")
    }
    assert max(inputs, key=inputs.get) == "film"


def test_steps_are_doubled_where_the_model_bends_sharply(trained, read, monkeypatch):
    """Where all is left to the network, a maximum over inputs has kinks on the way that few steps miss."""
    reading = read(replace(trained("max"), network_share=[1.0] * 3), 20)
    monkeypatch.setattr(gradients, "_MOST_STEPS", 16)
    assert max(case.gap for case in IntegratedGradients()(reading)) > 0.05
    monkeypatch.undo()
    attributions = IntegratedGradients()(reading)
    assert all(case.complete for case in attributions if abs(case.total) > 0.1)
    assert all(case.complete or case.steps == gradients._MOST_STEPS for case in attributions)
    assert min(case.steps for case in attributions) == 16 < max(case.steps for case in attributions)
