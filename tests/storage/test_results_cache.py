"""Protects what studies read back: the same document and arrays, nothing damaged, nothing of an older form."""

import numpy as np
import pytest

from mmcore.base.settings import room
from mmcore.storage import results_cache
from mmcore.storage.results_cache import Result

DECIDES = ["test", 1, {"cases": 3}]
WHOLE = Result(
    {"name": "Größe", "values": [1.5, None]}, {"points": np.array([[1.0, np.nan]]), "here": np.array([True])}
)


def test_a_result_comes_back_as_it_was():
    assert results_cache.read("tests", DECIDES) is None
    results_cache.write("tests", DECIDES, WHOLE)
    again = results_cache.read("tests", DECIDES)
    assert again.document == WHOLE.document and again.arrays.keys() == WHOLE.arrays.keys()
    assert np.array_equal(again.arrays["points"], WHOLE.arrays["points"], equal_nan=True)
    assert again.arrays["here"].dtype == bool
    assert results_cache.read("tests", ["test", 2]) is None, "something else decides it"


def test_a_document_is_made_once_and_the_same_when_read():
    made = []

    def make() -> dict:
        made.append(1)
        return {"mean": np.float64(0.5), "low": float("nan")}

    first, read = results_cache.cached("tests", DECIDES, make)
    again, read_again = results_cache.cached("tests", DECIDES, make)
    assert (read, read_again) == (False, True) and len(made) == 1
    assert first == again == {"mean": 0.5, "low": None}


def test_a_flipped_bit_anywhere_is_noticed():
    results_cache.write("tests", DECIDES, WHOLE)
    (file,) = room("tests").iterdir()
    content = file.read_bytes()
    for place in range(0, len(content), 7):
        spoilt = bytearray(content)
        spoilt[place] ^= 4
        file.write_bytes(spoilt)
        assert results_cache.read("tests", DECIDES) is None, f"byte {place}"


@pytest.mark.parametrize("content", [b"", b"half", b'{"mean": 1}', b"\x93NUMPY" + b"\0" * 200])
def test_what_is_cut_short_or_of_an_older_form_is_computed_anew(content):
    results_cache.write("tests", DECIDES, WHOLE)
    (file,) = room("tests").iterdir()
    file.write_bytes(content)
    assert results_cache.cached("tests", DECIDES, lambda: "anew") == ("anew", False)
    assert results_cache.cached("tests", DECIDES, lambda: "again") == ("anew", True)
