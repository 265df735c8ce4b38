"""Images seen a little otherwise: [H, W] or [H, W, 3] uint8 in, the same shape and type out."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from PIL import Image as Pillow

from mmcore.augmentation.base import Augmentation, augmentations
from mmcore.base.registry import Range
from mmcore.base.settings import N_
from mmcore.base.values import Image, Kind

_SMOOTH = Pillow.Resampling.BILINEAR


@augmentations.register("crop")
class Crop(Augmentation[Image]):
    """Random crop, stretched back to the size of the image.

    Sides keep their ratio to within a tenth. Whatever lies at the edge may be lost: use little where findings do.

    share: largest part of the area that may be cut away
    """

    kind = Kind.IMAGE
    citation = "Szegedy et al., Going deeper with convolutions, CVPR 2015 (crops of random area)"

    def __init__(self, *, share: Annotated[float, Range(0, 0.9, 0.05)] = 0.2) -> None:
        self.share = share

    def __call__(self, value: Image, chance: np.random.Generator) -> Image:
        height, width = value.shape[:2]
        area = 1 - chance.uniform(0, self.share)
        ratio = np.exp(chance.uniform(-0.1, 0.1) * min(1.0, self.share / 0.2))
        tall, wide = min(1.0, np.sqrt(area / ratio)), min(1.0, np.sqrt(area * ratio))
        top, left = chance.uniform(0, 1 - tall), chance.uniform(0, 1 - wide)
        box = (left * width, top * height, (left + wide) * width, (top + tall) * height)
        return np.asarray(Pillow.fromarray(value).resize((width, height), _SMOOTH, box=box))


@augmentations.register("flip")
class Flip(Augmentation[Image]):
    """Mirror image, left for right.

    Only where sides mean nothing: skin, histology, photographs of things. A mirrored chest film shows a heart on the
    right side, and a mirrored digit or letter is another one.

    share: how often the image is mirrored
    """

    kind = Kind.IMAGE
    caution = N_(
        "This mirrors the image. Use it only where left and right do not matter: on a chest film they do, and "
        "a mirrored heart is a different finding."
    )

    def __init__(self, *, share: Annotated[float, Range(0, 1, 0.1)] = 0.5) -> None:
        self.share = share

    def __call__(self, value: Image, chance: np.random.Generator) -> Image:
        return np.ascontiguousarray(value[:, ::-1]) if chance.random() < self.share else value


@augmentations.register("rotate")
class Rotate(Augmentation[Image]):
    """Small rotation about the middle.

    What turns in from outside repeats the edge.

    degrees: largest angle to either side
    """

    kind = Kind.IMAGE

    def __init__(self, *, degrees: Annotated[float, Range(0, 45, 1)] = 8.0) -> None:
        self.degrees = degrees

    def __call__(self, value: Image, chance: np.random.Generator) -> Image:
        angle = chance.uniform(-self.degrees, self.degrees)
        if angle == 0:
            return value
        height, width = value.shape[:2]
        spare = int(np.ceil((np.hypot(height, width) - min(height, width)) / 2)) + 1
        wide = np.pad(value, [(spare, spare), (spare, spare)] + [(0, 0)] * (value.ndim - 2), mode="edge")
        turned = np.asarray(Pillow.fromarray(wide).rotate(angle, _SMOOTH))
        return np.ascontiguousarray(turned[spare : spare + height, spare : spare + width])


@augmentations.register("brightness")
class Brightness(Augmentation[Image]):
    """Brightness and contrast, as in another exposure.

    brightness: largest change up or down, as a share of the range from black to white
    contrast: largest share by which differences from the average grey grow or shrink
    """

    kind = Kind.IMAGE

    def __init__(
        self,
        *,
        brightness: Annotated[float, Range(0, 0.5, 0.05)] = 0.1,
        contrast: Annotated[float, Range(0, 0.9, 0.05)] = 0.2,
    ) -> None:
        self.brightness, self.contrast = brightness, contrast

    def __call__(self, value: Image, chance: np.random.Generator) -> Image:
        added = 255 * chance.uniform(-self.brightness, self.brightness)
        factor = 1 + chance.uniform(-self.contrast, self.contrast)
        middle = float(value.mean())
        return _as_pixels((value - middle) * factor + middle + added)


@augmentations.register("pixel_noise")
class PixelNoise(Augmentation[Image]):
    """Grain: noise added to every pixel, the same in all colours.

    deviation: standard deviation of the noise, in grey levels (black is 0, white is 255)
    """

    kind = Kind.IMAGE

    def __init__(self, *, deviation: Annotated[float, Range(0, 64, 1)] = 6.0) -> None:
        self.deviation = deviation

    def __call__(self, value: Image, chance: np.random.Generator) -> Image:
        noise = chance.standard_normal(value.shape[:2]) * self.deviation
        return _as_pixels(value + noise.reshape(noise.shape + (1,) * (value.ndim - 2)))


def _as_pixels(values: np.ndarray) -> Image:
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)
