"""Protects readers who cannot see well or use no mouse: axe-core finds nothing serious on any page, in either theme."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pages.frame import navigation

ROOT = Path(__file__).resolve().parents[2]
AXE = Path(os.environ.get("FUSIONSCOPE_AXE", ROOT / "node_modules" / "axe-core" / "axe.min.js"))
SERIOUS = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations
  .filter(rule => ["serious", "critical"].includes(rule.impact))
  .map(rule => `${rule.id}: ${rule.help}: ` + rule.nodes.slice(0, 3).map(node => node.html.slice(0, 99)).join(" | "))"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_serious_fault(server, visit, scheme):
    if not AXE.exists():
        pytest.skip("axe-core is not here: npm install --no-save axe-core, or name its axe.min.js in FUSIONSCOPE_AXE")
    visitor = visit(server)
    visitor.page.emulate_media(color_scheme=scheme)
    faults = []
    for path in (path for paths in navigation.files().values() for path in paths):
        name = navigation.name_of(path)
        visitor.go("" if name == navigation.HOME else name)
        visitor.page.wait_for_timeout(500)
        visitor.page.evaluate(AXE.read_text(encoding="utf-8"))
        faults += [f"{name}: {fault}" for fault in visitor.page.evaluate(SERIOUS)]
    assert not faults, "\n".join(faults)
