"""Protects the diagram of every fusion method: well formed, with every input and step, for any number of inputs."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from mmcore.base.errors import NotFound
from mmcore.figures import theme
from mmcore.figures.fusion_diagram import diagram
from mmcore.fusion import fusions

every_fusion = pytest.mark.parametrize("name", list(fusions))


def words(svg: str) -> list[str]:
    return [element.text for element in ElementTree.fromstring(svg).iter("text")]


@every_fusion
@pytest.mark.parametrize("count", [1, 2, 3, 9])
def test_every_method_is_drawn_for_any_number_of_inputs(name, count):
    inputs = [f"input {i}" for i in range(count)]
    svg = diagram(name, inputs)
    output = words(svg)
    assert set(inputs[: 6 if count <= 6 else 5]) <= set(output) and "h" in output
    assert ("and 4 more" in output) == (count == 9)
    drawn = ElementTree.fromstring(svg)
    _x, _y, width, height = map(float, drawn.attrib["viewBox"].split())
    for box in drawn.iter("rect"):
        x, y, wide, high = (float(box.get(key)) for key in ("x", "y", "width", "height"))
        assert x >= 0 and y >= 0 and x + wide <= width and y + high <= height


def test_names_are_escaped_and_inputs_keep_their_colours():
    svg = diagram("gated", ["x<ray", "note & more"])
    assert {"x<ray", "note & more"} <= set(words(svg))
    assert all(colour in svg for colour in theme.INPUT_COLOURS[:2]) and theme.INPUT_COLOURS[2] not in svg


def test_steps_that_need_two_inputs_are_left_out_for_one():
    assert "u₁ ⊙ u₂" in words(diagram("bilinear", ["a", "b"]))
    assert not [text for text in words(diagram("bilinear", ["a"])) if "⊙" in text]


def test_ink_is_that_of_the_page_and_unknown_names_are_refused():
    assert "color:" not in diagram("mlp", ["a"]) and "currentColor" in diagram("mlp", ["a"])
    with pytest.raises(NotFound, match="gated"):
        diagram("gatd", ["a"])


@every_fusion
def test_wires_are_alike_and_pass_no_box(name):
    drawn = ElementTree.fromstring(diagram(name, ["a", "b", "c", "d"]))
    wires = [element for element in drawn.iter("path") if not element.get("stroke-dasharray")]
    assert len({element.get("stroke-width") for element in wires}) == 1, (
        "how much is read is known of a trained model only"
    )
    spans = (
        [float(box.get("y")) for box in drawn.iter("rect")],
        [float(box.get("height")) for box in drawn.iter("rect")],
    )
    boxes = [(float(box.get("x")), y, y + high) for box, y, high in zip(drawn.iter("rect"), *spans, strict=True)]
    for wire in drawn.iter("path"):
        if wire.get("stroke-dasharray"):
            start, level = re.findall(r"([\d.]+),([\d.]+) L([\d.]+),([\d.]+)", wire.get("d"))[0][:2]
            end = re.findall(r"L([\d.]+),", wire.get("d"))[0]
            between = [box for box in boxes if float(start) <= box[0] <= float(end)]
            assert between and not any(top < float(level) < bottom for _x, top, bottom in between)
