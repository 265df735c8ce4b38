"""Features: what encoders say of a cohort, computed once and kept on disk."""

from mmcore.features.doubts import doubts
from mmcore.features.extraction import encode, encode_case, known
from mmcore.features.kept import Features

__all__ = ["Features", "doubts", "encode", "encode_case", "known"]
