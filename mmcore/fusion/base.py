"""What every fusion method is: tokens of several inputs -> one vector a case, and the weights it used."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from torch import Tensor, nn

from mmcore.cases import Tokens
from mmcore.fusion.layers import mean
from mmcore.registry import Registry


@dataclass(frozen=True, eq=False)
class Fused:
    """vector: [..., B, D].

    attention: maps by name, each summing to 1 over its last dimension where anything is present:
      "inputs"          [..., B, M]       weight of each input, in the order of `Fusion.inputs`; 0 where missing
      "tokens/NAME"     [..., B, N]       weight of each token of input NAME
      "cross/TO/FROM"   [..., B, Q, N]    weight of each token of FROM, for each query of TO
    each: for methods that decide per input first (late fusion), the vector [..., B, D] of every input; the trainer then
    lets every input learn its own decision, and `vector` is their average.
    """

    vector: Tensor
    attention: dict[str, Tensor] = field(default_factory=dict)
    each: dict[str, Tensor] = field(default_factory=dict)


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


fusions: Registry[Fusion] = Registry("fusion method", "mmcore.fusion")
