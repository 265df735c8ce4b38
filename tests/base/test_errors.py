"""Protects that many mistakes told at once can be told apart, and what mends each."""

from __future__ import annotations

from mmcore.base.errors import BadInput, several


def test_what_mends_each_of_several_mistakes_carries_its_number():
    broken, silent = BadInput("a.png is broken.", "Export it again."), BadInput("b.csv has no rate.", "Enter it below.")
    assert several([broken, silent]).hint == "(1) Export it again. (2) Enter it below."
    assert several([silent, BadInput("c.csv has no rate.", "Enter it below.")]).hint == "Enter it below."
    assert several([broken, BadInput("Nothing to do."), broken]).hint == "Export it again."
    assert several([broken]) is broken
