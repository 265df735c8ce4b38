"""The CT slice: an axial section of the chest with vessels, what looks like a nodule, and a nodule of known mask.

In half of the slices with a nodule the other lung holds an old scar that looks the same in every respect, so that the
slice alone cannot tell which of them is new; the report says on which side a shadow was suspected. There is no scar
without a nodule: what the slice tells of the class is the same with and without.

Coordinates: x, y in [-1, 1], x to the right of the picture (the patient's left), y downwards (to the back). Arrays are
[n, 128, 128] float32 for n cases, or [n, 1, 1] for what a patient has once.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.ndimage import gaussian_filter

from mmcore.base.values import Evidence
from mmcore.cohorts.lung.nodules import EFFECTS, together
from mmcore.cohorts.synthetic.draws import Draws, white_noise
from mmcore.cohorts.synthetic.pictures import as_bytes, ball, centres, draw_in_blocks, once, sign_on, soft

SIDE = 128  # pixels
_LUNG = (0.43, 0.285, 0.56)  # middle and half axes of a lung
_BESIDE_HEART = 0.47  # x of a nodule in the left lung, so that the heart does not hide it
_LOOKALIKES = 3  # vessels seen end on, a case
_SCARRED = 0.5  # share of slices with a nodule that show a scar, too
_PRESENCE = 3.0  # log-odds that a nodule that is seen adds to there being one

Signs = tuple[Evidence, ...]


def draw_spots(cases: range, seed: int) -> pd.DataFrame:
    """Where the nodule lies, or the lookalike that a report may take for one: `right` lung, `x`, `y`, `back`."""
    draw = Draws(cases, seed, topic=21, count=8)
    return _in_a_lung(draw.happens(0.5), draw)


def _in_a_lung(right: np.ndarray, draw: Draws) -> pd.DataFrame:
    angle, reach = draw.uniform(0, 2 * np.pi), np.sqrt(draw.uniform(0.05, 0.42))
    aside = _LUNG[0] + _LUNG[1] * reach * np.cos(angle)
    x = np.where(right, -aside, np.maximum(aside, _BESIDE_HEART))
    y = _LUNG[2] * reach * np.sin(angle)
    return pd.DataFrame({"right": right, "x": x, "y": y, "back": y > 0})


def draw_slices(state: pd.DataFrame, spots: pd.DataFrame, cases: range, seed: int) -> tuple[np.ndarray, list[Signs]]:
    """Slices [N, 128, 128] uint8 and the evidence in each."""
    return draw_in_blocks(lambda rows, block: _draw_block(state.iloc[rows], spots.iloc[rows], block, seed), cases)


def _draw_block(state: pd.DataFrame, spots: pd.DataFrame, cases: range, seed: int) -> tuple[np.ndarray, list[Signs]]:
    draw = Draws(cases, seed, topic=22, count=60)
    line, zoom = centres(SIDE), once(draw.normal(1.0, 0.03))
    x = (line[:, None, :] - once(draw.normal(0, 0.02))) / zoom
    y = (line[:, :, None] - once(draw.normal(0, 0.02))) / zoom
    body = ball(x / once(draw.normal(0.93, 0.02)), y / once(draw.normal(0.78, 0.02))) > 0
    middle, across, down = (size * once(draw.normal(1, 0.03)) for size in _LUNG)
    inside = ((np.abs(x) - middle) / across) ** 2 + (y / down) ** 2
    heart = 1 - ((x - 0.10) / once(draw.normal(0.30, 0.02))) ** 2 - ((y + 0.12) / once(draw.normal(0.33, 0.02))) ** 2
    lung = soft(1 - inside, 0.12) * soft(-heart, 0.15)
    density = 0.52 * body * (1 - lung) + 0.10 * lung
    density = density + body * _bones(x, y, inside, draw)
    density = np.maximum(density, lung * _vessels(x, y, draw, spots, white_noise(cases, seed, 23, (SIDE, SIDE))))
    nodule, parts = _nodule(x, y, state, spots, draw)
    scarring = Draws(cases, seed, topic=28, count=8)
    scarred = state.nodule.to_numpy() & scarring.happens(_SCARRED)
    scar, looks = _nodule(x, y, state, _in_a_lung(~spots.right.to_numpy(), scarring), scarring)
    for there, shown in ((scarred, scar), (state.nodule, nodule)):
        density = density + once(there) * lung * (shown - density * (shown > 0.02)) * (shown > 0.02)
    slices = _scan(density, white_noise(cases, seed, 24, (SIDE, SIDE)), draw)
    masks = parts | {"old scar": looks["nodule"] | looks["halo"]}
    return slices, _evidence(state, scarred, {name: part & (lung > 0.5) for name, part in masks.items()})


def _bones(x: np.ndarray, y: np.ndarray, inside: np.ndarray, draw: Draws) -> np.ndarray:
    """Spine, breastbone, and ribs cut as bright spots along the wall."""
    spine = ball(x / 0.13, (y - 0.56) / 0.12) + 0.6 * ball(x / 0.06, (y - 0.71) / 0.07)
    breast = ball(x / 0.12, (y + 0.70) / 0.05)
    angle, phase = np.arctan2(y, np.abs(x) - _LUNG[0]), once(draw.uniform(0, 2 * np.pi))
    ribs = np.clip(np.sin(7 * angle + phase), 0, 1) ** 2 * soft(0.12 - np.abs(inside - 1.28), 0.12) * (np.abs(x) > 0.3)
    return 0.42 * np.clip(spine + breast, 0, 1) + 0.33 * ribs


def _vessels(x: np.ndarray, y: np.ndarray, draw: Draws, spots: pd.DataFrame, noise: np.ndarray) -> np.ndarray:
    """Streaks that thin towards the wall, and vessels seen end on: round, with the tail of a branch.

    The first of these lies at the spot in the other lung, where it is as easily taken for a nodule.
    """
    streaks = np.clip(1 - 4.5 * np.abs(gaussian_filter(noise, (0, 2.4, 2.4)) * 6), 0, 1)
    shown = 0.30 * streaks * np.exp(-2.2 * ((np.abs(x) - 0.22) ** 2 + y**2))
    for number in range(_LOOKALIKES):
        angle, reach = draw.uniform(0, 2 * np.pi), np.sqrt(draw.uniform(0.05, 0.5))
        side = np.where(spots.right, 1, -1) if number == 0 else np.where(draw.happens(0.5), 1, -1)
        dx = x - once(side * (_LUNG[0] + _LUNG[1] * reach * np.cos(angle)))
        dy = y - once(_LUNG[2] * reach * np.sin(angle))
        radius, turn = once(draw.uniform(0.035, 0.075)), once(draw.uniform(0, 2 * np.pi))
        along, aside = dx * np.cos(turn) + dy * np.sin(turn), dy * np.cos(turn) - dx * np.sin(turn)
        bent = aside - 2.5 * along**2
        tail = soft(0.5 * radius - 0.12 * along - np.abs(bent), 0.03) * soft(along, 0.02) * soft(0.22 - along, 0.12)
        shown = np.maximum(shown, 0.46 * soft(radius - np.hypot(dx, dy), 0.03))
        shown = np.maximum(shown, 0.36 * tail)
    return shown


def _nodule(
    x: np.ndarray, y: np.ndarray, state: pd.DataFrame, spots: pd.DataFrame, draw: Draws
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Density of the nodule and what is around it, 0 elsewhere, and the masks of its parts."""
    radius = once(0.092 * np.exp(0.25 * state["size"]))
    dx, dy = x - once(spots.x), y - once(spots.y)
    reach, angle = np.hypot(dx, dy), np.arctan2(dy, dx)
    waves = [np.cos(count * angle + once(draw.uniform(0, 2 * np.pi))) for count in (3, 7, 11, 16)]
    star = 0.86 + 0.10 * waves[0] + 0.42 * np.clip(0.6 * waves[1] + 0.5 * waves[2] + 0.4 * waves[3], 0, 1)
    edge = radius * np.where(once(state.spiculated_margin) > 0, star, 1 + 0.06 * waves[0])
    solid = soft(edge - reach, 0.025)
    calcified = once(state.calcification) * soft(0.5 * radius - reach, 0.03)
    rim = 1.9 + 0.18 * waves[0] + 0.10 * waves[1]
    haze = once(state.halo) * soft(radius * rim - reach, 0.11)
    density = np.maximum(np.maximum(0.56 * solid, 0.98 * calcified), haze * (0.30 + 0.03 * waves[2]))
    around = {"nodule": solid > 0.5, "spiculated margin": solid > 0.5, "calcification": calcified > 0.5}
    return density, around | {"halo": (haze > 0.5) & (solid < 0.5)}


