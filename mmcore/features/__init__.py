"""Features: what encoders say of a cohort, computed once and kept on disk."""

from mmcore.features.extraction import encode, encode_case, on_disk
from mmcore.features.feature_checks import CheckKind, CheckResult, check_features
from mmcore.features.features import Features

__all__ = ["CheckKind", "CheckResult", "Features", "check_features", "encode", "encode_case", "on_disk"]
