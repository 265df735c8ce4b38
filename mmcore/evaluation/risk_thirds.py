"""Cases divided into thirds by the risk that was predicted of them, and what then happened in each."""

from __future__ import annotations

import numpy as np

from mmcore.evaluation.kaplan_meier import KaplanMeier, kaplan_meier
from mmcore.evaluation.scored_cases import ScoredCases


def by_third(target: np.ndarray, outputs: np.ndarray) -> list[KaplanMeier]:
    """Curves of the cases with low, middle and high risk out of fold. target: [N] signed times; outputs: [S, N, 2 H]
    (see `Task.scored_columns`)."""
    scored = ScoredCases.of("survival", target, outputs)
    risk = scored.delivered[:, : outputs.shape[-1] // 2].mean(1)
    rank = np.argsort(np.argsort(risk, kind="stable"), kind="stable")
    third = 3 * rank // max(len(risk), 1)
    return [kaplan_meier(scored.target[third == number]) for number in range(3)]
