"""Protects networks of timm: the right weights for the name, from a file or the hub's cache, or a reason."""

from __future__ import annotations

import pytest
import torch

from mmcore.base.errors import BadInput, NotFound, Unavailable
from mmcore.encoders import encoders, make
from mmcore.encoders.image import any_timm
from tests.encoders.image.shared import GREY, PHOTO, SPEC


@pytest.mark.parametrize("name", ["test_efficientnet", "test_vit"])
def test_any_timm_network_from_a_file(tiny, name):
    import timm

    encoder = make("timm", SPEC, model=name, weights=tiny[name])
    tokens = encoder.prepare([PHOTO, GREY])
    assert tokens.values.shape == (2, len(encoder.places(PHOTO)), encoder.dims)
    bare = timm.create_model(name, checkpoint_path=tiny[name]).eval()
    bare.reset_classifier(0)
    with torch.no_grad():
        output = bare.forward_features(encoder.pixels([PHOTO]))
    output = (
        output.flatten(2).transpose(1, 2) if output.dim() == 4 else output[:, 1:]
    )  # a ViT says its class token first
    torch.testing.assert_close(tokens.values[:1], output)
    assert encoder.parameter_count() == sum(p.numel() for p in encoder.network().parameters())


def test_timm_names_the_nearest_and_insists_on_the_right_weights(tiny, tmp_path):
    with pytest.raises(NotFound, match="Did you mean 'resnet18'"):
        make("timm", SPEC, model="resnet19")
    with pytest.raises(NotFound, match=r"resnet18\.a1_in1k"):
        make("timm", SPEC, model="resnet18.nobody")
    with pytest.raises(BadInput, match="no file of weights"):
        make("timm", SPEC, model="test_vit", weights="/nowhere.pth")
    with pytest.raises(BadInput, match="does not hold the weights of test_vit"):
        make("timm", SPEC, model="test_vit", weights=tiny["test_efficientnet"]).prepare([PHOTO])
    for name in ("broken.safetensors", "broken.pth"):
        (tmp_path / name).write_bytes(b"<html>Please sign in</html>")
        with pytest.raises(BadInput, match="does not hold the weights of test_vit"):
            make("timm", SPEC, model="test_vit", weights=str(tmp_path / name)).prepare([PHOTO])
    with pytest.raises(BadInput, match="no map of an image"):
        make("timm", SPEC, model="coat_tiny")


def test_timm_offline_takes_what_the_cache_of_the_hub_holds(tiny, monkeypatch):
    import huggingface_hub

    monkeypatch.setattr(huggingface_hub, "try_to_load_from_cache", lambda *_names: None)
    with pytest.raises(Unavailable, match="HF_HOME"):
        make("timm", SPEC, model="test_vit")
    monkeypatch.setattr(
        huggingface_hub,
        "try_to_load_from_cache",
        lambda hub, name: tiny["test_vit"] if (hub, name) == ("timm/test_vit.r160_in1k", "model.safetensors") else None,
    )
    here = make("timm", SPEC, model="test_vit").prepare([PHOTO]).values
    assert torch.equal(here, make("timm", SPEC, model="test_vit", weights=tiny["test_vit"]).prepare([PHOTO]).values)


def test_timm_offline_is_listed_as_in_need_of_a_file_and_works_with_one(tiny, monkeypatch):
    import huggingface_hub
    import timm

    monkeypatch.setattr(huggingface_hub, "try_to_load_from_cache", lambda *_names: None)
    reason = encoders["timm"].unavailable()
    assert "Needs a local file" in reason and "network" in reason and "HF_HOME" in reason
    with pytest.raises(Unavailable, match="local file"):
        make("timm", SPEC)
    assert make("timm", SPEC, model="test_vit", weights=tiny["test_vit"]).prepare([PHOTO]).mask.all()
    monkeypatch.setattr(huggingface_hub, "try_to_load_from_cache", lambda *_names: "/kept/model.safetensors")
    assert encoders["timm"].unavailable() is None
    assert timm.get_pretrained_cfg(any_timm.DEFAULT).hf_hub_id == any_timm.ITS_HUB, "asked of without loading timm"


def test_timm_online_tries_the_names_weights_have_on_the_hub(tiny, monkeypatch):
    import huggingface_hub
    from huggingface_hub.errors import LocalEntryNotFoundError, RemoteEntryNotFoundError

    from mmcore.encoders.image.timm_files import file_of
    from mmcore.storage import hosts

    requested = []

    def download(hub, name):
        requested.append((hub, name))
        if name == "model.safetensors":
            raise RemoteEntryNotFoundError.__new__(RemoteEntryNotFoundError)  # made whole from a response only
        return tiny["test_vit"]

    def fails(hub, name):
        raise LocalEntryNotFoundError("connection lost")

    monkeypatch.delenv("MMCORE_OFFLINE")
    monkeypatch.setattr(hosts, "answers", lambda url: True)
    monkeypatch.setattr(huggingface_hub, "try_to_load_from_cache", lambda *_names: None)
    monkeypatch.setattr(huggingface_hub, "hf_hub_download", download)
    steps = []
    assert file_of("net", {"hf_hub_id": "timm/net"}, "", steps.append) == tiny["test_vit"] and steps
    assert requested == [("timm/net", "model.safetensors"), ("timm/net", "pytorch_model.bin")]
    monkeypatch.setattr(huggingface_hub, "hf_hub_download", fails)
    with pytest.raises(Unavailable, match="connection lost"):
        file_of("net", {"hf_hub_id": "timm/net"}, "")


def test_other_weights_are_another_encoder(tiny, tmp_path):
    file = tmp_path / "net.safetensors"
    file.write_bytes(b"one")
    first = make("timm", SPEC, model="test_vit", weights=str(file)).identity()
    file.write_bytes(b"two and more")
    assert make("timm", SPEC, model="test_vit", weights=str(file)).identity() != first
