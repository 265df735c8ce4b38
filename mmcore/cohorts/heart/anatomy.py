"""The parts of a thorax as shapes on a frontal film.

Coordinates: x, y in [-1, 1], x to the right of the film (the patient's left), y downwards; u = |x|, side = sign of x.
Lengths are in these units; every array is [n, 128, 128] float32 for n cases, or [n, 1, 1] for what a patient has once.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.ndimage import gaussian_filter

from mmcore.cohorts.synthetic.draws import Draws
from mmcore.cohorts.synthetic.pictures import ball, centres, once, soft

SIDE = 128  # pixels


class Patient:
    """Build, posture and technique of n films; apart from the heart, fluid and congestion none bears on the target."""

    def __init__(self, state: pd.DataFrame, female: np.ndarray, draw: Draws) -> None:
        self.female, self.ratio = once(female), once(state.cardiothoracic_ratio)
        self.width = once(draw.normal(0.74, 0.025))  # half the inner width of the chest at its widest
        self.dome, self.tilt = once(draw.normal(0.44, 0.035)), once(draw.normal(0.035, 0.012))
        self.heart_y, self.heart_tall = once(draw.normal(0.14, 0.02)), once(draw.normal(0.37, 0.02))
        self.heart_off = once(draw.normal(0.33, 0.025))  # share of the heart's width right of the midline
        self.knob, self.collar = once(draw.normal(0, 0.015)), once(draw.normal(0, 0.025))
        self.rib_phase, self.rib_gap = once(draw.uniform(0, 1)), once(draw.normal(0.158, 0.006))
        self.rib_light = once(draw.normal(0.055, 0.008))
        self.bubble, self.fat = once(draw.uniform(0, 1)), once(draw.normal(0, 0.02))
        self.gain, self.level = once(draw.normal(1.0, 0.07)), once(draw.normal(0, 0.03))
        self.gamma, self.noise = once(draw.normal(1.0, 0.07)), once(draw.uniform(0.010, 0.024))
        self._effusion(state.pleural_effusion.to_numpy(), draw)
        congested = np.where(state.congestion, draw.uniform(0.65, 1.0), draw.uniform(0.0, 0.2))
        self.haze, self.markings = once(0.25 * congested), once(0.085 + 0.055 * congested)
        self._stand(draw)

    def _effusion(self, present: np.ndarray, draw: Draws) -> None:
        """One side or both, the other one lower."""
        on_left = draw.happens(0.5)
        high = np.where(present, draw.uniform(0.24, 0.50), 0)
        low = np.where(present & draw.happens(0.4), draw.uniform(0.10, 0.22), 0)
        self.fluid_left, self.fluid_right = once(np.where(on_left, high, low)), once(np.where(on_left, low, high))

    def _stand(self, draw: Draws) -> None:
        """Where the patient stands before the film: shift, distance, a slight turn."""
        line = centres(SIDE)
        zoom, turn = once(draw.normal(1.0, 0.035)), once(draw.normal(0, 0.022))
        x = (line[:, None, :] - once(draw.normal(0, 0.03))) / zoom
        y = (line[:, :, None] - once(draw.normal(0, 0.03))) / zoom
        self.x, self.y = x + turn * y, y - turn * x
        self.u, self.side = np.abs(self.x), np.sign(self.x)


def chest_wall(p: Patient) -> np.ndarray:
    """Half-width of the inner chest: a rounded apex over gently flaring sides."""
    apex, shoulder = -0.80, 0.10
    rise = np.clip((shoulder - p.y) / (shoulder - apex), 0, 1)
    return p.width * (np.sqrt(1 - rise * rise * rise + 1e-6) * (1 - 0.16 * rise) + 0.02 * np.clip(p.y - shoulder, 0, 1))


def diaphragm(p: Patient) -> np.ndarray:
    """Height of the dome, the right one higher; it drops steeply into the costophrenic angle."""
    across = np.clip(p.u / p.width, 0, 1.1) - 0.40
    slope = np.where(across > 0, np.float32(0.70), np.float32(0.17))
    return p.dome + p.tilt * p.side + slope * across**2


def lungs(p: Patient, wall: np.ndarray, dome: np.ndarray) -> np.ndarray:
    """Thickness of air, 0 to 1."""
    inner = 0.13 + 0.05 * np.clip(-p.y - 0.3, 0, 1)
    middle, half = (wall + inner) / 2, np.maximum((wall - inner) / 2, 0.02)
    thick = 0.62 + 0.38 * ball((p.u - middle) / half, np.float32(0))
    return soft(wall - p.u, 0.03) * soft(p.u - inner, 0.05) * soft(dome - p.y, 0.025) * thick


def fluid(p: Patient, wall: np.ndarray) -> np.ndarray:
    """1 where pleural fluid hides the lung: it fills the angle and climbs the wall in a meniscus."""
    height = np.where(p.side < 0, p.fluid_right, p.fluid_left)
    climb = (np.clip(p.u / wall, 0, 1) ** 2) ** 2
    level = p.dome + 0.17 - height * (0.72 + 0.75 * climb**2)
    return soft(p.y - level, 0.05) * (height > 0)


def heart(p: Patient) -> np.ndarray:
    """Squared radius: below 1 inside. Its width over the chest's is the cardiothoracic ratio."""
    full = 2 * p.width * p.ratio
    half = np.where(p.x < 0, full * p.heart_off, full * (1 - p.heart_off))
    down = (p.y - p.heart_y - 0.30 * (p.x + 0.03)) / (p.heart_tall * (0.75 + 0.5 * p.ratio))
    return (p.x / half) ** 2 + down**2 * np.where(down < 0, np.float32(1), np.sqrt(np.abs(down)))


