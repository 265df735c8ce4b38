"""Explaining: where a model attends, whether that is right, and what would change its mind.

attention: weights laid on the input. reading: many questions about the same cases at once, on which rest attribution,
shapley, faithfulness (deletion, insertion) and pointing; judging and summary put them together. edits, whatif and
counterfactual change a case. robustness and information look at whole cohorts.
"""

from mmcore.explain.attention import Attention, attend, encode_inputs

__all__ = ["Attention", "attend", "encode_inputs"]
