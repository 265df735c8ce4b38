"""The chest film: a frontal thorax phantom, drawn as the sum of what the beam passes through."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.ndimage import gaussian_filter

from mmcore.base.values import Evidence
from mmcore.cohorts.heart import anatomy
from mmcore.cohorts.heart.anatomy import SIDE, Patient
from mmcore.cohorts.heart.state import EFFECTS
from mmcore.cohorts.synthetic.draws import Draws, white_noise
from mmcore.cohorts.synthetic.pictures import as_bytes, draw_in_blocks, sign_on

Signs = tuple[Evidence, ...]
_MARK_R = np.array(
    [[1, 1, 1, 0], [1, 0, 0, 1], [1, 0, 0, 1], [1, 1, 1, 0], [1, 0, 1, 0], [1, 0, 0, 1]], np.float32
)  # the letter R, which tells the patient's right


def draw_xrays(state: pd.DataFrame, female: np.ndarray, cases: range, seed: int) -> tuple[np.ndarray, list[Signs]]:
    """Films [N, 128, 128] uint8 and the evidence in each. female: [N] bool."""
    return draw_in_blocks(lambda rows, block: _draw_block(state.iloc[rows], female[rows], block, seed), cases)


def _draw_block(state: pd.DataFrame, female: np.ndarray, cases: range, seed: int) -> tuple[np.ndarray, list[Signs]]:
    draw = Draws(cases, seed, topic=1, count=40)
    p = Patient(state, female, draw)
    wall, dome = anatomy.chest_wall(p), anatomy.diaphragm(p)
    heart, hilum, fluid = anatomy.heart(p), anatomy.hilum(p), anatomy.fluid(p, wall)
    chest = anatomy.lungs(p, wall, dome)
    lung = chest * (1 - fluid)

    solid = np.maximum(anatomy.mediastinum(p), 0.94 * np.sqrt(np.clip(1 - heart, 0, 1)))
    air = lung * (1 - np.maximum(solid, p.haze * hilum))
    density = anatomy.soft_tissue(p, dome) + anatomy.spine(p) + anatomy.bones(p, wall) * (1 - 0.6 * fluid)
    density += 0.05 * fluid * chest - air * (0.42 - anatomy.vessels(p, white_noise(cases, seed, 2, (2, 96, 20))))

    films = _expose(p, density, white_noise(cases, seed, 3, (SIDE, SIDE)))
    _mark(films, draw)
    masks = {
        "enlarged heart": (heart < 1) & (p.y < dome + 0.03),
        "pleural effusion": fluid * chest > 0.3,
        "congestion": hilum * lung > 0.35,
    }
    return films, _evidence(state, masks)


def _expose(p: Patient, density: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """Density to grey: blur, exposure, quantum noise (more where little gets through)."""
    density = gaussian_filter(density, (0, 0.55, 0.55))
    grain = 1.6 * gaussian_filter(noise, (0, 0.5, 0.5))
    grey = np.clip((density - 0.10) * 1.42 * p.gain + 0.03 + p.level, 0, 1) ** p.gamma
    grey += grain * p.noise * (0.5 + grey)
    return as_bytes(grey)


def _mark(films: np.ndarray, draw: Draws) -> None:
    tops, lefts = draw.uniform(6, 14).astype(int), draw.uniform(5, 12).astype(int)
    for film, top, left in zip(films, tops, lefts, strict=True):
        corner = film[top : top + _MARK_R.shape[0], left : left + _MARK_R.shape[1]]
        np.maximum(corner, (237 * _MARK_R).astype(np.uint8), out=corner)


def _evidence(state: pd.DataFrame, masks: dict[str, np.ndarray]) -> list[Signs]:
    columns = {name: state[name.replace(" ", "_")].to_numpy() for name in masks}
    return [
        tuple(sign_on(mask[row].copy(), name, EFFECTS[name]) for name, mask in masks.items() if columns[name][row])
        for row in range(len(state))
    ]
