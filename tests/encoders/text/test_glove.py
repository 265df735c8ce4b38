"""Protects published word vectors, as they are and tuned in a run."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from mmcore.base.errors import Unavailable
from mmcore.base.values import Tokens
from mmcore.encoders import make
from mmcore.encoders.text import tuned_vectors
from tests.encoders.text.shared import SPEC, InMemory


def test_words_glove_puts_beside_each_other():
    try:
        encoder = make("glove_6b_50d", SPEC)
    except Unavailable as error:
        pytest.skip(str(error))
    near = encoder.neighbours("Doctor", 4)
    assert len(near) == 4 and "physician" in dict(near) and "doctor" not in dict(near)
    assert [cosine for _word, cosine in near] == sorted(dict(near).values(), reverse=True)
    assert encoder.neighbours("qwzxkk") == []


class TestTunedGlove:
    """Protects fine-tuning of word vectors: it starts as published, moves what was trained on, and stays small."""

    TEXTS = ("No chest pain, qwzxkk.", "Chest pain and fever", "", "fever " * 2000)

    @pytest.fixture
    def tuned(self):
        try:
            return make("glove_6b_50d", SPEC, tune=True)
        except Unavailable as error:
            pytest.skip(str(error))

    def test_starts_where_the_published_vectors_stand(self, tuned):
        assert tuned.trains_in_run and tuned.fits_on_fold and tuned.raw and tuned.dims == 1 and tuned.dtype == "float32"
        frozen, texts = make("glove_6b_50d", SPEC), list(self.TEXTS[:3])
        held = InMemory(tuned, texts)
        out = tuned.module()(tuned.fit(held, np.arange(2))(held.all))
        torch.testing.assert_close(out.values, frozen.prepare(texts).values)
        assert frozen.module() is None and frozen.fit(InMemory(frozen, texts), np.arange(2)) is None
        assert held.counts.tolist() == [len(tuned.places(text)) for text in texts]
        assert tuned.prepare([self.TEXTS[3]]).mask.sum() == 1024 == len(tuned.places(self.TEXTS[3]))
        assert tuned.identity() != frozen.identity()

    def test_only_words_of_the_training_fold_move(self, tuned):
        held = InMemory(tuned, list(self.TEXTS[:3]))
        part, module = tuned.fit(held, np.arange(1)), tuned.module()
        tokens = part(held.all)
        before = module(tokens).values.detach()
        module(tokens).values.sum().backward()
        with torch.no_grad():
            module.moves.weight -= module.moves.weight.grad
        moves = (module(tokens).values != before).any(-1)
        assert moves[0].tolist() == [True] * 4 + [False, True], "a word without a vector stays"
        assert moves[1].tolist()[:4] == [True, True, False, False] and not moves[2].any()
        again = type(part).restore(part.state())
        assert torch.equal(again(held.all).values, tokens.values)

    def test_padding_and_missing_cases_change_nothing(self, tuned):
        held = InMemory(tuned, list(self.TEXTS[:3]))
        held.all.mask[1] = False
        part, module = tuned.fit(held, np.array([0, 2])), tuned.module()
        out = module(part(held.all)).values
        assert not out[1].any()
        longer = [torch.nn.functional.pad(held.all.values, (0, 0, 0, 5), value=7.0)]
        longer += [torch.nn.functional.pad(held.all.mask, (0, 5))]
        assert torch.equal(module(part(Tokens(*longer))).values[:, : out.shape[1]], out)

    def test_is_small_and_keeps_to_the_most_frequent_words(self, tuned, monkeypatch):
        module = tuned.module()
        assert all(value.numel() < 500_000 for value in module.state_dict().values()), "no table of all words is kept"
        monkeypatch.setattr(tuned_vectors, "WORDS", 1)
        held = InMemory(tuned, ["fever fever pain", "pain fever chest"])
        part = tuned.fit(held, np.arange(2))
        assert (part(held.all).values[..., 0] > 0).tolist() == [[True, True, False], [False, True, False]]
