"""Which wave each moment of an ECG belongs to, by the network inside the package openecg.

openecg 0.11 (Apache-2.0, Lee, VitalDB, Seoul): 1.16 million weights, one lead of 10 s at 500 Hz, trained on waves that
experts marked in LUDB, QTDB and ISP. Its forerunners also learnt rhythms from PTB-XL: no score on PTB-XL is a test of
it.

Legend: L leads, T samples at RATE.
"""

from __future__ import annotations

import warnings

import numpy as np
import torch
from torch import nn

from mmcore.base.modules import missing_packages
from mmcore.base.settings import _
from mmcore.encoders.loading import once

RATE = 500  # Hz the network reads at
CLASSES = ("", "P", "QRS", "T")  # in the order of its outputs
_WINDOW, _MARGIN = 10 * RATE, 2 * RATE  # samples read at once, and those at either end that lack what lies around them


def unavailable() -> str | None:
    """None if the package is here and can be imported, else why not."""
    if reason := missing_packages("openecg"):
        return reason
    try:
        import openecg
    except Exception as error:  # whatever a package does while it is imported is no fault of the caller
        return _("The package {name} cannot be used: {error}").format(name="openecg", error=error)
    if not hasattr(openecg, "load_codec"):
        return _("The package {name} cannot be used: {error}").format(name="openecg", error="load_codec")
    return None


def wave_log_probabilities(leads: np.ndarray) -> np.ndarray:
    """Leads [L, T] at RATE -> [T, 4] log-probabilities of CLASSES, the mean over the leads.

    Windows of 10 s overlap, each telling of its middle. The network was taught on recordings whose first and last beats
    nobody had marked, and leaves out those of any window: so the recording is mirrored for 2 s at either end.
    """
    margin = min(_MARGIN, leads.shape[1] - 1)
    wider = np.pad(leads, ((0, 0), (margin, margin)), mode="reflect")
    log_probabilities = np.zeros((wider.shape[1], len(CLASSES)), np.float32)
    for start in _starts(wider.shape[1]):
        window = wider[:, start : start + _WINDOW]
        log_probabilities[start + margin : start + window.shape[1]] = _read(window)[margin:]
    return log_probabilities[margin : margin + leads.shape[1]]


def _starts(length: int) -> list[int]:
    """First samples of the windows; the last one ends with the recording."""
    if length <= _WINDOW:
        return [0]
    return [*range(0, length - _WINDOW, _WINDOW - 2 * _MARGIN), length - _WINDOW]


def _read(window: np.ndarray) -> np.ndarray:
    """[L, up to 10 s] -> [T, 4]. The network was trained on ranks rather than on millivolts."""
    from scipy.stats import rankdata

    ranks = 2 * (rankdata(window, axis=1) - 1) / max(1, window.shape[1] - 1) - 1
    with torch.no_grad():
        frames = _network()(torch.from_numpy(ranks.astype(np.float32)), torch.zeros(len(window), dtype=torch.long))[0]
    log_probabilities: np.ndarray = frames.log_softmax(-1).mean(0).numpy()
    return log_probabilities


@once
def _network() -> nn.Module:
    import openecg

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="enable_nested_tensor")
        network: nn.Module = openecg.load_codec()
    return network.eval().requires_grad_(False)


def weights() -> int:
    """Weights of the network; 0 where it is not here."""
    return 0 if unavailable() else sum(weight.numel() for weight in _network().parameters())
