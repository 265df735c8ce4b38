"""Results as text: numbers, what a comparison comes to, and the model card of a run."""

from mmcore.report.comparison import cases_needed, judge, leading, no_interval, plain_ahead, sign, standing, verdict
from mmcore.report.model_card import model_card
from mmcore.report.need import need_sentence
from mmcore.report.numbers import difference, interval, number

__all__ = [
    "cases_needed",
    "difference",
    "interval",
    "judge",
    "leading",
    "model_card",
    "need_sentence",
    "no_interval",
    "number",
    "plain_ahead",
    "sign",
    "standing",
    "verdict",
]
