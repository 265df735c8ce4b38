"""Protects: a table's separator is the one that cuts its lines, and lines that do not fit are told."""

from __future__ import annotations

import pytest

from mmcore.readers.delimited import cells_of


@pytest.mark.parametrize(
    "text, names",
    [
        ("a;b\n1,5;2\n3,0;4\n", ["a", "b"]),
        ("a\tb\n1,5\t2\n", ["a", "b"]),
        ("a|b\n1|2\n", ["a", "b"]),
        ("sep=;\na;b\n1;2\n", ["a", "b"]),
        ('"sep=|"\na|b\n1|2\n', ["a", "b"]),
        ('"x, left";"y, right"\n1;2\n', ["x, left", "y, right"]),
        ("a   b\n1 22\n333  4\n", ["a", "b"]),
        ("a^b\n1^2\n", ["a", "b"]),
        ("# written by a program\na,b,c\n1,2,3\n", ["a", "b", "c"]),
        ("Study of hearts,,\n,,\na,b,c\n" + "1,2,3\n" * 5, ["a", "b", "c"]),
        ("Study of hearts\n\na;b;c\n" + "1;2;3\n" * 5, ["a", "b", "c"]),
        ("#,b,c\n1,2,3\n", ["#", "b", "c"]),
        ('\n\na, "b"\n1, "2"\n', ["a", "b"]),
    ],
)
def test_columns_by_the_separator_that_fits(text, names):
    assert [str(name).strip() for name in cells_of(text).table.columns] == names


def test_prose_is_not_cut_at_its_spaces():
    assert list(cells_of("no chest pain today\nsevere pain\n").table.columns) == ["no chest pain today"]


def test_lines_that_end_early_are_told():
    cells = cells_of("a,b,c\n1,2,3\n4,5\n")
    assert "1 line has fewer cells" in cells.problems[0] and cells.table.iloc[1, 2] == ""


def test_a_quote_left_open_is_told_with_its_lines():
    lines = ["id,age,note", *(f"{i},{40 + i},calm" for i in range(9))]
    lines[3] = '2,42,"calm'
    lines[6] = '5,45,calm"'
    cells = cells_of("\n".join(lines))
    assert len(cells.table) == 6 and "line 4" in cells.problems[0] and "line 7" in cells.problems[0]


def test_a_note_of_several_lines_is_no_open_quote():
    assert not cells_of('id,age,note\n1,40,"first line\nsecond line"\n2,41,calm\n').problems


def test_a_quote_without_end_is_named_with_its_line():
    with pytest.raises(ValueError, match="opens in line 3 never closes"):
        cells_of('a,b\n1,2\n3,"open\n5,6\n')


def test_lines_above_the_header_are_told():
    assert "2 lines above the header" in cells_of("# one\n# two\na,b,c\n1,2,3\n").problems[0]


def test_a_header_without_a_cell_for_the_names_of_rows_is_no_title():
    lines = ["crp;bmi;label", *(f"p{i};{i},5;{20 + i},1;{i % 2}" for i in range(9))]
    with pytest.raises(ValueError, match="more cells than its header"):
        cells_of("\n".join(lines))


def test_a_line_that_ends_in_a_bare_carriage_return_stops_nothing():
    cells_of("a;b;c\rp1;1,5;x\rp2;2,5;y\n")


def test_a_title_is_known_among_decimal_commas_and_notes_with_commas():
    lines = ["Export, 1.1.2022;;;", "", "id;crp;note;label"]
    lines += [f"p{i};{i},5;{'calm, well' if i % 2 else 'calm'};{'yes' if i % 3 else 'no'}" for i in range(9)]
    cells = cells_of("\n".join(lines))
    assert cells.table.columns.tolist() == ["id", "crp", "note", "label"] and len(cells.table) == 9
    assert "above the header" in cells.problems[0]


@pytest.mark.parametrize("ragged", [False, True])
def test_no_header_is_taken_for_a_title_because_its_cells_are_cut_once_more(ragged):
    lines = ["id,labels", *(f"{i},a;b;c" for i in range(9))] if not ragged else ["id;a;b", "1;0,5"]
    lines += [f"{i};{i},5;1,{i}" for i in range(9)] if ragged else []
    cells = cells_of("\n".join(lines))
    assert cells.table.columns.tolist() == lines[0].split(";" if ragged else ",")


def test_a_quote_left_open_among_quoted_notes_is_told():
    lines = ["id,note,label", *(f'{i},"calm {i}",well' for i in range(9))]
    lines[4] = '3,"calm 3,well'
    cells = cells_of("\n".join(lines))
    assert len(cells.table) == 8 and "line 5" in cells.problems[0]
