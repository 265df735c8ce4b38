"""Protects the tour in a real browser: five steps over the pages, a link that opens the same step, and a way out."""

from __future__ import annotations

import re


def test_the_tour_goes_over_five_pages_and_its_link_opens_the_same_step(server, visit):
    visitor = visit(server)
    page = visitor.page
    visitor.go("")
    page.get_by_role("button", name="Take the tour").click()
    for step, address in enumerate(("case", "", "attention", "what_if", "compare"), 1):
        page.get_by_text(f"Tour, step {step} of 5").wait_for(timeout=60_000)
        page.wait_for_url(re.compile(rf"/{address}\?.*tour={step}\b"))
        visitor.settle()
        if step < 5:
            page.get_by_role("button", name=re.compile("^.*Next: ")).click()
    other = visit(server)
    other.page.goto(page.url)
    other.settle()
    assert other.page.get_by_text("Tour, step 5 of 5").count()
    page.get_by_role("button", name="Finish the tour").click()
    page.get_by_text("Tour, step 5 of 5").wait_for(state="detached")
    assert "tour=" not in page.url
    visitor.settle()
