"""Protects the image encoders: networks in their published shape, tuning that learns, layers, edges, and warnings."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import numpy as np
import pytest
import torch

from mmcore.base.errors import BadInput, NotFound, Unavailable
from mmcore.base.settings import room
from mmcore.base.values import InputSpec, Kind, Tokens
from mmcore.encoders import encoders, make
from mmcore.encoders.image import any_timm
from mmcore.encoders.image.pixels import as_images, as_patches

SPEC = InputSpec(name="x", kind=Kind.IMAGE, columns=("x",))
RANDOM = np.random.default_rng(0)
PHOTO = RANDOM.integers(0, 255, (90, 130, 3), dtype=np.uint8)
GREY = RANDOM.integers(0, 255, (50, 40), dtype=np.uint8)
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
        said = encoder.body(network)(encoder._images([PHOTO]))
    torch.testing.assert_close(tokens.values[0], said[0].flatten(1).T, rtol=1e-3, atol=1e-3)


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
        image = encoder._images([PHOTO])
        said = torch.nn.Sequential(*list(resnet18.children())[:-2])(image)
    torch.testing.assert_close(tokens.values[0], said[0].flatten(1).T, rtol=1e-3, atol=1e-3)
    average = torch.nn.functional.interpolate(
        torch.from_numpy(PHOTO).permute(2, 0, 1)[None] / 255.0, (224, 224), mode="bilinear", antialias=True
    )
    shown = (average[0].permute(1, 2, 0).numpy() - encoder.mean) / encoder.std
    np.testing.assert_allclose(image[0].permute(1, 2, 0).numpy(), shown, atol=1e-5)


def test_a_damaged_file_of_weights_says_so(monkeypatch):
    part = part_of("resnet18")
    (room("weights") / part.file).write_bytes(b"<html>Please sign in</html>")
    with pytest.raises(BadInput, match="does not hold the weights of resnet18") as error:
        make("resnet18", SPEC).prepare([PHOTO])
    assert "Delete" in error.value.hint


def test_weights_that_cannot_be_had_stop_a_cohort_at_once(monkeypatch):
    """Not case by case, each set aside for the same reason."""
    from mmcore.cohorts import open_cohort
    from mmcore.features import encode

    part, cohort = part_of("resnet18"), open_cohort("heart", cases=12)
    monkeypatch.setattr(part, "unavailable", classmethod(lambda cls: None))
    with pytest.raises(Unavailable, match=re.escape(part.file)):
        encode(cohort, "xray", make("resnet18", cohort.inputs["xray"]))


@pytest.mark.parametrize("name", ["test_efficientnet", "test_vit"])
def test_any_timm_network_from_a_file(tiny, name):
    import timm

    encoder = make("timm", SPEC, model=name, weights=tiny[name])
    tokens = encoder.prepare([PHOTO, GREY])
    assert tokens.values.shape == (2, len(encoder.places(PHOTO)), encoder.dims)
    bare = timm.create_model(name, checkpoint_path=tiny[name]).eval()
    bare.reset_classifier(0)
    with torch.no_grad():
        said = bare.forward_features(encoder._images([PHOTO]))
    said = said.flatten(2).transpose(1, 2) if said.dim() == 4 else said[:, 1:]  # a ViT says its class token first
    torch.testing.assert_close(tokens.values[:1], said)
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

    asked = []

    def download(hub, name):
        asked.append((hub, name))
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
    assert asked == [("timm/net", "model.safetensors"), ("timm/net", "pytorch_model.bin")]
    monkeypatch.setattr(huggingface_hub, "hf_hub_download", fails)
    with pytest.raises(Unavailable, match="connection lost"):
        file_of("net", {"hf_hub_id": "timm/net"}, "")


def test_timm_files_are_checked_by_the_digest_in_their_name(tmp_path, monkeypatch):
    from mmcore.encoders.image.timm_files import file_of

    monkeypatch.setenv("MMCORE_MIRROR", str(tmp_path))
    monkeypatch.delenv("MMCORE_OFFLINE")
    right = f"net-{hashlib.sha256(b'weights').hexdigest()[:8]}.pth"
    for name in (right, "net-0123abcd.pth", "net.pth.tar"):
        (tmp_path / name).write_bytes(b"weights")
    for name in (right, "net.pth.tar"):
        assert Path(file_of("net", {"url": f"https://weights.example/{name}"}, "")).read_bytes() == b"weights"
    with pytest.raises(Unavailable, match="damaged"):
        file_of("net", {"url": "https://weights.example/net-0123abcd.pth"}, "")


def test_other_weights_are_another_encoder(tiny, tmp_path):
    file = tmp_path / "net.safetensors"
    file.write_bytes(b"one")
    first = make("timm", SPEC, model="test_vit", weights=str(file)).identity()
    file.write_bytes(b"two and more")
    assert make("timm", SPEC, model="test_vit", weights=str(file)).identity() != first


@pytest.mark.parametrize(("size", "grid"), [((64, 64), (8, 8)), ((30, 47), (4, 5))])
def test_patches_can_be_put_together_again(size, grid):
    images = torch.rand(2, 3, *size)
    patches = as_patches(images, grid)
    assert patches.shape[1] == grid[0] * grid[1]
    torch.testing.assert_close(as_images(patches, grid, size), images)
    assert torch.equal(patches[:, 0].reshape(2, 3, -1)[:, :, 0], images[:, :, 0, 0]), "in reading order"


def tuned(name: str, tiny):
    """(tuned, frozen) of the same network."""
    options = {"model": "test_efficientnet", "weights": tiny["test_efficientnet"]} if name == "timm" else {}
    if encoders[name].unavailable():
        pytest.skip(encoders[name].unavailable())
    return make(name, SPEC, **options, tune=True), make(name, SPEC, **options)


@pytest.mark.parametrize("name", ["timm", "efficientnet_lite0"])
def test_a_tuned_network_starts_where_the_frozen_one_stands(name, tiny):
    tuning, frozen = tuned(name, tiny)
    assert (
        tuning.trains_in_run
        and tuning.raw
        and tuning.learning_rate_scale < 1
        and not frozen.trains_in_run
        and frozen.module() is None
    )
    tokens = tuning.prepare([PHOTO, GREY])
    assert tokens.values.shape == (2, len(tuning.places(PHOTO)), tuning.dims)
    assert tuning.identity() != frozen.identity()
    module = tuning.module().train()
    assert not any(part.training for part in module.modules()), "statistics of normalisation layers are kept"
    out = module(Tokens(tokens.values.half().float(), tokens.mask))
    known = frozen.prepare([PHOTO, GREY]).values
    assert out.values.shape == known.shape and module.dims == frozen.dims
    torch.testing.assert_close(out.values, known, rtol=0.02, atol=0.02 * float(known.abs().max()))


def test_tuning_reaches_the_first_layer_and_spares_the_frozen_network(tiny):
    tuning, frozen = tuned("timm", tiny)
    module, tokens = tuning.module(), tuning.prepare([PHOTO, GREY])
    before = frozen.prepare([PHOTO]).values
    statistics = {name: value.clone() for name, value in module.named_buffers()}
    stepper = torch.optim.SGD(module.parameters(), 0.1)
    module(tokens).values.square().sum().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in module.parameters())
    stepper.step()
    assert all(torch.equal(value, statistics[name]) for name, value in module.named_buffers())
    assert torch.equal(frozen.prepare([PHOTO]).values, before)
    assert not torch.equal(tuning.module()(tokens).values, module(tokens).values), "each replicate starts afresh"


@pytest.mark.parametrize("name", ["timm", "small_cnn"])
def test_a_batch_in_which_everyone_misses_the_image(name, tiny):
    encoder = tuned(name, tiny)[0] if name == "timm" else make(name, SPEC)
    module = encoder.module()
    out = module(Tokens(torch.zeros(3, 1, encoder.dims), torch.zeros(3, 1, dtype=torch.bool)))
    assert out.values.shape == (3, 1, module.dims) and not out.values.any()


def test_layers_show_the_strongest_channels(tiny):
    encoder = make("timm", SPEC, model="test_efficientnet", weights=tiny["test_efficientnet"])
    layers = encoder.layers(GREY)
    assert 4 <= len(layers) <= 6
    for layer in layers:
        assert layer.maps.dtype == np.float32 and len(layer.channels) == len(layer.maps) <= 64
        assert (np.diff(layer.maps.std((1, 2))) <= 1e-6).all() and len({*layer.channels}) == len(layer.channels)
    sizes = [layer.maps.shape[1] for layer in layers]
    assert sizes == sorted(sizes, reverse=True), "from fine to coarse"
    stage = encoder.network().get_submodule("network.blocks.0")
    said = []
    hook = stage.register_forward_hook(lambda _module, _given, out: said.append(out))
    encoder.prepare([GREY])
    hook.remove()
    np.testing.assert_allclose(layers[0].maps, said[0][0].numpy()[layers[0].channels], atol=1e-5)
    assert not stage._forward_hooks, "nothing is left listening"


def test_layers_of_a_transformer_are_maps_of_its_patches(tiny):
    layers = make("timm", SPEC, model="test_vit", weights=tiny["test_vit"]).layers(PHOTO)
    assert {layer.maps.shape[1:] for layer in layers} == {(10, 10)}


def test_layers_of_a_trained_part(tiny):
    cnn = make("small_cnn", SPEC, side=32, filters=8)
    assert all("not trained" in layer.name for layer in cnn.layers(GREY))
    module = cnn.module()
    module.maps.layer1[0].weight.data.zero_()
    own = cnn.layers(GREY, module)
    assert [layer.name for layer in own] == ["layer1", "layer2", "layer3", "layer4"] and not own[0].maps.any()


class Kept:
    """What an encoder said of some images, held in memory."""

    def __init__(self, encoder, images) -> None:
        self.all, self.dims = encoder.prepare(images), encoder.dims
        self.counts = self.all.mask.sum(1).numpy()

    def tokens(self, rows=None) -> Tokens:
        rows = torch.arange(len(self.counts)) if rows is None else torch.as_tensor(np.asarray(rows))
        return Tokens(self.all.values[rows], self.all.mask[rows])


def bars(count: int) -> tuple[list[np.ndarray], np.ndarray]:
    """Images of upright (0) or lying (1) bars at chance places, and which."""
    chance, images, target = np.random.default_rng(1), [], np.arange(count) % 2
    for lying in target:
        image = chance.integers(0, 40, (32, 32), dtype=np.uint8)
        image[4 * chance.integers(0, 7) :: 16] += 160
        images.append(image if lying else image.T.copy())
    return images, target


@pytest.mark.parametrize("name", ["small_cnn", "timm"])
def test_learns_in_a_run_and_attention_lies_on_places(name, tiny):
    from mmcore.training import FitPlan, TrainingData, TrainingSpec, fit
    from mmcore.training.tasks import Task

    images, target = bars(48)
    encoder = tuned("timm", tiny)[0] if name == "timm" else make(name, SPEC, side=32, filters=8)
    rows = np.arange(48)
    task = Task(name="binary", classes=("upright", "lying"))
    spec = TrainingSpec(epochs=25 if name == "small_cnn" else 1, learning_rate=3e-3, batch_size=12, width=16)
    fitted = fit(
        TrainingData({"x": Kept(encoder, images)}, target, task, [(rows[:36], rows[36:])], encoders={"x": encoder}),
        FitPlan("cross_attention", ["x"], training=spec, seeds=1),
    )
    if name == "small_cnn":
        assert (fitted.outputs[0, 36:, -1].round() == target[36:]).mean() > 0.9
    else:
        first = "learnt.0.maps.network.conv_stem.weight"
        assert not torch.equal(fitted.weights[first][0], encoder.network().state_dict()[first[14:]])
    said = fitted.run({"x": encoder.prepare(images[36:40])})
    assert said.attention.tokens["x"].shape == (1, 4, len(encoder.places(images[0])))
    np.testing.assert_allclose(said.probabilities[0], fitted.outputs[0, 36:40], atol=1e-4)


def test_hog_tells_directions_and_places():
    encoder = make("hog", SPEC, cells=4, waves=1)
    image = np.full((32, 32), 40, np.uint8)
    image[:, 16:] = 200  # an upright edge in the middle: brightness changes across
    tokens = encoder.prepare([image, image.T.copy(), 255 - image]).values
    upright, lying, negative = tokens.reshape(3, 4, 4, 4, 9)
    edge = upright[:, 1:3].sum((0, 1, 2))
    assert edge.argmax() in (0, 8) and edge[[0, 8]].sum() > 0.9 * edge.sum()
    assert lying[1:3].sum((0, 1, 2)).argmax() == 4
    assert not upright[:, 0].any() and not upright[:, 3].any(), "nothing where nothing is"
    torch.testing.assert_close(negative.sum((2, 3)) > 0, upright.sum((2, 3)) > 0)


def test_hog_outlives_averaging():
    """Averaged over cells, only waves tell an edge on the left from one on the right."""
    left = np.full((64, 64), 40, np.uint8)
    left[:, 16:] = 200
    right = np.full((64, 64), 40, np.uint8)
    right[:, 48:] = 200

    def apart(waves: int) -> float:
        a, b = make("hog", SPEC, waves=waves).prepare([left, right]).values.mean(1)
        return float((a - b).norm() / a.norm())

    assert apart(1) < 0.05 and apart(4) > 0.5


def test_hog_reads_real_digits(shared_data):
    """Digits of writers never seen, by a linear head on the averaged tokens; on pixels it reaches 0.88."""
    import pandas as pd
    from PIL import Image
    from sklearn.linear_model import RidgeClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    cases = pd.read_csv(shared_data / "digits_image_audio" / "cases.csv")[::3]
    images = [np.array(Image.open(shared_data / "digits_image_audio" / path).convert("L")) for path in cases["image"]]
    vectors, target = make("hog", SPEC).prepare(images).values.mean(1).numpy(), cases["label"].to_numpy()
    last = cases["group"].isin(cases["group"].unique()[-2:]).to_numpy()
    head = make_pipeline(StandardScaler(), RidgeClassifier(300.0)).fit(vectors[~last], target[~last])
    assert head.score(vectors[last], target[last]) > 0.95


SMOOTH = np.add.outer(np.arange(96), 1.5 * np.arange(96))


@pytest.mark.parametrize(
    ("what", "image", "words"),
    [
        ("constant", np.full((64, 64), 90), "flat"),
        ("kept in 0..1", (SMOOTH > 100), "0..1"),
        ("12 bits by 256", SMOOTH * 15 / SMOOTH.max(), "more than 8 bits"),
        ("lower half of 16 bits", SMOOTH * 12 % 256, "lower half"),
        ("8 x 8", np.arange(64).reshape(8, 8) * 4, "Only 8 x 8"),
    ],
)
def test_warns_of_images_of_the_wrong_range(what, image, words, tiny):
    encoder = make("timm", SPEC, model="test_vit", weights=tiny["test_vit"])
    assert words in encoder.suits(np.asarray(image).astype(np.uint8)), what


def test_does_not_warn_of_real_images(tiny):
    from sklearn.datasets import load_digits, load_sample_image

    encoder = make("timm", SPEC, model="test_vit", weights=tiny["test_vit"])
    text = np.full((64, 64), 255, np.uint8)
    text[10:50:6, 8:40] = 0
    for image in (load_sample_image("flower.jpg"), load_sample_image("china.jpg")[..., 0], GREY, text):
        assert encoder.suits(image) is None
    digit = (load_digits().images[0] * 15).astype(np.uint8)
    assert make("hog", SPEC).suits(digit) is None and make("small_cnn", SPEC).suits(digit) is None
