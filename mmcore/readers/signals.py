"""What every signal reader does with the numbers it found."""

from __future__ import annotations

import numpy as np

from mmcore.base.errors import BadInput
from mmcore.base.settings import _
from mmcore.base.values import InputSpec, Signal

MAX_SAMPLES = 200_000_000


def signal_of(
    samples: np.ndarray,
    filename: str,
    spec: InputSpec | None,
    *,
    rate_hz: float | None = None,
    names: tuple[str, ...] = (),
    unit: str = "",
) -> Signal:
    """A Signal from samples [C, T], where the file's own rate, names and unit go before those of the spec.

    Raises BadInput for no samples, and for samples that are not finite, with their number.
    """
    channels, _time = samples.shape
    if not samples.size:
        raise BadInput(
            _("{file} holds no samples.").format(file=filename), _("Export it again, or leave the input out.")
        )
    with np.errstate(over="ignore"):
        samples = np.ascontiguousarray(samples, dtype=np.float32)
    wrong = int(samples.size - np.isfinite(samples).sum())
    if wrong:
        raise BadInput(
            _("{file}: {wrong} of {total} samples are not finite numbers (NaN or infinite).").format(
                file=filename, wrong=wrong, total=samples.size
            ),
            _("Fill or cut them, or leave the input out, so that it counts as missing."),
        )
    spec_names = spec.channel_names if spec else ()
    names = next((given for given in (names, spec_names) if len(given) == channels), ())
    return Signal(
        samples, rate_hz or (spec.rate_hz if spec else None), tuple(names), unit or (spec.unit if spec else "")
    )


def channels_first(samples: np.ndarray) -> np.ndarray:
    """[T] or [T, C] or [C, T] -> [C, T]: the longer axis is time; a square stays as it is."""
    if samples.ndim == 1:
        return samples[None]
    return samples.T if samples.shape[0] > samples.shape[1] else samples
