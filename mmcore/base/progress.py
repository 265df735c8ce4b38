"""How long work reports on itself, and how it is told to stop."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from mmcore.base.settings import _


@dataclass(frozen=True)
class Step:
    """`done` of `total` units of `label`; `live` carries numbers worth drawing meanwhile (a loss curve, say).

    left: seconds it is likely to take still, None as long as nobody can tell. whole: share of all the work that is
    done, 0 to 1, where this step is only a part of it.
    """

    label: str
    done: int
    total: int
    live: Mapping[str, object] = field(default_factory=dict)
    left: float | None = None
    whole: float | None = None

    @property
    def share(self) -> float:
        """How much of all the work is done, 0 to 1."""
        if self.whole is not None:
            return self.whole
        return min(self.done / self.total, 1.0) if self.total else 0.0


# Called now and then by long work. It may raise errors.Cancelled: the work then stops and leaves nothing half-written.
Progress = Callable[[Step], None]


def silent(step: Step) -> None:
    """The progress of those who do not watch."""


def part_of(
    progress: Progress,
    name: str,
    number: int,
    count: int,
    live: Mapping[str, object] | None = None,
    weights: Sequence[float] = (),
) -> Progress:
    """Progress of one of `count` pieces of work (from 0), told as a part of the whole.

    live: goes along with the live numbers of the piece, where it has any. weights: how much of the work each piece is,
    where they are not alike.
    """
    weights = weights or [1.0] * count
    before, own, everything = sum(weights[:number]), weights[number], sum(weights)

    def tell(step: Step) -> None:
        label = _("{name} ({number} of {count}): {step}").format(
            name=name, number=number + 1, count=count, step=step.label
        )
        numbers = {**(live or {}), **step.live} if step.live else {}
        progress(Step(label, step.done, step.total, numbers, whole=(before + step.share * own) / everything))

    return tell


class Pace:
    """How long work of `total` equal units will take still, judged by what it took so far."""

    _SURE = 2.0  # seconds of work before anything is said

    def __init__(self, total: int) -> None:
        self.total, self._started = total, time.monotonic()

    def left(self, done: int) -> float | None:
        """Seconds, or None while it is too early to tell."""
        spent = time.monotonic() - self._started
        return None if done <= 0 or spent < self._SURE else spent / done * (self.total - done)


def time_left(seconds: float) -> str:
    """Seconds as people say them: "about 2 min left"."""
    if seconds < 10:
        return _("a few seconds left")
    if seconds < 50:
        return _("about {count} s left").format(count=10 * round(seconds / 10))
    if seconds < 90 * 60:
        return _("about {count} min left").format(count=max(1, round(seconds / 60)))
    return _("about {count} h left").format(count=round(seconds / 3600))


def stretch_of(progress: Progress, start: float, end: float) -> Progress:
    """Progress of a piece of work that is the stretch from start to end (0 to 1) of the whole."""
    return lambda step: progress(replace(step, whole=start + step.share * (end - start)))


class Phases:
    """Pieces of work one after the other, told as one whole that never goes back.

    Each takes its part of what is left of the whole when it first reports; one that has nothing to do takes none.
    """

    def __init__(self, progress: Progress) -> None:
        self._progress, self._reached = progress, 0.0

    def next(self, part: float = 1.0) -> Progress:
        """Progress of the next piece. part: of what is then left, 0 to 1."""
        begun: float | None = None

        def tell(step: Step) -> None:
            nonlocal begun
            begun = self._reached if begun is None else begun
            self._reached = max(self._reached, begun + (1 - begun) * part * step.share)
            self._progress(replace(step, whole=self._reached))

        return tell
