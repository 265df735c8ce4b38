"""Numbers laid back over what they belong to: patches on an image, a band under a trace.

Places are those of mmcore.base.values: image boxes as fractions, character spans, seconds, columns. N tokens.
"""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from PIL import Image as Pillow

from mmcore.base.channel_names import channel_names
from mmcore.base.settings import _
from mmcore.base.values import Box, Image, Place, Seconds, Segment, Signal

HEAT = (
    "#FFF3B8",
    "#FDC65A",
    "#F58A3A",
    "#DD4B32",
    "#8E1B3A",
)  # of attention: reads on grey film, on white and on black
BOTH_WAYS = (
    (0.0, "#2C5FAE"),
    (0.5, "rgba(128, 144, 158, 0.10)"),
    (1.0, "#B04A25"),
)  # diverging, clear at zero on any ground
FOR, AGAINST = "#2BA36B", "#B455B0"  # the predicted class; unlike colours of classes, apart for the colour-blind too
BAR = "rgba(128, 144, 158, 0.95)"  # error bars

LONG_S = 3 * 3600.0  # of a recording: from here on hours are told
_SHORT_NAME = 3  # letters
SMALL = 48  # pixels a side up to which an image is drawn pixel by pixel
_SIDE = 640  # pixels a picture is sent with at most; more is not seen


def picture(image: np.ndarray) -> str:
    """[H, W], [H, W, 3] or [H, W, 4] uint8 as a PNG data address."""
    stream = io.BytesIO()
    Pillow.fromarray(np.ascontiguousarray(image)).save(stream, "png")
    return "data:image/png;base64," + base64.b64encode(stream.getvalue()).decode("ascii")


