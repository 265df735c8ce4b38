"""What the headers of a cohort's files say of persons: counted and told; none of it is read or kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from mmcore import readers
from mmcore.base.name_lists import all_of
from mmcore.base.settings import _, counted

LOOKED = 2000  # files of an input whose headers are looked at


def headers_remarks(files: Mapping[str, Iterable[Path]]) -> list[str]:
    """A sentence on each input whose files name persons. files: input -> its files."""
    sentences = []
    for input, paths in files.items():
        looked = list(paths)[:LOOKED]
        counts: Counter[str] = Counter()
        naming = 0
        for path in looked:
            there = set(readers.identifiers_of(path))
            counts.update(there)
            naming += bool(there - {"burnt in"})
        if naming:
            words = [word for kind, word in _words().items() if counts[kind]]
            sentences.append(
                _("{input}: the headers of {count} of {looked} files hold {what}. The files are used, "
                  "but none of this is kept.").format(
                    input=input, what=all_of(words), count=naming, looked=len(looked),
                )
            )  # fmt: skip
        if counts["burnt in"]:
            sentences.append(
                counted(
                    counts["burnt in"],
                    "{input}: {count} picture is marked as containing writing, which may name the person.",
                    "{input}: {count} pictures are marked as containing writing, which may name the person.",
                    input=input,
                )
            )
    return sentences


def _words() -> dict[str, str]:
    return {
        "name": _("names"), "birth date": _("birth dates"), "number": _("identity numbers"),
        "address": _("addresses"), "date": _("dates of recording"),
        "place": _("places"), "text": _("comments or other free text"),
    }  # fmt: skip