def hilum(p: Patient) -> np.ndarray:
    """Where congestion hazes the lung, 0 to 1: a wing on either side of the midline."""
    return np.exp(-(((p.u - 0.27) / 0.22) ** 2) - ((p.y - 0.05) / 0.42) ** 2)


def soft_tissue(p: Patient, dome: np.ndarray) -> np.ndarray:
    """Neck, shoulders, trunk, breasts, and the dense abdomen with a bubble of air in the stomach."""
    x, y, u = p.x, p.y, p.u
    neck = 0.20 + np.clip((y + 1.02) / 0.30, 0, 1) ** 2
    edge = np.where(y < -0.72, neck, 1.2 - 0.25 * np.clip(y + 0.72, 0, 0.5)) + p.fat
    trunk = 0.10 + soft(edge - u, 0.03) * (0.18 + 0.34 * ball(u / edge, np.float32(0)))
    breasts = 0.05 * p.female * ball((u - 0.42) / 0.33, (y - 0.22) / 0.35)
    stomach = 0.16 * p.bubble * ball((x - 0.36) / 0.15, (y - p.dome - 0.17) / 0.07)
    return trunk + breasts + soft(y - dome, 0.05) * soft(0.92 - u, 0.2) * (0.07 - stomach)


def mediastinum(p: Patient) -> np.ndarray:
    """What hides the lung beside the midline, 0 to 1: great vessels, aortic knob, pulmonary artery, hila."""
    x, y, u = p.x, p.y, p.u
    column = 0.70 * soft(0.165 + 0.02 * np.sin(5 * y) - u, 0.07) * soft(0.25 - y, 0.1)
    knob = 0.85 * ball((x - 0.135 - p.knob) / 0.105, (y + 0.36) / 0.125)
    artery = 0.75 * ball((x - 0.15) / 0.10, (y + 0.14) / 0.14)
    vena_cava = 0.60 * ball((x + 0.13) / 0.075, (y + 0.25) / 0.35)
    roots = 0.48 * np.exp(-(((u - 0.235) / 0.07) ** 2) - ((y + 0.02 - 0.03 * p.side) / 0.13) ** 2)
    return np.maximum.reduce([column, knob, artery, vena_cava, roots])


