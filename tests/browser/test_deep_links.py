"""Protects copied links: every page opens cold, on a server and a browser that never saw it, showing what it names."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [path.stem.split("_", 1)[1] for path in sorted((ROOT / "pages").glob("*/[0-9]_*.py"))]


def test_every_page_opens_cold(fresh_server, visit):
    for name in PAGES:
        visitor = visit(fresh_server)
        visitor.go(f"{'' if name == 'overview' else name}?cohort=heart&case=heart-0007")
        assert visitor.page.locator('[data-testid="stMain"] h1').count() == 1
        assert "case=heart-0007" in visitor.page.url, f"{name} lost the case from its link"


@pytest.mark.parametrize("name", ["cohort", "case"])
def test_a_link_to_what_is_not_there_says_so(server, visit, name):
    visitor = visit(server)
    visitor.go(f"{name}?cohort=hart")
    assert visitor.page.get_by_text("Did you mean 'heart'").count(), "an unknown cohort names the nearest one"
