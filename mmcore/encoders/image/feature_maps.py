"""What a network sees on the way: the strongest feature maps of some of its layers."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

CHANNELS = 64  # kept of each layer
DEPTHS = 6  # layers shown at most


@dataclass(frozen=True, eq=False)
class Layer:
    """maps: [C, H, W] float32, the strongest channel first, C at most 64; channels: their numbers in the network.

    A channel is strong if it varies much over the image. total: channels the layer has.
    """

    name: str
    maps: np.ndarray
    channels: list[int]
    total: int


def seen(
    network: Callable[[Tensor], Tensor], image: Tensor, layers: Mapping[str, tuple[nn.Module, int]]
) -> list[Layer]:
    """Run the network on one image [1, 3, S, S] and keep what these layers say.

    layers: name -> the module and how many channels it gives (which tells channels first from channels last).
    """
    shown = []
    for name, out in outputs_of(network, image, {name: module for name, (module, _count) in layers.items()}).items():
        with suppress(ValueError):  # an unusual network's layer that gives no map is not shown
            shown.append(layer(name, as_maps(out, layers[name][1])[0]))
    return shown


def outputs_of(
    network: Callable[[Tensor], Tensor], images: Tensor, layers: Mapping[str, nn.Module]
) -> dict[str, Tensor]:
    """What these layers give when the network reads images [B, 3, H, W], in the order in which they are passed."""
    outputs, own = dict[str, Tensor](), threading.get_ident()

    def keep(name: str) -> Callable[..., None]:
        def hook(_module: nn.Module, _given: object, out: Tensor | tuple[Tensor, ...] | list[Tensor]) -> None:
            if threading.get_ident() == own:  # the network is shared with threads that read other images
                outputs.setdefault(name, out[0] if isinstance(out, (tuple, list)) else out)

        return hook

    hooks = [module.register_forward_hook(keep(name)) for name, module in layers.items()]
    try:
        with torch.no_grad():
            network(images)
    finally:
        for hook in hooks:
            hook.remove()
    return outputs


def layer(name: str, maps: Tensor) -> Layer:
    """The strongest channels of maps [C, H, W]."""
    maps = maps.detach().float()
    strength = maps.flatten(1).std(1, correction=0) if maps[0].numel() > 1 else maps.flatten(1).abs().mean(1)
    strongest = strength.argsort(descending=True, stable=True)[:CHANNELS]
    return Layer(name, maps[strongest].cpu().numpy(), strongest.tolist(), len(maps))


def as_maps(output: Tensor, channels: int, grid: tuple[int, int] | None = None) -> Tensor:
    """What a layer gives as [B, C, H, W]: maps with channels first or last, or tokens [B, N, C].

    Tokens that come before those of the patches (a class token) are left out. Raises ValueError if it is none of these.
    """
    if output.dim() == 4 and output.shape[1] == channels:
        return output
    if output.dim() == 4 and output.shape[3] == channels:
        return output.permute(0, 3, 1, 2)
    if output.dim() == 3 and output.shape[2] == channels:
        side = math.isqrt(output.shape[1])
        rows, columns = grid if grid and grid[0] * grid[1] <= output.shape[1] else (side, side)
        return output[:, output.shape[1] - rows * columns :].transpose(1, 2).unflatten(2, (rows, columns))
    raise ValueError(f"an output of shape {tuple(output.shape)} is no map of {channels} channels")


def spread_out(names: Sequence[str], most: int = DEPTHS) -> list[str]:
    """At most `most` of the names, evenly chosen, first and last among them."""
    if len(names) <= most:
        return list(names)
    return [names[round(i * (len(names) - 1) / (most - 1))] for i in range(most)]
