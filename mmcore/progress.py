"""How long work reports on itself, and how it is told to stop."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Step:
    """`done` of `total` units of `label`; `live` carries numbers worth drawing meanwhile (a loss curve, say)."""

    label: str
    done: int
    total: int
    live: Mapping[str, object] = field(default_factory=dict)


# Called now and then by long work. It may raise errors.Cancelled: the work then stops and leaves nothing half-written.
Progress = Callable[[Step], None]


def silent(step: Step) -> None:
    """The progress of those who do not watch."""
