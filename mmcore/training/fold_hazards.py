"""The baseline hazard of each fold, once its linear models have said who runs which risk.

What the linear part says of rows that it had not been fitted on stands in for each row's own risk. Without that the
hazard would be that of all cases, which falls with time because those at high risk leave first.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from mmcore.training.baseline_hazard import breslow
from mmcore.training.data import Labels
from mmcore.training.linear_sum import FittedLinear
from mmcore.training.plan import TrainingData


def with_hazards(
    data: TrainingData,
    rows: Sequence[np.ndarray],
    linear: Sequence[FittedLinear | None],
    labels: Labels,
    standards: list[tuple[float, ...]],
) -> tuple[Labels, list[tuple[float, ...]]]:
    """Labels and standards of every fold by Breslow's hazard; as they are for other tasks than survival.

    rows: labelled training rows of each fold.
    """
    if data.task.name != "survival":
        return labels, standards
    target, standards = labels.target.clone(), []
    values, labelled = data.values, data.task.labelled(data.values)
    for fold, (own, part) in enumerate(zip(rows, linear, strict=True)):
        risk = part.inner[:, 0].numpy() if part is not None and part.judged else None
        baseline = breslow(values[own], risk)
        hazard = np.where(values[labelled] > 0, 1, -1) * baseline.at(np.abs(values[labelled]))
        target[fold, torch.from_numpy(labelled)] = torch.from_numpy(hazard).float()
        standards.append(tuple(baseline.at(data.task.horizons).tolist()))
    return Labels(target, labels.weight), standards
