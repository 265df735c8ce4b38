"""Protects word vectors learnt from a fold: words of one topic come together, nothing is learnt of the test fold."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from mmcore.encoders import make
from mmcore.encoders.text.word2vec import WordVectors
from tests.encoders.text.shared import HEART, SPEC, TOPICS, cosine, learnt, written

CHINESE = ("胸痛 出汗 恶心 心悸 水肿".split(), "花园 玫瑰 蜜蜂 春天 阳光".split())  # noqa: SIM905 reads best as texts


def vector(encoder, part: WordVectors, word: str) -> torch.Tensor:
    return part(encoder.prepare([word])).values[0, 0]


@pytest.mark.parametrize(("topics", "between"), [(TOPICS, " "), (CHINESE, "，")], ids=["English", "Chinese"])
def test_words_of_one_topic_come_together(topics, between):
    if topics is CHINESE:
        pytest.importorskip("jieba")
    encoder = make("word2vec", SPEC, width=4, clean=True)
    part = learnt(encoder, written(topics, between))
    pain, sweat, rose = (vector(encoder, part, word) for word in (*topics[0][:2], topics[1][0]))
    assert cosine(pain, sweat) > cosine(pain, rose) + 0.5
    near = part.neighbours(topics[0][0].upper(), 3)
    assert {word for word, _cosine in near} <= {*topics[0]} and near[0][1] >= near[1][1] >= near[2][1]
    assert part.neighbours("quinine", 2) == []


def test_word_vectors_are_the_factors_of_shared_information():
    """All dimensions kept, contexts unsmoothed: the vectors' products are those of the PPMI matrix's own factors."""
    from scipy.sparse import csr_array

    from mmcore.encoders.text.word2vec import _factors, _neighbours, _ppmi

    position, owner = np.array([0, 1, 2, 0, 1, 3]), np.array([0, 0, 0, 1, 1, 1])
    counts = _neighbours(position, owner, 4, 1).toarray()
    assert counts.tolist() == [[0, 2, 0, 0], [2, 0, 1, 1], [0, 1, 0, 0], [0, 1, 0, 0]], "texts do not run together"
    ppmi = _ppmi(csr_array(counts)).toarray()
    context = counts.sum(0) ** 0.75
    assert ppmi[0, 1] == pytest.approx(np.log(2 / (2 * context[1] / context.sum())))
    vectors = _factors(csr_array(ppmi), 4)
    left, strength, _right = np.linalg.svd(ppmi)
    assert np.allclose(vectors @ vectors.T, left * strength @ left.T, atol=1e-6)


@pytest.mark.parametrize("name", ["word2vec", "tfidf_svd"])
def test_what_stands_in_test_rows_alone_is_not_learnt(name):
    encoder = make(name, SPEC)
    texts = [*HEART * 4, *["quinine tulips quinine"] * 5]
    part, other = (learnt(encoder, some, range(12)) for some in (texts, [*HEART * 4, *["roses"] * 5]))
    assert all(torch.equal(a, b) for a, b in zip(part.state().values(), other.state().values(), strict=True))
    out = part(encoder.prepare(["quinine chest"]))
    assert out.mask.all() and out.values[0, -1].any()
    if name == "word2vec":
        assert not out.values[0, 0].any(), "a token without a vector, not a missing one"
