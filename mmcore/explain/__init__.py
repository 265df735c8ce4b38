"""Explaining: where a model attends, whether that is right, and what would change its mind.

attention: weights laid on the input. attribution, shapley: what a prediction rests on, asked without the attention.
tests: are explanations right (pointing, faithfulness, agreement), and how a method fares under stress; summary sums
them up. edits, whatif and counterfactual change a case. information looks at whole cohorts.
"""

from mmcore.explain.attention import Attention, attend, encode_inputs

__all__ = ["Attention", "attend", "encode_inputs"]
