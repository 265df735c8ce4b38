"""Any network of timm, by its name there."""

from __future__ import annotations

import difflib
import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import torch
from safetensors import SafetensorError
from torch import Tensor, nn

from mmcore.base.errors import BadInput, NotFound, Unavailable
from mmcore.base.modules import missing_packages
from mmcore.base.progress import Progress, silent
from mmcore.base.settings import N_, _
from mmcore.base.values import InputSpec
from mmcore.encoders.base import encoders
from mmcore.encoders.image.feature_maps import as_maps, spread_out
from mmcore.encoders.image.pixels import Grid
from mmcore.encoders.image.pretrained import Maps, Pretrained, frozen
from mmcore.encoders.image.timm_files import digest, file_of, first_line, out_of_reach, where
from mmcore.encoders.loading import once

DEFAULT, ITS_HUB = "convnext_tiny", "timm/convnext_tiny.in12k_ft_in1k"  # known without loading timm
_HEADS = {"head", "head_dist", "pre_logits", "conv_head", "norm_head", "fc_norm", "attn_pool"}  # what a classifier adds
_DAMAGED = (
    SafetensorError,
    RuntimeError,
    OSError,
    EOFError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    pickle.UnpicklingError,
)


@encoders.register("timm")
class AnyTimm(Pretrained):
    """Any network of the timm library: ConvNeXt, EfficientNet, Swin, DINOv2 and a thousand more.

    The last feature map, a token per cell (of a transformer: per patch). Size and colours as the network was trained.
    Weights come from the Hugging Face hub on first use and stay in its cache (HF_HOME), or from a file.

    model: name in timm, with or without a tag after a dot that names the training
    weights: file of weights on this machine (.safetensors or .pth); empty: from the Hugging Face hub
    tune: continue training its weights in the run; slow without a GPU
    """

    citation = "Wightman, PyTorch Image Models, 2019; and the paper of the network"
    licence = N_("Apache-2.0 (timm); weights: see the card of the network on the Hugging Face hub")
    trained_on = N_("what the tag of its name says, mostly ImageNet (photographs; not medical)")
    naming_options = frozenset({"model", "weights"})

    def __init__(self, spec: InputSpec, *, model: str = DEFAULT, weights: str = "", tune: bool = False) -> None:
        if absent := missing_packages("timm"):
            raise Unavailable(_("timm is not installed."), absent)
        super().__init__(spec, tune=tune)
        self.model, self.weights = model, weights
        facts = _facts(model)
        self.width, self.weight_count, self.grid, self.shown = facts.width, facts.weights, facts.grid, facts.shown
        self.size, self.mean, self.std, self.mode = facts.size, facts.mean, facts.std, facts.mode
        where(model, facts.cfg, weights)

    def ready(self, progress: Progress = silent) -> None:
        file_of(self.model, _facts(self.model).cfg, self.weights, progress)
        self.network()

    def network(self) -> nn.Module:
        return _network(self.model, self.weights)

    def _depends_on_spec(self) -> Any:
        return digest(self.weights) if self.weights else None

    @classmethod
    def unavailable(cls) -> str | None:
        return missing_packages("timm") or out_of_reach(DEFAULT, ITS_HUB)


@dataclass(frozen=True, eq=False)
class NetworkFacts:
    """What is known of a network without its weights. shown: see Pretrained. unused: children that make
    no map. cfg: timm's own record."""

    name: str
    width: int
    grid: Grid
    size: Grid
    mean: Sequence[float]
    std: Sequence[float]
    mode: str
    shown: Mapping[str, int]
    weights: int
    unused: tuple[str, ...]
    cfg: Mapping[str, Any]


