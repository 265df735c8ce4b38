"""At which probability each of several labels is called: chosen inside the training fold, where its F1 is highest.

Legend: n cases to choose on, L labels, S seeds, N cases.
"""

from __future__ import annotations

import numpy as np


def best_thresholds(held: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
    """[L] the threshold of each label with the highest F1 on these cases; held [n, L] bool, probabilities [n, L].

    It lies between two stated probabilities. A label that no case has is called at 0.5.
    """
    return np.array([_best(held[:, k], probabilities[:, k]) for k in range(held.shape[1])])


def expected_thresholds(probabilities: np.ndarray) -> np.ndarray:
    """[L] the threshold of each label with the highest expected F1, where the probabilities [n, L] are true ones."""
    return np.array([_best(stated, stated) for stated in np.asarray(probabilities, float).T])


def with_thresholds(probabilities: np.ndarray, thresholds: np.ndarray) -> np.ndarray:
    """[..., L] and [L] or [..., L] -> [..., 2 L], as predictions out of fold are kept."""
    return np.concatenate([probabilities, np.broadcast_to(thresholds, probabilities.shape)], -1).astype(np.float32)


def divided(outputs: np.ndarray, labels: int) -> tuple[np.ndarray, np.ndarray]:
    """What `with_thresholds` joined: probabilities and thresholds [..., L] each; 0.5 where none were kept."""
    probabilities = outputs[..., :labels]
    thresholds = outputs[..., labels:]
    return probabilities, thresholds if thresholds.shape[-1] else np.full_like(probabilities, 0.5)


def _best(held: np.ndarray, stated: np.ndarray) -> float:
    """held: [n] whether each case has the label, or how probable that is."""
    if not held.any():
        return 0.5
    order = np.argsort(-stated, kind="stable")
    falling, hits = stated[order], np.cumsum(held[order])
    f1 = 2 * hits / (np.arange(1, len(order) + 1) + held.sum())
    last = np.append(falling[1:] < falling[:-1], True)  # equal probabilities are called together
    f1 = np.where(last, f1, -1.0)
    at = int(f1.argmax())
    below = falling[at + 1] if at + 1 < len(falling) else 0.0
    return float((falling[at] + below) / 2)