def _scan(density: np.ndarray, noise: np.ndarray, draw: Draws) -> np.ndarray:
    """Density to grey: blur, window and level, noise."""
    grey = gaussian_filter(density, (0, 0.6, 0.6)) * once(draw.normal(1.0, 0.05)) + once(draw.normal(0.02, 0.015))
    return as_bytes(grey + once(draw.uniform(0.015, 0.03)) * gaussian_filter(noise, (0, 0.6, 0.6)) * 1.6)


def _evidence(state: pd.DataFrame, scarred: np.ndarray, masks: dict[str, np.ndarray]) -> list[Signs]:
    here = np.ones(len(state), bool)
    effects = {name: np.full(len(state), effect) for name, effect in EFFECTS.items()}
    effects |= {name: np.full(len(state), _PRESENCE) for name in ("nodule", "old scar")}
    effects["halo"] = together(here, state.infection) - together(~here, state.infection)
    columns = {name: state.nodule & state.get(name.replace(" ", "_"), True) for name in masks} | {
        "old scar": pd.Series(scarred)
    }
    return [
        tuple(
            sign_on(mask[row].copy(), name, float(effects[name][row]))
            for name, mask in masks.items()
            if columns[name].iloc[row] and mask[row].any()
        )
        for row in range(len(state))
    ]
