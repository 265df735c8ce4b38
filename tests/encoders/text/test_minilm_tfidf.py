"""Protects sentences and words together: either half as its own encoder gives it, neither louder than the other."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from mmcore.base.errors import Unavailable
from mmcore.base.values import Tokens
from mmcore.encoders import make
from mmcore.encoders.fitting import fold_parts
from mmcore.encoders.text.codes import code
from mmcore.encoders.text.minilm import WIDTH
from mmcore.encoders.text.minilm_tfidf import SENTENCES, SLOTS, WORDS, _numbers
from tests.encoders.text.shared import HEART, SPEC, TOPICS, InMemory, learnt, written


@pytest.fixture(scope="module")
def encoder():
    try:
        return make("minilm_tfidf", SPEC)
    except Unavailable as error:
        pytest.skip(str(error))


def numbers(encoder, text: str) -> list[int]:
    """Of the terms of a text as it is kept, in half precision."""
    terms = _numbers(encoder.prepare([text]).values[0, :, WIDTH:].half().float())
    return sorted(terms[terms > 0].tolist())


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("No pain, no pain.", ["no", "pain", ",", "no", "pain", ".", "no pain", "pain ,", ", no", "no pain", "pain ."]),
        ("患者胸痛", ["患者", "胸痛", "患者 胸痛"]),
        ("", []),
    ],
)
def test_words_and_pairs_are_kept_by_numbers_that_hardly_ever_collide(encoder, text, terms):
    assert numbers(encoder, text) == sorted(code(term) % 2**22 + 1 for term in terms)


def test_terms_of_a_single_text_are_no_vocabulary(encoder):
    part = learnt(encoder, ["chest pain", "no chest pain", "sudden vertigo"])
    assert set(part.terms.tolist()) == {code(term) % 2**22 + 1 for term in ("chest", "pain", "chest pain")}
    assert not part(encoder.prepare(["sudden vertigo"])).values[..., SENTENCES:].any()


def test_the_states_are_those_of_minilm_and_places_its_word_pieces(encoder):
    plain = make("minilm_l6", SPEC)
    ours, theirs = encoder.prepare(HEART), plain.prepare(HEART)
    assert torch.equal(ours.values[..., :WIDTH], theirs.values) and torch.equal(ours.mask, theirs.mask)
    assert encoder.places(HEART[0]) == plain.places(HEART[0]) and encoder.dims == WIDTH + 2 * SLOTS


def test_of_a_text_that_minilm_cannot_read_only_words_are_read(encoder):
    chinese, english = encoder.prepare(["患者有胸痛和出汗", "Chest pain"]).values
    assert not chinese[:, :WIDTH].any() and chinese[:, WIDTH:].any() and english[:2, :WIDTH].all()


def test_the_words_of_a_case_average_to_latent_semantics_of_its_text(encoder):
    texts = written(TOPICS)
    part, tokens = learnt(encoder, texts), encoder.prepare(texts)
    mean = part(tokens).values.sum(1) / tokens.mask.sum(1, keepdim=True)
    for row, text in enumerate(texts[:8]):
        counts = torch.tensor([numbers(encoder, text).count(term) for term in part.terms.tolist()])
        weighed = torch.where(counts > 0, 1 + counts.clamp(min=1).log(), 0) * part.weight
        torch.testing.assert_close(mean[row, SENTENCES:], weighed / weighed.norm() @ part.axes, atol=1e-4, rtol=1e-4)


def test_both_halves_vary_alike_over_the_training_fold(encoder):
    texts = written(TOPICS)
    part, tokens = learnt(encoder, texts), encoder.prepare(texts)
    mean = part(tokens).values.sum(1) / tokens.mask.sum(1, keepdim=True)
    assert part.halves == (SENTENCES, WORDS)
    sizes = [half.sum() / len(texts) for half in (mean - mean.mean(0)).square().sum(0).split(part.halves)]
    torch.testing.assert_close(torch.stack(sizes), torch.ones(2), atol=0.02, rtol=0)


def test_a_hidden_token_takes_its_words_with_it(encoder):
    part, tokens = learnt(encoder, written(TOPICS)), encoder.prepare(["chest pain"])
    first = Tokens(tokens.values, tokens.mask & (torch.arange(tokens.mask.shape[1]) == 0))
    alone = encoder.prepare(["chest"])
    hidden, shown = (part(each).values[0, 0, SENTENCES:] for each in (first, alone))
    pair = part(Tokens(alone.values, alone.mask)).values[0, 0, SENTENCES:]
    assert torch.equal(pair, shown) and not torch.equal(hidden, part(tokens).values[0, 0, SENTENCES:])
    assert not part(first).values[0, 1:].any()


def test_what_was_learnt_comes_back_from_its_tensors_and_no_texts_give_zeros(encoder):
    texts = written(TOPICS)
    part, tokens = learnt(encoder, texts), encoder.prepare(texts[:3])
    again = fold_parts["sentences_and_terms"].restore(part.state())
    assert torch.equal(again(tokens).values, part(tokens).values)
    nothing = encoder.fit(InMemory(encoder, texts), np.array([], int), None)
    assert nothing.dims == part.dims and not nothing(tokens).values.any()
