"""The classics of torchvision with ImageNet weights, downloaded on first use."""

from __future__ import annotations

import pickle
import re
from abc import abstractmethod
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from mmcore.base.errors import BadInput
from mmcore.base.modules import missing_packages
from mmcore.base.progress import Progress, silent
from mmcore.base.settings import N_, _
from mmcore.encoders.base import encoders
from mmcore.encoders.image.pretrained import Maps, Pretrained, frozen
from mmcore.encoders.loading import once
from mmcore.storage import weights

HOST = "https://download.pytorch.org/models/"


class Torchvision(Pretrained):
    """A network of torchvision. A subclass names the file of its weights and the part of the network that is used."""

    licence = N_("BSD-3-Clause (torchvision and its weights); ImageNet is for research")
    file: ClassVar[str]  # at HOST; the digits before its ending begin its SHA-256

    @classmethod
    def unavailable(cls) -> str | None:
        return missing_packages("torchvision") or weights.obstacle(HOST + cls.file, cls.file, sha256=_digest(cls.file))

    def ready(self, progress: Progress = silent) -> None:
        weights.fetched(HOST + self.file, self.file, sha256=_digest(self.file), progress=progress)
        self.network()

    def network(self) -> nn.Module:
        return _network(type(self))

    @classmethod
    @abstractmethod
    def body(cls, network: nn.Module) -> nn.Module:
        """What leads to the last feature map: [B, 3, 224, 224] -> [B, width, *grid]."""

    @classmethod
    def renamed(cls, state: Mapping[str, Tensor]) -> Mapping[str, Tensor]:
        """Weights under today's names of the layers."""
        return state


class ResNet(Torchvision):
    """Residual networks."""

    citation = "He et al., Deep Residual Learning for Image Recognition, CVPR 2016"

    @classmethod
    def body(cls, network: nn.Module) -> nn.Module:
        used = ("conv1", "bn1", "relu", "maxpool", "layer1", "layer2", "layer3", "layer4")
        return nn.Sequential(OrderedDict((name, network.get_submodule(name)) for name in used))


@encoders.register("resnet18")
class ResNet18(ResNet):
    """ResNet-18: the small classic among networks for photographs.

    The last feature map as 7 x 7 tokens of 512 dimensions. Weights: 45 MB, downloaded on first use.

    tune: continue training its weights in the run; slow without a GPU
    """

    file = "resnet18-f37072fd.pth"
    width, weight_count = 512, 11_176_512
    shown = {"relu": 64, "layer1": 64, "layer2": 128, "layer3": 256, "layer4": 512}


@encoders.register("resnet50")
class ResNet50(ResNet):
    """ResNet-50: the network most studies of medical images start from.

    The last feature map as 7 x 7 tokens of 2048 dimensions. Weights: 98 MB, downloaded on first use.

    tune: continue training its weights in the run; very slow without a GPU
    """

    file = "resnet50-0676ba61.pth"
    width, weight_count = 2048, 23_508_032
    shown = {"relu": 64, "layer1": 256, "layer2": 512, "layer3": 1024, "layer4": 2048}


@encoders.register("vgg16")
class VGG16(Torchvision):
    """VGG-16: plain convolutions, one after the other; large, but easy to look into.

    The last feature map as 7 x 7 tokens of 512 dimensions. Weights: 528 MB, downloaded on first use.

    tune: continue training its weights in the run; very slow without a GPU
    """

    citation = "Simonyan & Zisserman, Very Deep Convolutional Networks for Large-Scale Image Recognition, ICLR 2015"
    file = "vgg16-397923af.pth"
    width, weight_count = 512, 14_714_688
    shown = {"features.3": 64, "features.8": 128, "features.15": 256, "features.22": 512, "features.29": 512}

    @classmethod
    def body(cls, network: nn.Module) -> nn.Module:
        return nn.Sequential(OrderedDict(features=network.get_submodule("features")))


@encoders.register("densenet121")
class DenseNet121(Torchvision):
    """DenseNet-121: every layer sees all earlier ones; the usual choice for chest X-rays.

    The last feature map as 7 x 7 tokens of 1024 dimensions. Weights: 31 MB, downloaded on first use.

    tune: continue training its weights in the run; very slow without a GPU
    """

    citation = "Huang et al., Densely Connected Convolutional Networks, CVPR 2017"
    file = "densenet121-a639ec97.pth"
    width, weight_count = 1024, 6_953_856
    shown = {
        "features.relu0": 64,
        "features.denseblock1": 256,
        "features.denseblock2": 512,
        "features.denseblock3": 1024,
        "relu": 1024,
    }

    @classmethod
    def body(cls, network: nn.Module) -> nn.Module:
        return nn.Sequential(OrderedDict(features=network.get_submodule("features"), relu=nn.ReLU()))

    @classmethod
    def renamed(cls, state: Mapping[str, Tensor]) -> Mapping[str, Tensor]:
        # The file is older than a rule against dots in names: "norm.1" is "norm1" now.
        return {re.sub(r"(denselayer\d+\.(?:norm|relu|conv))\.([12])", r"\1\2", name): t for name, t in state.items()}


@encoders.register("vit_b_16")
class ViTB16(Torchvision):
    """ViT-B/16: a transformer that reads an image as a grid of 14 x 14 patches.

    The patches after the last block as tokens of 768 dimensions. Weights: 330 MB, downloaded on first use.

    tune: continue training its weights in the run; very slow without a GPU
    """

    citation = "Dosovitskiy et al., An Image is Worth 16x16 Words, ICLR 2021"
    file = "vit_b_16-c867db91.pth"
    width, weight_count, grid = 768, 85_798_656, (14, 14)
    shown = {f"network.encoder.layers.encoder_layer_{i}": 768 for i in (0, 2, 5, 8, 11)}

    @classmethod
    def body(cls, network: nn.Module) -> nn.Module:
        network.heads = nn.Identity()
        return Maps(network, _patches_of_vit, cls.width, cls.grid)


def _patches_of_vit(network: Any, images: Tensor) -> Tensor:
    """[B, 197, 768], the class token first."""
    patches = network._process_input(images)
    return network.encoder(torch.cat([network.class_token.expand(len(patches), -1, -1), patches], 1))


@once
def _network(part: type[Torchvision]) -> nn.Module:
    from torchvision.models import get_model

    path = weights.fetched(HOST + part.file, part.file, sha256=_digest(part.file))
    with torch.device("meta"):  # nothing is drawn at random only to be overwritten
        network = get_model(part.name, weights=None)
    try:
        stored = torch.load(path, map_location="cpu", weights_only=True)
        network.load_state_dict(part.renamed(stored), assign=True)
    except (RuntimeError, OSError, EOFError, ValueError, TypeError, AttributeError, pickle.UnpicklingError) as error:
        raise BadInput(
            _("{path} does not hold the weights of {name}: {reason}").format(
                path=path, name=part.name, reason=str(error).splitlines()[0] if str(error) else type(error).__name__
            ),
            _("Delete the file; it is then downloaded again."),
        ) from error
    return frozen(part.body(network))


def _digest(file: str) -> str:
    """The beginning of the SHA-256 that torchvision writes into the names of its files."""
    return file.rsplit("-", 1)[1].split(".")[0]
