"""Protects fresh weights: the same for the same seed, whatever other threads draw meanwhile."""

import threading

import torch

from mmcore.base.seeding import seeded


def drawn(seed):
    with seeded(seed):
        return torch.rand(3)


def test_the_same_seed_draws_the_same_and_leaves_the_generator_as_it_was():
    before = torch.get_rng_state()
    assert torch.equal(drawn(1), drawn(1)) and not torch.equal(drawn(1), drawn(2))
    assert torch.equal(torch.get_rng_state(), before)


def test_who_seeds_meanwhile_waits():
    expected, other = drawn(1), threading.Thread(target=drawn, args=(2,))
    with seeded(1):
        other.start()
        other.join(0.2)
        assert other.is_alive() and torch.equal(torch.rand(3), expected)
    other.join()
