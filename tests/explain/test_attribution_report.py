"""What a prediction rests on: told beside the attention of the same case, with an honest word about its sum."""

import numpy as np
import pytest

from mmcore.explain.attribution import Attribution, attribute
from mmcore.explain.attribution_report import AttributionReport, effort, report_attribution, trust


@pytest.mark.parametrize(
    ("fusion", "level", "within"),
    [("concat", None, set()), ("gated", "inputs", set()), ("cross_attention", "tokens", {"film"})],
)
def test_attention_and_attribution_are_compared_where_there_is_attention(trained, read, fusion, level, within):
    reading = read(trained(fusion), 3)
    result = report_attribution(reading, "integrated_gradients")
    alone = attribute(reading, ["integrated_gradients"])["integrated_gradients"][0]
    assert (
        result.level == level
        and set(result.within) >= within
        and "labs" not in result.within
        and result.unit == "log-odds"
    )
    assert np.isnan(result.agreement) == (level is None)
    assert all(np.allclose(result.attribution.values[n], alone.values[n], atol=1e-5) for n in alone.values)


def test_values_of_one_input_only_are_not_ranked_over_all(trained, read):
    result = report_attribution(read(trained("cross_attention"), 1), "grad_cam")
    assert np.isnan(result.agreement) and result.within
    assert "only what counts for the answer" in trust(result)


def text(delta: float, total: float = 2.0, by: str = "integrated_gradients") -> str:
    values = {"film": np.array([total + delta - 0.5, 0.5])}
    return trust(AttributionReport(Attribution(by, values, {"film": np.zeros(2)}, 1, total, delta), "log-odds"))


def test_the_convergence_delta_is_put_into_words():
    assert "+2.00 log-odds" in text(0.002) and "0.1%" in text(0.002) and text(0.002).endswith("next to nothing.")
    assert text(0.05).endswith("close enough.") and "with care" in text(0.5)
    assert "hardly differs" in text(0.001, total=0.01)
    assert "need not add up" in text(0.5, by="occlusion")


def test_effort_grows_with_tokens_and_steps(trained, read):
    reading = read(trained("cross_attention"), 1)
    tokens = sum(mask.shape[1] for mask in reading.masks.values())
    assert effort(reading, "occlusion") == reading.size * tokens
    assert effort(reading, "integrated_gradients") > effort(reading, "grad_cam") > reading.size
