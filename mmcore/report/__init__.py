"""Results as text: numbers, what a comparison comes to, and the model card of a run."""

from mmcore.report.comparison import judge, leading, sign, standing, verdict
from mmcore.report.model_card import model_card
from mmcore.report.need import need_sentence
from mmcore.report.numbers import difference, interval, number

__all__ = [
    "difference",
    "interval",
    "judge",
    "leading",
    "model_card",
    "need_sentence",
    "number",
    "sign",
    "standing",
    "verdict",
]
