"""Explaining: where a model attends."""

from mmcore.explain.attention import Attention, attend, encode_inputs

__all__ = ["Attention", "attend", "encode_inputs"]
