"""Protects copied links: every page opens cold, in a session that never saw another, showing what it names."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [path.stem.split("_", 1)[1] for path in sorted((ROOT / "pages").glob("*/[0-9]_*.py"))]


def test_every_page_opens_cold(server, visit):
    """Each in a tab and so in a session of its own; the server's fixture asks for a deep link before anything else."""
    visitor = visit(server)
    for name in PAGES:
        visitor = visitor.in_a_new_tab()
        visitor.go(f"{name}?cohort=heart_zh&case=heart-0007")
        assert visitor.page.locator('[data-testid="stMain"] h1').count() == 1
        assert "case=heart-0007" in visitor.page.url, f"{name} lost the case from its link"


@pytest.mark.parametrize("name", ["cohort", "case"])
def test_a_link_to_what_is_not_there_says_so(server, visit, name):
    visitor = visit(server)
    visitor.go(f"{name}?cohort=hart")
    visitor.sees("Did you mean 'heart'")  # an unknown cohort names the nearest one
