"""What was learnt while values of a cohort were read: which cannot be, and what was guessed or mended in others."""

from __future__ import annotations

import re
from collections.abc import Callable, Container

from mmcore.base.errors import BadInput
from mmcore.base.name_lists import first_of
from mmcore.base.settings import _, counted

_MOST, _NAMED = 3, 10  # sentences of one kind that are told one by one; cases of more of them that are named
_LONGEST = 20  # sentences on one input
_VARIABLE = re.compile(r"\S+\.\w{2,7}\b|\d+")  # names of files, and numbers


class ReadingNotes:
    """By input and case id. Threads read values side by side: what is walked through is a copy."""

    def __init__(self) -> None:
        self._unreadable: dict[tuple[str, str], BadInput] = {}
        self._remarks: dict[tuple[str, str], list[str]] = {}

    def set_aside(self, input: str, id: str, error: BadInput) -> None:
        self._unreadable[input, id] = error

    def reason(self, input: str, id: str) -> BadInput | None:
        """Why a value cannot be read; None if it can, or was not tried."""
        return self._unreadable.get((input, id))

    def unreadable(self, input: str, ids: Container[str]) -> dict[str, str]:
        """Case id -> why its value cannot be read, among these ids."""
        return {id: str(error) for (name, id), error in self._unreadable.copy().items() if name == input and id in ids}

    def remark(self, input: str, id: str, remarks: list[str]) -> None:
        self._remarks[input, id] = remarks

    def remarked(self, input: str, id: str) -> bool:
        return (input, id) in self._remarks

    def sentences(self, ids: Container[str]) -> list[str]:
        """Values that are set aside, then remarks; of many of one kind the first ones, and which others there are."""
        aside: dict[str, list[tuple[str, str]]] = {}
        remarks: dict[str, list[tuple[str, str]]] = {}
        for (input, id), error in self._unreadable.copy().items():
            if id in ids:
                sentence = _("Case {id}: {input} is left out. {reason}").format(
                    id=id, input=input, reason=error.message
                )
                aside.setdefault(input, []).append((id, sentence))
        for (input, id), sentences in sorted(self._remarks.copy().items()):
            if id in ids:
                remarks.setdefault(input, []).extend((id, sentence) for sentence in sentences)
        listed = [sentence for input, notes in aside.items() for sentence in _few(notes, input, _other_values)]
        return listed + [
            sentence for input, notes in remarks.items() for sentence in _few(notes, input, _other_remarks)
        ]


def _few(notes: list[tuple[str, str]], input: str, others: Callable[[str, list[str]], str]) -> list[str]:
    """The sentences of an input; where many differ by names and numbers only, the first and the cases of the others.

    notes: case id and sentence.
    """
    kinds: dict[str, list[tuple[str, str]]] = {}
    for id, sentence in notes:
        kinds.setdefault(_VARIABLE.sub("", sentence.replace(id, "")), []).append((id, sentence))
    listed = []
    for same_kind in kinds.values():
        if len(same_kind) <= _MOST:
            listed += [sentence for _id, sentence in same_kind]
        else:
            listed += [same_kind[0][1], others(input, [id for id, _sentence in same_kind[1:]])]
    if len(listed) <= _LONGEST:
        return listed
    return [
        *listed[:_LONGEST],
        counted(
            len(listed) - _LONGEST,
            "There is {count} more remark on the files of {input}.",
            "There are {count} more remarks on the files of {input}.",
            input=input,
        ),
    ]


def _other_values(input: str, ids: list[str]) -> str:
    return counted(
        len(ids),
        "The same holds for {count} more value of {input}, which is left out: case {ids}.",
        "The same holds for {count} more values of {input}, which are left out: cases {ids}.",
        input=input,
        ids=first_of(ids, _NAMED),
    )


def _other_remarks(input: str, ids: list[str]) -> str:
    return counted(
        len(ids),
        "The same holds for {count} more value of {input}: case {ids}.",
        "The same holds for {count} more values of {input}: cases {ids}.",
        input=input,
        ids=first_of(ids, _NAMED),
    )
