"""SVG and HTML written as function calls; every attribute and word is escaped."""

from __future__ import annotations

import html


def tag(name: str, *inside: str, **attributes: object) -> str:
    """An element: `tag("rect", x=1, stroke_width=2)`. Attributes that are None are left out; `inside` is markup."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_attribute(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{written}>{''.join(inside)}</{name}>"


def _attribute(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else html.escape(str(value))


def words(
    text: str,
    x: float,
    y: float,
    size: float = 12.8,
    *,
    weight: int | None = None,
    opacity: float | None = None,
    anchor: str | None = None,
    colour: str = "currentColor",
) -> str:
    """A line of text; its base line is at y. A colour is mixed with the ink of the page, so that it can be read."""
    mixed = None if colour == "currentColor" else f"fill:color-mix(in srgb,{colour} 70%,currentColor)"
    return tag(
        "text",
        html.escape(text),
        x=x,
        y=y,
        font_size=size,
        font_weight=weight,
        fill=colour,
        fill_opacity=opacity,
        text_anchor=anchor,
        style=mixed,
    )


def line(x1: float, y1: float, x2: float, y2: float, **look: object) -> str:
    return tag("line", x1=x1, y1=y1, x2=x2, y2=y2, **look)


def rect(x: float, y: float, width: float, height: float, *inside: str, **look: object) -> str:
    return tag("rect", *inside, x=x, y=y, width=width, height=height, **look)


def title(text: str) -> str:
    """What is shown when the pointer rests on an element (put it inside)."""
    return tag("title", html.escape(text))


def drawing(parts: str, width: float, height: float, alt: str, style: str = "") -> str:
    """The whole SVG, as wide as its place; `alt` is read to those who cannot see it."""
    style = f"width:100%;height:auto;display:block;font-family:inherit;{style}"
    return tag("svg", parts, viewBox=f"0 0 {width:g} {height:g}", role="img", aria_label=alt, style=style)


def cut(text: str, letters: int) -> str:
    """At most so many letters."""
    return text if len(text) <= letters else text[: letters - 1].rstrip(" ,_-") + "…"


def wrap(text: str, letters: int, lines: int) -> list[str]:
    """Words on at most so many lines of so many letters; what is left over is cut."""
    rows = [""]
    for word in text.split():
        if len(rows[-1]) + len(word) + 1 > letters and rows[-1]:
            rows.append(word)
        else:
            rows[-1] = f"{rows[-1]} {word}".strip()
    shown = [*rows[: lines - 1], " ".join(rows[lines - 1 :])] if len(rows) >= lines else rows
    return [cut(row, letters) for row in shown]