def crisp(image: np.ndarray) -> np.ndarray:
    """A small image with its pixels repeated, so that no viewer smooths them; others as they are."""
    pixels = np.asarray(image)
    side = max(pixels.shape[:2])
    if side > SMALL:
        return pixels
    times = -(-256 // side)
    return pixels.repeat(times, 0).repeat(times, 1)


def image_figure(image: Image, pixels_high: int = 380) -> go.Figure:
    """The bare image; axes run 0..1 from the top left corner, whatever the number of pixels."""
    pixels = np.asarray(image)
    height, width = pixels.shape[:2]
    if max(height, width) > _SIDE:
        scale = _SIDE / max(height, width)
        pixels = np.asarray(
            Pillow.fromarray(pixels).resize((max(1, round(width * scale)), max(1, round(height * scale))))
        )
    figure = go.Figure(_layer(pixels, hoverinfo="skip", smooth=max(height, width) > SMALL))
    figure.update_xaxes(visible=False, range=[0, 1], constrain="domain", constraintoward="left")  # below its title
    figure.update_yaxes(
        visible=False,
        range=[1, 0],
        scaleanchor="x",
        scaleratio=height / width,
        constrain="domain",
        constraintoward="top",
    )
    return figure.update_layout(
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        dragmode=False,
        height=round(pixels_high * min(1.0, max(0.5, height / width))),
        showlegend=False,
        plot_bgcolor="rgba(0,0,0,0)",
    )


def _layer(pixels: np.ndarray, smooth: bool = True, **more: object) -> go.Image:
    height, width = pixels.shape[:2]
    return go.Image(
        source=picture(pixels),
        x0=0.5 / width,
        dx=1 / width,
        y0=0.5 / height,
        dy=1 / height,
        zsmooth="fast" if smooth else False,
        **more,
    )


def add_heat(
    figure: go.Figure,
    places: Sequence[Place],
    values: np.ndarray,
    *,
    opacity: float,
    name: str,
    shown: np.ndarray | None = None,
) -> None:
    """Lay one number in 0..1 a box over an image figure: the more, the less transparent. Hover tells `shown`
    (default: the values)."""
    grid = grid_of(places, values)
    if grid is None:
        return
    fine = np.clip(_fine(grid), 0, 1)
    rgba = np.concatenate([ramp(fine, HEAT), (255 * opacity * fine**0.8)[..., None]], 2).astype(np.uint8)
    figure.add_trace(_layer(rgba, hoverinfo="skip"))
    _add_hover(figure, grid if shown is None else grid_of(places, shown), name)


def add_signed(
    figure: go.Figure, places: Sequence[Place], values: np.ndarray, *, opacity: float, name: str, shown: np.ndarray
) -> None:
    """Lay one number in -1..1 a box over an image figure, in the colours of for and against; 0 is clear. Hover tells
    `shown`."""
    grid = grid_of(places, values)
    if grid is None:
        return
    fine = np.clip(_fine(grid), -1, 1)
    rgba = np.concatenate(
        [ramp((fine > 0).astype(float), (AGAINST, FOR)), (255 * opacity * np.abs(fine))[..., None]], 2
    )
    figure.add_trace(_layer(rgba.astype(np.uint8), hoverinfo="skip"))
    _add_hover(figure, grid_of(places, shown), name, signed=True)


def _fine(grid: np.ndarray) -> np.ndarray:
    """A grid as a smooth picture, [192, 192]."""
    return np.asarray(
        Pillow.fromarray(np.nan_to_num(grid).astype(np.float32)).resize((192, 192), Pillow.Resampling.BICUBIC)
    )


def add_patches(figure: go.Figure, places: Sequence[Place], rgb: np.ndarray, *, opacity: float) -> None:
    """Lay one colour [N, 3] in 0..1 a box over an image figure."""
    channels = [grid for i in range(3) if (grid := grid_of(places, rgb[:, i])) is not None]
    if not channels:
        return
    tile = (255 * np.stack(channels, 2)).astype(np.uint8)
    fine = np.asarray(Pillow.fromarray(tile).resize((192, 192), Pillow.Resampling.BICUBIC))
    alpha = np.full((*fine.shape[:2], 1), round(255 * opacity), np.uint8)
    figure.add_trace(_layer(np.concatenate([fine, alpha], 2), hoverinfo="skip"))


def add_box(figure: go.Figure, place: Box, colour: str) -> None:
    """Outline one box."""
    figure.add_shape(
        type="rect", x0=place.left, x1=place.right, y0=place.top, y1=place.bottom, line={"color": colour, "width": 2}
    )


def grid_of(places: Sequence[Place], values: np.ndarray) -> np.ndarray | None:
    """Values of boxes that tile an image as a grid [rows, columns]; None unless the places are boxes."""
    boxes = [(place, value) for place, value in zip(places, values, strict=True) if isinstance(place, Box)]
    if not boxes:
        return None
    tops, lefts = sorted({round(b.top, 5) for b, _v in boxes}), sorted({round(b.left, 5) for b, _v in boxes})
    grid = np.zeros((len(tops), len(lefts)))
    for box, value in boxes:
        grid[tops.index(round(box.top, 5)), lefts.index(round(box.left, 5))] = value
    return grid


def _add_hover(figure: go.Figure, grid: np.ndarray | None, name: str, signed: bool = False) -> None:
    if grid is None:
        return
    rows, columns = grid.shape
    figure.add_trace(
        go.Heatmap(
            z=grid,
            x0=0.5 / columns,
            dx=1 / columns,
            y0=0.5 / rows,
            dy=1 / rows,
            opacity=0,
            showscale=False,
            name=name,
            hovertemplate=f"{html.escape(name)}: %{{z:{'+' if signed else ''}.3f}}<extra></extra>",
        )
    )


def ramp(values: np.ndarray, scale: Sequence[str]) -> np.ndarray:
    """Values 0..1 as colours of a scale of hex codes, [...] -> [..., 3] in 0..255."""
    stops = np.array([[int(code.lstrip("#")[i : i + 2], 16) for i in (0, 2, 4)] for code in scale], float)
    at = np.linspace(0, 1, len(stops))
    return np.stack([np.interp(values, at, stops[:, i]) for i in range(3)], -1)


def stretched(values: np.ndarray) -> np.ndarray:
    """Values [N] moved and scaled to 0..1, for measures without a natural zero; all 0 where they do not differ."""
    values = np.asarray(values, float)
    span = float(np.ptp(values)) if len(values) else 0.0
    return (values - values.min()) / span if span > 0 else np.zeros(len(values))


def time_axis(figure: go.Figure, signal: Signal, **where: int) -> None:
    """Name the time axis of a signal by its unit; of recordings of hours, drawn in seconds, hours are told.

    where: `row` and `col` of a figure of several axes.
    """
    axis_of_time(figure, signal.duration, signal.time_unit, **where)


def axis_of_time(figure: go.Figure, duration: float, unit: str, **where: int) -> None:
    """The same for a duration in this unit."""
    if unit != "s" or duration < LONG_S:
        figure.update_xaxes(title_text=_("time ({unit})").format(unit=unit), **where)
        return
    hours = np.arange(0, duration / 3600 + 0.01, max(1, round(duration / 3600 / 6)))
    ticks = {"tickmode": "array", "tickvals": hours * 3600, "ticktext": [f"{hour:g}" for hour in hours]}
    figure.update_xaxes(title_text=_("time (h)"), **ticks, **where)


def over_time(
    places: Sequence[Place], values: np.ndarray, duration: float, steps: int = 400, channel: int | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Numbers of stretches that may overlap as one curve: times [steps] and the mean over the stretches that cover
    each. Named segments count in every beat, but those of another channel than this one do not."""
    edges = np.linspace(0, duration, steps + 1)
    times = (edges[:-1] + edges[1:]) / 2
    total, count = np.zeros(steps), np.zeros(steps)
    for place, value in zip(places, values, strict=True):
        if isinstance(place, Seconds) and is_of(place, channel):
            for stretch in place.stretches:
                inside = (times >= stretch.start) & (times < stretch.end)
                total[inside] += value
                count[inside] += 1
    return times, np.where(count > 0, total / np.maximum(count, 1), np.nan)


def is_of(place: Place, channel: int | None) -> bool:
    """Whether a place is drawn beside this channel: all but the segments of another one, those seen nowhere, and what
    is told of the whole."""
    if not isinstance(place, Segment) or channel is None:
        return True
    return bool(place.kind and place.again) and place.channel in (None, channel)


def trace(signal: Signal, channel: int = 0, points: int = 3000) -> tuple[np.ndarray, np.ndarray]:
    """One channel as (times, samples) with at most `points` of them; lows and highs survive the thinning."""
    samples = signal.samples[channel]
    if len(samples) <= points:
        return np.arange(len(samples)) / signal.rate, samples
    width = -(-len(samples) // (points // 2))
    bins = -(-len(samples) // width)
    blocks = np.pad(samples, (0, bins * width - len(samples)), mode="edge").reshape(bins, width)
    picks = np.sort(np.stack([blocks.argmin(1), blocks.argmax(1)], 1), 1) + (np.arange(bins) * width)[:, None]
    picks = picks.ravel().clip(max=len(samples) - 1)
    return picks / signal.rate, samples[picks]


def channel_title(signal: Signal, channel: int) -> str:
    """Name and unit of a channel for an axis."""
    name = channel_names(signal)[channel]
    if signal.unit:
        return f"{name} ({signal.unit})"
    # "II" by itself, turned to stand along the axis, reads as "="; "heart rate" needs no more words.
    return name if len(name) > _SHORT_NAME else _("{name} (no unit)").format(name=name)
