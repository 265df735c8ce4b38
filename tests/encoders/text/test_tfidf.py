"""Protects tf-idf with latent semantics: weights in closed form, topics apart, no case of the test fold read."""

from __future__ import annotations

import numpy as np

from mmcore.encoders import make
from tests.encoders.text.shared import HEART, SPEC, TOPICS, InMemory, cosine, learnt, written

GARDEN = ["roses and tulips bloom", "tulips bloom with roses", "bloom of the roses"]


def test_topics_of_texts_come_apart():
    encoder = make("tfidf_svd", SPEC, components=4)
    part = learnt(encoder, written(TOPICS))
    pain, sweat, rose = part(encoder.prepare(["chest pain", "nausea sweating", "tulips bloom"])).values[:, 0]
    assert cosine(pain, sweat) > cosine(pain, rose) + 0.5


def test_weights_of_words_in_closed_form():
    """As scikit-learn's TfidfTransformer and TruncatedSVD say."""
    from sklearn.feature_extraction.text import TfidfTransformer

    encoder = make("tfidf_svd", SPEC, components=6)
    output = InMemory(encoder, [*HEART, *GARDEN])
    part = encoder.fit(output, np.arange(6), None)
    counts = output.all.values[:, 0].numpy()
    weighed = TfidfTransformer(sublinear_tf=True).fit_transform(counts).toarray()
    axes = np.linalg.svd(weighed, full_matrices=False)[2][:6]
    expected, out = weighed @ axes.T, part(output.all).values[:, 0].numpy()
    assert np.allclose(out @ out.T, expected @ expected.T, atol=1e-4)


def test_no_texts_to_learn_from_give_zeros_of_the_same_width():
    for name in ("word2vec", "tfidf_svd"):
        encoder = make(name, SPEC)
        part = learnt(encoder, ["", " "])
        out = part(encoder.prepare(["chest pain"]))
        width = encoder.options()["components" if name == "tfidf_svd" else "width"]
        assert part.dims == width and out.mask.all() and not out.values.any()
