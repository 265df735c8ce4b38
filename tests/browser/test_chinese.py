"""Protects visitors who read Chinese: every page, its navigation and its notes speak it, chosen once in the sidebar."""

from __future__ import annotations

import re

from pages.frame.navigation import files

HAN = re.compile(r"[一-鿿]")
ENGLISH = re.compile(r"(?:[A-Za-z][a-z']*,? ){5,}[a-z]+")  # a run of words that is a sentence, not a name


def test_the_app_is_walked_in_chinese(server, visit):
    visitor = visit(server)
    page, main = visitor.page, visitor.page.locator('[data-testid="stMain"]')
    visitor.go("?cohort=heart_zh&case=heart-0002")
    page.get_by_role("radio", name="中文").or_(page.get_by_role("button", name="中文")).first.click()
    visitor.settle()
    navigation = page.locator('[data-testid="stSidebarNav"]')
    names = [text.split("\n")[-1] for text in navigation.get_by_role("link").all_inner_texts()]  # behind an icon
    assert len(names) == sum(map(len, files().values())) and all(HAN.search(name) for name in names), names
    english = []
    for name in names:
        navigation.get_by_role("link", name=name).click()
        visitor.settle()
        text = main.inner_text()
        assert len(HAN.findall(text)) > 50, f"{name} is not in Chinese: {text[:200]}"
        english += [f"{name}: {run.group()}" for run in ENGLISH.finditer(text)]
    assert "lang=zh" in page.url, "the language stays in the link"
    assert not english, "\n".join(english)


def test_a_note_in_chinese_is_read_and_what_was_found_is_marked(server, visit):
    visitor = visit(server)
    visitor.go("case?lang=zh&cohort=heart_zh&case=heart-0002")
    visitor.sees("胸痛")
    visitor.shoot("8_chinese_case")