@lru_cache(maxsize=32)
def _facts(name: str) -> NetworkFacts:
    """Raises NotFound for a name timm does not know, BadInput for a network that gives no map of an image."""
    _check_name(name)
    try:
        network = _blank(name)
        cfg = network.pretrained_cfg
        _channels, *size = cfg["input_size"]
        output, unused = _forward(network, torch.zeros(1, 3, *size, device="meta"))
        maps = as_maps(output, network.num_features, _patch_grid(network))
        _without(network, unused)
    except (RuntimeError, ValueError, TypeError, AttributeError) as error:
        # a thousand networks of other people fail in their own ways when no image can go through them
        raise BadInput(
            _("The timm network '{name}' gives no map of an image: {reason}").format(
                name=name, reason=first_line(error)
            ),
            _("Choose another network, for example a ConvNeXt or a ViT."),
        ) from error
    return NetworkFacts(
        name=name,
        width=maps.shape[1],
        grid=(maps.shape[2], maps.shape[3]),
        size=(size[0], size[1]),
        mean=tuple(cfg["mean"]),
        std=tuple(cfg["std"]),
        mode="bicubic" if cfg.get("interpolation") == "bicubic" else "bilinear",
        shown=_worth_a_look(network),
        weights=sum(p.numel() for p in network.parameters()),
        unused=unused,
        cfg=cfg,
    )


def _check_name(name: str) -> None:
    """Raises NotFound with the nearest names: all of them would fill pages."""
    import timm

    arch, _dot, tag = name.partition(".")
    tagged = timm.list_models(f"{arch}.*", pretrained=True)
    if timm.is_model(arch) and (not tag or name in tagged):
        return
    near = difflib.get_close_matches(name, tagged or timm.list_models(), n=8, cutoff=0.4) or tagged[:8]
    raise NotFound(
        _("There is no timm network named '{name}'.").format(name=name),
        _("Did you mean '{near}'? Others: {others}.").format(near=near[0], others=", ".join(near[1:]) or _("none"))
        if near
        else _("timm.list_models() names them all."),
    )


def _forward(network: Any, image: Tensor) -> tuple[Tensor, tuple[str, ...]]:
    """What the network says, and which of its children had no part in it (the layers of a classifier)."""
    used: set[nn.Module] = set()
    hooks = [part.register_forward_hook(lambda part, _given, _out: used.add(part)) for part in network.modules()]
    try:
        with torch.no_grad():
            maps = network.forward_features(image)
    finally:
        for hook in hooks:
            hook.remove()
    return maps, tuple(n for n, child in network.named_children() if n in _HEADS and used.isdisjoint(child.modules()))


def _without(network: nn.Module, children: Sequence[str]) -> None:
    """Take these children out of a network."""
    for name in children:
        setattr(network, name, nn.Identity())


def _blank(name: str) -> Any:
    """The network without classifier and without memory for its weights."""
    import timm

    with torch.device("meta"):
        network: Any = timm.create_model(name, pretrained=False).eval()
        network.reset_classifier(0)
    return network


def _patch_grid(network: nn.Module) -> Grid | None:
    return getattr(getattr(network, "patch_embed", None), "grid_size", None)


def _worth_a_look(network: nn.Module) -> dict[str, int]:
    stages = {stage["module"]: stage["num_chs"] for stage in getattr(network, "feature_info", ()) if stage["module"]}
    return {f"network.{name}": stages[name] for name in spread_out(list(stages))}


@once
def _network(name: str, given: str) -> nn.Module:
    import timm

    facts = _facts(name)
    path = file_of(name, facts.cfg, given)
    try:
        # With the classifier it was trained with every weight must find its place; without, timm would not insist.
        network: Any = timm.create_model(name, pretrained=True, pretrained_cfg_overlay={"file": path})
    except _DAMAGED as error:
        raise BadInput(
            _("{path} does not hold the weights of {name}: {reason}").format(
                path=path, name=name, reason=first_line(error)
            ),
            _("Use the file published for this network."),
        ) from error
    network.reset_classifier(0)
    _without(network, facts.unused)
    return frozen(Maps(network, type(network).forward_features, facts.width, facts.grid))
