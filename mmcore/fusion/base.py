"""What every fusion method is: tokens of several inputs -> one vector a case, and the weights it used."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar, Literal

from torch import Tensor, nn

from mmcore.base.registry import Registry
from mmcore.base.values import Tokens
from mmcore.fusion.attention_maps import AttentionMaps
from mmcore.fusion.layers import mean


@dataclass(frozen=True, eq=False)
class Fused:
    """vector: [..., B, D].

    attention: the weights the method used, for people to look at.
    each: for methods that decide per input first (late fusion), the vector [..., B, D] of every input; the trainer then
    lets every input learn its own decision, and `vector` is their average.
    """

    vector: Tensor
    attention: AttentionMaps[Tensor] = field(default_factory=AttentionMaps)
    each: dict[str, Tensor] = field(default_factory=dict)


@dataclass(frozen=True)
class DiagramStep:
    """One column of a method's diagram (see `figures.fusion_diagram`): what is done there, from left to right.

    text: what a box does, in a few letters, ₘ (or ᵢ and ⱼ) standing for the input; note: a line under the column.
    boxes: one for every "input", one for every "pair" of inputs, or how many there are. wires: from the box of the same
    input ("own"), from all boxes before ("all") or from all but its own ("others"). weighs: the wires carry weights,
    drawn as lines of unequal strength. back: how many columns back the boxes read as well (0: none), such as what a
    residual connection adds or a gate multiplies; 1 would be the column before.
    """

    text: str
    note: str = ""
    boxes: Literal["input", "pair"] | int = "input"
    wires: Literal["own", "all", "others"] = "own"
    weighs: bool = False
    back: int = 0


class Growth(StrEnum):
    """What the work for one case grows in step with as a cohort has more inputs."""

    INPUTS = "inputs"  # twice the inputs, twice the work
    PAIRS = "pairs"  # 3 inputs make 3 pairs, 6 make 15
    PRODUCTS = "products"  # each further input multiplies the work, up to a limit that the method sets itself


class Fusion(nn.Module):
    """One way to fuse.

    A subclass registers itself (`@fusions.register("name")`), says what it reads, takes its options as keyword-only
    parameters after `inputs` and `width`, and implements `forward`. Built from `fusion.layers` and operations on
    trailing dimensions it is trained with all replicates at once (`stackable = True`, the default).
    """

    name: ClassVar[str]  # set by the registry
    reads: ClassVar[Literal["vectors", "tokens"]] = "vectors"  # vectors: N = 1, each input's tokens averaged beforehand
    stackable: ClassVar[bool] = True
    decides: ClassVar[bool] = False  # True: its vectors go straight to the head (see Fused.each), without a trunk
    citation: ClassVar[str] = ""
    formula: ClassVar[str] = ""  # LaTeX
    can: ClassVar[str] = ""  # what it can express
    cannot: ClassVar[str] = ""
    cost: ClassVar[str] = ""  # in terms of M inputs, N tokens of an input, D width
    diagram: ClassVar[tuple[DiagramStep, ...]] = ()
    standard: ClassVar[bool] = False  # True: part of the default comparison
    place: ClassVar[int] = 1000  # where it stands in lists, lower first: plain methods before those with more freedom
    grows_with: ClassVar[Growth] = Growth.INPUTS

    def __init__(self, inputs: Sequence[str], width: int) -> None:
        super().__init__()
        self.inputs, self.width = tuple(inputs), width

    @abstractmethod
    def forward(self, tokens: Mapping[str, Tokens]) -> Fused:
        """tokens: one entry per name in `self.inputs`, in any order, values [(R,) B, N, width]; any may be missing."""

    @classmethod
    def unavailable(cls) -> str | None:
        """None if usable here, else the reason and what to install."""
        return None


def vector(tokens: Tokens) -> Tensor:
    """One vector a case, [..., B, D]: the mean over valid tokens."""
    return tokens.values.squeeze(-2) if tokens.values.shape[-2] == 1 else mean(tokens.values, tokens.mask)


def by_place() -> list[str]:
    """Names of all fusion methods, plain ones first."""
    return [name for name, _part in sorted(fusions.items(), key=lambda item: (item[1].place, item[0]))]


fusions: Registry[Fusion] = Registry("fusion method", "mmcore.fusion")
