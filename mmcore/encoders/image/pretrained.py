"""What networks trained on photographs have in common: an image in, a token per cell of the last feature map out."""

from __future__ import annotations

import copy
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor, nn

from mmcore.base.progress import Progress, silent
from mmcore.base.settings import N_
from mmcore.base.values import Image, InputSpec, Kind, Place, Tokens
from mmcore.encoders.base import Encoder
from mmcore.encoders.image.feature_maps import Layer, as_maps, seen
from mmcore.encoders.image.pixels import Grid, OnPixels, as_patches, boxes, patch_size, reason_against, scaled

BATCH = 8  # fastest of 1, 8, 32 on a CPU, with channels last


class Pretrained(Encoder[Image]):
    """A network with published weights, frozen, or tuned in the run (`tune`).

    A subclass states the attributes below, takes `tune` as its last option and implements `network`. Frozen, tokens are
    the cells of the last feature map; tuned, `prepare` gives the pixels of these cells and `module` a copy of the
    network that learns. Any image is stretched to `size`, grey ones are repeated over the three colours.
    """

    kind = Kind.IMAGE
    trained_on = N_("ImageNet-1k (photographs; not medical)")
    learning_rate_scale = 0.05
    width: int  # D of its tokens
    weight_count: int  # without the classifier, which is not used
    grid: Grid = (7, 7)
    size: Grid = (224, 224)  # pixels it was trained on
    mean: Sequence[float] = (0.485, 0.456, 0.406)
    std: Sequence[float] = (0.229, 0.224, 0.225)
    mode: str = "bilinear"
    shown: Mapping[str, int]  # submodules whose maps are worth a look, and how many channels each gives

    def __init__(self, spec: InputSpec, *, tune: bool = False) -> None:
        super().__init__(spec)
        self.tune = self.trains_in_run = self.raw = tune

    @abstractmethod
    def network(self) -> nn.Module:
        """The frozen network, [B, 3, *size] -> [B, width, *grid], loaded once. Raises MMError if it cannot be had."""

    def ready(self, progress: Progress = silent) -> None:
        """Load or download what the first value needs. Raises MMError if it cannot be had."""
        self.network()

    @property
    def dims(self) -> int:
        height, width = patch_size(self.size, self.grid)
        return 3 * height * width if self.tune else self.width

    def prepare(self, values: Sequence[Image]) -> Tokens:
        """Images [H, W] or [H, W, 3] uint8 -> Tokens [B, rows * columns, D]. Raises BadInput for anything else."""
        read = self._patches if self.tune else self._features
        parts = [read(values[start : start + BATCH]) for start in range(0, len(values), BATCH)]
        tokens = torch.cat(parts).contiguous()
        return Tokens(tokens, torch.ones(tokens.shape[:2], dtype=torch.bool))

    def places(self, value: Image) -> list[Place]:
        return boxes(self.grid)

    def module(self) -> nn.Module | None:
        """A copy of the network that learns, or None if it is frozen."""
        if not self.tune:
            return None
        return TunedImageNetwork(copy.deepcopy(self.network()).requires_grad_(True), self.width, self.grid, self.size)

    def layers(self, value: Image, module: nn.Module | None = None) -> list[Layer]:
        """Feature maps layer by layer, from edges to parts. module: a tuned one (see `module`), else as published."""
        network = self.network() if module is None else module.get_submodule("maps")
        shown = {
            name.removeprefix("network."): (network.get_submodule(name), count) for name, count in self.shown.items()
        }
        return seen(network, self.pixels([value]), shown)

    def suits(self, value: Image) -> str | None:
        return reason_against(value, self.size)

    def parameter_count(self) -> int:
        return self.weight_count

    def pixels(self, values: Sequence[Image]) -> Tensor:
        """[B, 3, *size] as the network was trained to see them."""
        images = torch.stack([scaled(image, self.size, self.mean, self.std, self.mode) for image in values])
        return images.to(memory_format=torch.channels_last)

    def _patches(self, values: Sequence[Image]) -> Tensor:
        return as_patches(self.pixels(values), self.grid)

    def _features(self, values: Sequence[Image]) -> Tensor:
        network = self.network()
        with torch.no_grad():
            return network(self.pixels(values)).flatten(2).transpose(1, 2)


class TunedImageNetwork(OnPixels):
    """A network whose weights go on learning. It stays in evaluation mode: statistics of normalisation layers are those
    of its first training, which a small cohort would spoil, and chance comes from the head alone."""

    def train(self, mode: bool = True) -> TunedImageNetwork:
        return super().train(False)


class Maps(nn.Module):
    """The last feature map of a network, [B, 3, *size] -> [B, width, *grid], whatever shape it comes in."""

    def __init__(self, network: nn.Module, say: Callable[[nn.Module, Tensor], Tensor], width: int, grid: Grid) -> None:
        super().__init__()
        self.network, self.say, self.width, self.grid = network, say, width, grid

    def forward(self, images: Tensor) -> Tensor:
        return as_maps(self.say(self.network, images), self.width, self.grid)


def frozen(network: nn.Module) -> nn.Module:
    """The network as all encoders share it."""
    return network.eval().requires_grad_(False).to(memory_format=torch.channels_last)
