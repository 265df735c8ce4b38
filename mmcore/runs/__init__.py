"""Finished runs: what decided them, what came out, and where they are kept. The same key means the same numbers."""

from mmcore.runs.differing import differing_settings
from mmcore.runs.remarks import Remarks
from mmcore.runs.run import Run, RunSummary, open_folder, seal
from mmcore.runs.run_spec import AugmentationChoice, EncoderChoice, RunSpec
from mmcore.runs.store import RunStore, store

__all__ = [
    "AugmentationChoice",
    "EncoderChoice",
    "Remarks",
    "Run",
    "RunSpec",
    "RunStore",
    "RunSummary",
    "differing_settings",
    "open_folder",
    "seal",
    "store",
]
