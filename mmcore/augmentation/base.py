"""What an augmentation is: a random change of a value that leaves its meaning as it was."""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar, Generic, TypeVar

import numpy as np

from mmcore.base.errors import unknown
from mmcore.base.registry import Registry, check_parameters, parameters
from mmcore.base.values import Kind, Value

Varied = TypeVar("Varied")  # np.ndarray (image), str, Signal or Row


class Augmentation(ABC, Generic[Varied]):
    """One way to vary values of one kind: `Augmentation[Signal]` varies signals.

    A subclass registers itself (`@augmentations.register("name")`), states the class attributes, takes its options as
    keyword-only constructor parameters, and never changes the value it is given.
    """

    name: ClassVar[str]  # set by the registry
    kind: ClassVar[Kind]
    citation: ClassVar[str] = ""
    caution: ClassVar[str] = ""  # what to think of before it is used, if it may change the meaning of a value
    version: ClassVar[int] = 1  # raise it when the same chance gives other values

    @abstractmethod
    def __call__(self, value: Varied, chance: np.random.Generator) -> Varied:
        """Another value of the same kind, type, rate and (images, signals) shape; `chance` decides all of it."""

    @classmethod
    def unavailable(cls) -> str | None:
        """None if usable here, else the reason and what to install."""
        return None

    def options(self) -> dict[str, Any]:
        """The keyword parameters it was made with (read from attributes of the same name)."""
        return {p.name: getattr(self, p.name) for p in parameters(type(self))}


augmentations: Registry[Augmentation] = Registry("augmentation", "mmcore.augmentation")


def make(name: str, kind: Kind | str, **options: Any) -> Augmentation:
    """The augmentation of that name for inputs of this kind.

    Raises NotFound, Unavailable, or BadInput for wrong options.
    """
    part = augmentations.usable(name)
    if part.kind is not Kind(kind):
        raise unknown(f"{kind} augmentation", name, [n for n, p in augmentations.items() if p.kind is Kind(kind)])
    return part(**check_parameters(part, options, f"augmentation '{name}'"))


def augmented(value: Value, choices: Sequence[Augmentation], seed: int) -> Value:
    """The value after all augmentations, in order. The same seed gives the same value."""
    for position, augmentation in enumerate(choices):
        value = augmentation(value, np.random.default_rng([seed, position]))
    return value


def identity_of(choices: Sequence[Augmentation]) -> str:
    """Short digest of what they are, in order; empty for none."""
    facts = [(choice.name, choice.version, choice.options()) for choice in choices]
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:16] if facts else ""


def seed_of(digest: str, choices: Sequence[Augmentation], copy: int) -> int:
    """Seed of one copy of a value: depends on the content of the value, what is done to it, and the copy alone."""
    facts = json.dumps([digest, identity_of(choices), copy])
    return int.from_bytes(hashlib.blake2b(facts.encode(), digest_size=8).digest(), "big")
