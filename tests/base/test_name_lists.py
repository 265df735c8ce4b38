"""Protects how sentences list names: as people say them, the last one joined by a word, long lists cut and counted."""

from mmcore.base.languages import speaking
from mmcore.base.name_lists import all_of, any_of, first_of, list_of


def test_the_last_name_is_joined_by_a_word():
    assert [all_of(names) for names in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]
    assert any_of(["a", "b", "c"]) == "a, b or c"


def test_of_many_names_the_others_are_counted():
    assert first_of(["a", "b"], 2) == "a, b" and first_of(["a", "b", "c", "d"], 2) == "a, b and 2 more"


def test_the_comma_is_that_of_the_language():
    assert list_of(["a", "b", "c"]) == "a, b, c" and list_of([]) == ""
    with speaking("zh"):
        assert list_of(["a", "b", "c"]) == "a、b、c" and first_of(["a", "b", "c"], 2).startswith("a、b")
