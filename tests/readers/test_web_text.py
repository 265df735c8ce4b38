"""Protects: a web page that is saved as a text is read as its words, and that is told."""

from mmcore import readers
from mmcore.readers.web_text import is_html, words_of

PAGE = (
    "<!DOCTYPE html><html><head><title>t</title><style>p{color:red}</style></head><body><p class='x'>No pain &amp; no"
    " cough.</p><script>x()</script><table><tr><td>Hb</td><td>12</td></tr></table></body></html>"
)


def test_words_of_a_page_without_what_a_browser_does_not_show():
    assert words_of(PAGE) == "No pain & no cough.\nHb\t12"


def test_prose_that_holds_signs_of_tags_is_no_page():
    assert is_html(PAGE)
    assert not is_html("pH <7.2, <div> as written")


def test_reading_tells_and_older_digests_of_other_texts_stay(tmp_path):
    (tmp_path / "a.txt").write_text(PAGE)
    remarks = []
    assert readers.read("text", tmp_path / "a.txt", None, remarks).startswith("No pain")
    assert "without its tags" in remarks[0]
    assert readers.edition_of(".txt", b"plain") == ""
    assert readers.edition_of(".txt", PAGE.encode()) != ""
