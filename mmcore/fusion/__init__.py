"""Fusion methods: tokens of several inputs -> one vector a case. One file per method or close family."""

from mmcore.fusion.attention_maps import AttentionMaps, Direction
from mmcore.fusion.base import Fused, Fusion, Growth, by_place, fusions

__all__ = ["AttentionMaps", "Direction", "Fused", "Fusion", "Growth", "by_place", "fusions"]
