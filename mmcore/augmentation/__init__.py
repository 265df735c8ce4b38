"""Augmentation: the same case, slightly otherwise. One file per kind of input; off unless somebody chooses it."""

from mmcore.augmentation.base import Augmentation, augmentations, augmented, identity_of, make, seed_of

__all__ = ["Augmentation", "augmentations", "augmented", "identity_of", "make", "seed_of"]