def spine(p: Patient) -> np.ndarray:
    """Vertebrae, less the dark windpipe down to its fork."""
    y, u = p.y, p.u
    fork = np.clip((y + 0.22) / 0.2, 0, 1)
    windpipe = soft(0.042 - np.abs(u - 0.16 * fork), 0.03) * soft(-0.04 - y, 0.06) * soft(y + 1.0, 0.4)
    discs = 0.022 * np.cos(2 * np.pi * (y / 0.165 + p.rib_phase)) * soft(-0.1 - y, 0.4)
    return soft(0.085 - u, 0.05) * (0.05 + discs - 0.03 * np.clip(y, 0, 1)) - 0.085 * windpipe


def bones(p: Patient, wall: np.ndarray) -> np.ndarray:
    """Ribs behind and in front, collar bones, shoulder blades and the heads of the arm bones."""
    y, u, across = p.y, p.u, p.u / p.width
    cage = soft(wall * 1.05 + 0.03 - u, 0.05) * soft(p.dome + 0.12 - y, 0.35) * soft(y + 0.80, 0.05)
    behind = (y - (0.36 * across**2 - 0.16 * across) * (1.05 - 0.3 * y)) / p.rib_gap + p.rib_phase
    front = (y - 0.52 * np.clip(1 - across, 0, 1) - 0.30) / (p.rib_gap * 1.12) + p.rib_phase * 0.5
    ribs = _rib(behind) * soft(u - 0.10, 0.05) + 0.55 * _rib(front) * soft(across - 0.42, 0.25) * soft(0.30 - y, 0.3)
    line = p.collar * p.side - 0.60 - 0.16 * (u - 0.1) + 0.05 * np.sin(6.0 * (u - 0.1))
    collar = soft(0.030 + 0.008 * np.cos(7 * u) - np.abs(y - line), 0.03) * soft(u - 0.09, 0.04) * soft(0.86 - u, 0.05)
    inner = 0.66 + 0.10 * np.clip(y + 0.55, 0, 1)
    blade = soft(u - inner, 0.06) * soft(y + 0.58, 0.1) * soft(0.06 - y - 0.6 * (u - 0.75), 0.15)
    arm = ball((u - 1.02) / 0.20, (y + 0.58) / 0.22) ** 2
    return cage * p.rib_light * ribs + 0.085 * collar + 0.035 * blade + 0.08 * arm


def _rib(phase: np.ndarray) -> np.ndarray:
    """Bands of period 1 with a dense lower rim."""
    place = phase - np.floor(phase)
    return soft(0.22 - np.abs(place - 0.5), 0.12) * (0.75 + 0.7 * np.clip((place - 0.45) / 0.25, 0, 1))


def vessels(p: Patient, noise: np.ndarray) -> np.ndarray:
    """Lung markings: streaks that run out from each hilum, fork and thin towards the wall.

    noise: white, [n, 2 sides, turns, rings] float32, read in polar coordinates around the hilum.
    """
    noise = gaussian_filter(noise, (0, 0, 0.8, 0.9), mode="wrap")
    turns, rings = noise.shape[2:]
    dx, dy = p.u - 0.20, p.y + 0.03
    reach = np.sqrt(dx**2 + dy**2)
    angle = (np.arctan2(dy, dx) / (2 * np.pi) + 0.5) * turns + 2.0 * np.sin(reach * 5 + 2 * p.side)
    radius = np.clip(reach * 15, 0, rings - 1.01)
    turn, ring = np.floor(angle), np.floor(radius)
    aside, out = angle - turn, radius - ring
    turn, flat = turn.astype(np.int64), noise.reshape(-1)
    start = (np.arange(len(noise))[:, None, None] * 2 + (p.side > 0)) * (turns * rings) + ring.astype(np.int64)
    here, there = start + turn % turns * rings, start + (turn + 1) % turns * rings
    near = flat.take(here) * (1 - aside) + flat.take(there) * aside
    far = flat.take(here + 1) * (1 - aside) + flat.take(there + 1) * aside
    streak = near * (1 - out) + far * out
    ridges = np.clip(1 - np.abs(streak) * 3.2, 0, 1) + 0.35 * streak
    return 1.5 * p.markings * ridges * np.exp(-reach * (2.6 - 4 * p.haze)) * soft(reach - 0.03, 0.1)
