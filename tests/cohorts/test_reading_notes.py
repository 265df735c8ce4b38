"""Protects: what is told of many files of one kind is a few sentences, which name the cases."""

from mmcore.base.errors import BadInput
from mmcore.cohorts.reading_notes import ReadingNotes


def test_many_files_that_are_damaged_alike_are_told_in_two_sentences():
    notes = ReadingNotes()
    for i in range(45):
        notes.set_aside("film", f"c{i}", BadInput(f"img/p{i}.png is damaged.", "Save it again."))
    notes.set_aside("film", "odd", BadInput("img/x.png is empty (0 bytes).", "Save it again."))
    ids = {f"c{i}" for i in range(45)} | {"odd"}
    sentences = notes.sentences(ids)
    assert len(sentences) == 3
    assert "44 more" in sentences[1]
    assert "c1, c2" in sentences[1]
    assert len(notes.unreadable("film", ids)) == 46


def test_remarks_of_a_few_files_are_told_each():
    notes = ReadingNotes()
    notes.remark("ecg", "a", ["a.csv: 3 samples were bridged."])
    notes.remark("ecg", "b", ["b.csv: 4 samples were bridged."])
    assert len(notes.sentences({"a", "b"})) == 2
