"""Features: what encoders say of a cohort, computed once and kept on disk."""

from mmcore.features.checks import doubts
from mmcore.features.extraction import encode, encode_case, known
from mmcore.features.features import Features

__all__ = ["Features", "doubts", "encode", "encode_case", "known"]
