"""What was learnt while values of a cohort were read: which cannot be, and what was guessed or mended in others."""

from __future__ import annotations

from collections.abc import Container

from mmcore.base.errors import BadInput
from mmcore.base.settings import _

_MOST = 5  # remarks on values of one input that are told one by one


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
        """Every value that is set aside, then the first few remarks of each input and how many more there are."""
        remarks = [
            _("Case {id}: {input} is set aside. {reason}").format(id=id, input=input, reason=error.message)
            for (input, id), error in self._unreadable.copy().items()
            if id in ids
        ]
        by_input: dict[str, list[str]] = {}
        for (input, id), sentences in sorted(self._remarks.copy().items()):
            if id in ids:
                by_input.setdefault(input, []).extend(sentences)
        for input, sentences in by_input.items():
            remarks += sentences[:_MOST]
            if len(sentences) > _MOST:
                remarks.append(
                    _("{count} more remarks of this kind on files of {input}.").format(
                        count=len(sentences) - _MOST, input=input
                    )
                )
        return remarks
