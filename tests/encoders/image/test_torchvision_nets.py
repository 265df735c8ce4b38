"""Protects torchvision's networks: the published weights, fetched once and checked, or a reason."""

from __future__ import annotations

import hashlib
import re

import numpy as np
import pytest
import torch

from mmcore.base.errors import Unavailable
from mmcore.base.settings import room
from mmcore.encoders import encoders, make
from tests.encoders.image.shared import GREY, PHOTO, SPEC

TORCHVISION = ["resnet18", "resnet50", "vgg16", "densenet121", "vit_b_16"]


def part_of(name: str):
    pytest.importorskip("torchvision")
    return encoders[name]


def blank(name: str) -> torch.nn.Module:
    """The whole network of torchvision, without memory for its weights."""
    from torchvision.models import get_model

    with torch.device("meta"):
        return get_model(name, weights=None).eval()


@pytest.fixture
def mirrored(tmp_path, monkeypatch):
    """mirrored(name): random weights of that network at a mirror, named after their digest as the true ones are."""
    from torchvision.models import get_model

    modules = []

    def laid_out(name: str) -> torch.nn.Module:
        part = part_of(name)
        with torch.random.fork_rng():
            torch.manual_seed(0)
            network = get_model(name)
        (tmp_path / "models").mkdir()
        fresh = tmp_path / "models" / "new.pth"
        torch.save(network.state_dict(), fresh)
        with fresh.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()[:8]
        monkeypatch.setattr(part, "file", f"{name}-{digest}.pth")
        fresh.rename(tmp_path / "models" / part.file)
        monkeypatch.setenv("MMCORE_MIRROR", str(tmp_path))
        monkeypatch.delenv("MMCORE_OFFLINE")
        modules.append(__import__(part.__module__, fromlist=["_network"]))
        modules[-1]._network.forget()
        return network.eval()

    yield laid_out
    for module in modules:
        module._network.forget()


@pytest.fixture
def resnet18(mirrored) -> torch.nn.Module:
    return mirrored("resnet18")


@pytest.mark.parametrize("name", TORCHVISION[1:])
def test_every_network_of_torchvision_works_from_a_folder(name, mirrored):
    network = mirrored(name)
    encoder = make(name, SPEC)
    encoder.ready()
    tokens = encoder.prepare([PHOTO])
    assert tokens.values.shape == (1, len(encoder.places(PHOTO)), encoder.dims) and tokens.mask.all()
    with torch.no_grad():
        output = encoder.body(network)(encoder.pixels([PHOTO]))
    torch.testing.assert_close(tokens.values[0], output[0].flatten(1).T, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("name", TORCHVISION)
def test_networks_of_torchvision_are_what_they_say(name):
    from torchvision.models import get_model_weights

    part = part_of(name)
    published = get_model_weights(name).IMAGENET1K_V1
    assert published.url.endswith(f"/models/{part.file}")
    assert {*part.mean} == {*published.transforms().mean} and {*part.std} == {*published.transforms().std}
    body = part.body(blank(name))
    assert body(torch.empty(2, 3, 224, 224, device="meta")).shape == (2, part.width, *part.grid)
    assert sum(p.numel() for p in body.parameters()) == part.weight_count
    for layer in part.shown:
        body.get_submodule(layer)


@pytest.mark.parametrize("name", TORCHVISION)
def test_without_weights_it_stays_listed_and_says_what_to_do(name):
    part = part_of(name)
    assert name in encoders
    with pytest.raises(Unavailable, match=re.escape(part.file)) as error:
        make(name, SPEC)
    assert str(room("weights") / part.file) in str(error.value)


def test_old_names_of_densenet_find_their_layers():
    part, own = part_of("densenet121"), blank("densenet121").state_dict()
    old = {re.sub(r"(denselayer\d+\.(?:norm|relu|conv))([12])", r"\1.\2", name): value for name, value in own.items()}
    assert old.keys() != own.keys() and part.renamed(old).keys() == own.keys()


def test_resnet18_is_fetched_once_and_says_what_torchvision_says(resnet18):
    steps = []
    encoder = make("resnet18", SPEC)
    encoder.ready(steps.append)
    assert steps and (room("weights") / encoder.file).is_file()
    tokens = encoder.prepare([PHOTO, GREY])
    assert tokens.values.shape == (2, 49, 512) and len(encoder.places(PHOTO)) == 49
    with torch.no_grad():
        image = encoder.pixels([PHOTO])
        output = torch.nn.Sequential(*list(resnet18.children())[:-2])(image)
    torch.testing.assert_close(tokens.values[0], output[0].flatten(1).T, rtol=1e-3, atol=1e-3)
    average = torch.nn.functional.interpolate(
        torch.from_numpy(PHOTO).permute(2, 0, 1)[None] / 255.0, (224, 224), mode="bilinear", antialias=True
    )
    shown = (average[0].permute(1, 2, 0).numpy() - encoder.mean) / encoder.std
    np.testing.assert_allclose(image[0].permute(1, 2, 0).numpy(), shown, atol=1e-5)


def test_a_damaged_file_of_weights_says_so(monkeypatch):
    part = part_of("resnet18")
    (room("weights") / part.file).write_bytes(b"<html>Please sign in</html>")
    with pytest.raises(Unavailable, match="are damaged") as error:
        make("resnet18", SPEC).prepare([PHOTO])
    assert "Remove" in error.value.hint


def test_weights_that_cannot_be_had_stop_a_cohort_at_once(monkeypatch):
    """Not case by case, each set aside for the same reason."""
    from mmcore.cohorts import open_cohort
    from mmcore.features import encode

    part, cohort = part_of("resnet18"), open_cohort("heart", cases=12)
    monkeypatch.setattr(part, "unavailable", classmethod(lambda cls: None))
    with pytest.raises(Unavailable, match=re.escape(part.file)):
        encode(cohort, "xray", make("resnet18", cohort.inputs["xray"]))
