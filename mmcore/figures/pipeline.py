"""The pipeline as a picture: inputs -> encoders -> tokens -> fusion -> trunk -> output, with the present choices in it.

Drawn as SVG in currentColor, so that it follows the page's theme; each input keeps its colour on the way through.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mmcore.base.kind_names import kind_name
from mmcore.base.name_lists import list_of
from mmcore.base.number_text import percent
from mmcore.base.settings import _
from mmcore.base.values import Kind, Value
from mmcore.figures import overlays, svg, theme
from mmcore.figures.thumbnails import thumbnail

_WIDE, _ROW, _GAP, _TOP = 1040, 92, 16, 40
_IN, _ENC, _TOK, _FUSE, _TRUNK, _OUT = (0, 200), (250, 170), (452, 96), (618, 140), (788, 62), (880, 160)  # x, width
_SHOWN = 4  # outputs


@dataclass(frozen=True, eq=False)
class InputLane:
    """One input's way: value of the case shown (None: missing), share of cases that have it, its encoder.

    used: False if the run shown leaves this input out; its way ends before the fusion. adds, without: what the input
    adds to the prediction and what that would be without it, in words; "" where there is no prediction. helps: False
    where it speaks against what is predicted, None where it does neither.
    """

    input: str
    kind: Kind
    value: Value | None
    present: float
    encoder: str
    note: str = ""
    used: bool = True
    adds: str = ""
    without: str = ""
    helps: bool | None = True


@dataclass(frozen=True)
class ShownOutput:
    """A class with its probability or its share [0, 1]; low, high: the range of single models, None for a share."""

    name: str
    colour: str
    share: float
    low: float | None = None
    high: float | None = None


def pipeline(
    lanes: Sequence[InputLane],
    *,
    fusion: str,
    fusion_note: str,
    target: str,
    task: str,
    outputs: Sequence[ShownOutput],
    result: str = "",
) -> str:
    """SVG of the whole.

    target, task: what is predicted, and what is shown of it. result: a line under the outputs.
    """
    colours = theme.colour_of_input([lane.input for lane in lanes])
    high = _TOP + max(len(lanes), 2) * (_ROW + _GAP)
    middle = (_TOP + high - _GAP) / 2
    first = _TOP + (high - _TOP - len(lanes) * (_ROW + _GAP)) / 2
    apart = min(26.0, 120 / max(len(lanes), 1))
    parts = [_heads()]
    for i, lane in enumerate(lanes):
        port = middle + (i - (len(lanes) - 1) / 2) * apart
        parts.append(_lane(lane, first + i * (_ROW + _GAP), colours[lane.input], port))
    parts.append(_fusion(middle, min(high - _TOP - _GAP, 210), fusion, fusion_note))
    parts.append(_flow(sum(_FUSE), middle, _TRUNK[0], middle, theme.ACCENT))
    parts.append(_trunk(middle))
    parts.append(_flow(sum(_TRUNK), middle, _OUT[0], middle, theme.ACCENT))
    parts.append(_output(middle, target, task, outputs, result))
    alt = _("Pipeline: {inputs} to {fusion} to {task}").format(
        inputs=list_of(f"{lane.input} ({lane.encoder})" for lane in lanes), fusion=fusion, task=target or task
    )
    return svg.drawing("".join(parts), _WIDE, high, alt, "max-width:1160px;margin:0 auto")


def _heads() -> str:
    names = (_("Inputs"), _("Encoders"), _("Tokens"), _("Fusion"), _("Trunk"), _("Output"))
    places = (_IN, _ENC, _TOK, _FUSE, _TRUNK, _OUT)
    return "".join(
        svg.words(name, x + wide / 2, 16, 14, weight=600, opacity=0.55, anchor="middle")
        for (x, wide), name in zip(places, names, strict=True)
    )


def _card(x: float, y: float, wide: float, high: float, colour: str | None = None, dashed: bool = False) -> str:
    look = {"stroke": colour or "currentColor", "stroke_opacity": 0.75 if colour else 0.16, "stroke_width": 1.5}
    ground = {"rx": 10, "fill": "currentColor", "fill_opacity": 0.035, "stroke_dasharray": "5 5" if dashed else None}
    return svg.rect(x + 0.75, y, wide - 1.5, high, **ground, **look)


def _flow(x0: float, y0: float, x1: float, y1: float, colour: str, faint: bool = False) -> str:
    bend = (x1 - x0) / 2
    path = f"M{x0:.1f},{y0:.1f} C{x0 + bend:.1f},{y0:.1f} {x1 - bend:.1f},{y1:.1f} {x1:.1f},{y1:.1f}"
    look = (
        {"stroke_width": 1.5, "stroke_opacity": 0.35, "stroke_dasharray": "4 5"}
        if faint
        else {"stroke_width": 2.5, "stroke_opacity": 0.8}
    )
    return svg.tag("path", d=path, fill="none", stroke=colour, **look)


def _lane(lane: InputLane, top: float, colour: str, port: float) -> str:
    gone, centre, (x, wide) = lane.value is None, top + _ROW / 2, _IN
    label, beside = x + _ROW + 2, _ENC[0] + 14
    share = _("missing here") if gone else _("in {share} of cases").format(share=percent(lane.present))
    return "".join(
        (
            _card(x, top, wide, _ROW, colour, gone),
            thumbnail(lane.value, x + 12, top + 12, _ROW - 24, colour),
            svg.words(svg.cut(lane.input, 12), label, top + 36, 17, weight=650),
            svg.words(kind_name(lane.kind), label, top + 55, 13.5, opacity=0.65),
            svg.words(share, label, top + 72, opacity=0.55),
            _flow(x + wide, centre, _ENC[0], centre, colour, gone),
            _card(_ENC[0], top + 12, _ENC[1], _ROW - 24),
            svg.words(svg.cut(lane.encoder, 19), beside, top + 42, 15.5, weight=600),
            svg.words(svg.cut(lane.note, 25), beside, top + 61, opacity=0.6),
            _flow(sum(_ENC), centre, _TOK[0], centre, colour, gone),
            _tokens(centre - (16 if lane.adds else 0), colour, gone),
            _effect(lane, centre),
            _flow(sum(_TOK), centre, _FUSE[0], port, colour, gone) if lane.used else _left_out(centre),
        )
    )


def _effect(lane: InputLane, centre: float) -> str:
    """What the input adds, and what there would be without it, under its tokens."""
    if not lane.adds:
        return ""
    middle = _TOK[0] + _TOK[1] / 2
    tint = "currentColor" if lane.helps is None else overlays.FOR if lane.helps else overlays.AGAINST
    return svg.words(lane.adds, middle, centre + 22, 14.5, weight=650, anchor="middle", colour=tint) + svg.words(
        lane.without, middle, centre + 39, 12.5, opacity=0.75, anchor="middle"
    )


def _left_out(centre: float) -> str:
    return svg.words(_("left out"), sum(_TOK) + 6, centre + 4, opacity=0.6)


def _tokens(centre: float, colour: str, gone: bool) -> str:
    missing = {"fill": "none", "stroke": colour, "stroke_opacity": 0.4, "stroke_dasharray": "2 2"}
    looks = [missing if gone else {"fill": colour, "fill_opacity": o} for o in (0.95, 0.6, 0.8, 0.45, 0.7, 0.35)]
    return "".join(svg.rect(_TOK[0] + 5 + i * 15, centre - 19, 11, 38, rx=3.5, **look) for i, look in enumerate(looks))


def _fusion(middle: float, high: float, name: str, note: str) -> str:
    x, wide = _FUSE
    rows, notes = svg.wrap(name, 16, 2), svg.wrap(note, 20, 4)
    y = middle - (len(rows) * 19 + len(notes) * 15) / 2 + 14
    look = {"rx": 12, "fill": theme.ACCENT, "fill_opacity": 0.13, "stroke": theme.ACCENT, "stroke_width": 1.75}
    parts = [svg.rect(x, middle - high / 2, wide, high, **look)]
    parts += [svg.words(row, x + wide / 2, y + i * 19, 16.5, weight=650, anchor="middle") for i, row in enumerate(rows)]
    below = y + len(rows) * 19 + 2
    parts += [
        svg.words(row, x + wide / 2, below + i * 15, opacity=0.65, anchor="middle") for i, row in enumerate(notes)
    ]
    return "".join(parts)


def _trunk(middle: float) -> str:
    layers = ((92, 0.75), (68, 0.55), (44, 0.35))
    return "".join(
        svg.rect(_TRUNK[0] + 4 + i * 20, middle - high / 2, 13, high, rx=4, fill=theme.ACCENT, fill_opacity=opacity)
        for i, (high, opacity) in enumerate(layers)
    )


def _output(middle: float, target: str, task: str, outputs: Sequence[ShownOutput], result: str) -> str:
    (x, wide), shown, more = _OUT, list(outputs)[:_SHOWN], max(0, len(outputs) - _SHOWN)
    high = 62 + 34 * len(shown) + (20 if result else 0) + (16 if more else 0)
    top, left, inner = middle - high / 2, x + 14, wide - 28
    parts = [_card(x, top, wide, high), svg.words(svg.cut(target, 17), left, top + 26, 15.5, weight=650)]
    parts.append(svg.words(svg.cut(task, 24), left, top + 43, opacity=0.7))
    for i, output in enumerate(shown):
        y = top + 64 + i * 34
        parts.append(svg.words(svg.cut(output.name, 14), left, y, 13.5))
        parts.append(svg.words(f"{output.share:.0%}", x + wide - 14, y, 13.5, weight=600, anchor="end"))
        parts.append(svg.rect(left, y + 6, inner, 6, rx=3, fill="currentColor", fill_opacity=0.1))
        parts.append(svg.rect(left, y + 6, max(2.0, inner * output.share), 6, rx=3, fill=output.colour))
        if output.low is not None and output.high is not None:
            start, length = left + inner * output.low, max(2.0, inner * (output.high - output.low))
            parts.append(svg.rect(start, y + 15, length, 2.5, rx=1, fill="currentColor", fill_opacity=0.6))
    if more:
        parts.append(svg.words(_("and {count} more").format(count=more), left, top + 64 + 34 * len(shown), opacity=0.7))
    if result:
        parts.append(svg.words(svg.cut(result, 24), left, top + high - 12, 13.5, weight=650, colour=theme.ACCENT))
    return "".join(parts)
