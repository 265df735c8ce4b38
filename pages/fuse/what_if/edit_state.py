"""What is changed of the case: in the address, so that a link reopens it, with every step that can be taken back.

Changes belong to one case; who comes back to a case finds them again. Those of an uploaded case stay in its session and
never enter the address.
"""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from mmcore.base.values import Case
from mmcore.explain.case_edits import InputEdits, as_text, from_text
from pages.frame import own_case, url_state

_MOST = 3000  # characters of an address
_STATE = "_case_edits"  # of the session: see `_Memory`


class _Memory:
    """steps: sign of a case -> texts of its changes, the present one last. case: whose text the address holds. text:
    what was written there. round: raised to start with fresh widgets."""

    def __init__(self) -> None:
        self.steps: dict[str, list[str]] = {}
        self.case: str = ""
        self.text: str = ""
        self.round: int = 0


def _memory() -> _Memory:
    memory: _Memory = st.session_state.setdefault(_STATE, _Memory())
    return memory


def current(case: Case) -> dict[str, InputEdits]:
    """The changes of this case. Raises BadInput where the address holds none that can be read."""
    memory, sign = _memory(), own_case.sign(case)
    linked = url_state.parameter("edits", "")
    if linked != memory.text and case.id != own_case.OWN:  # the address was pasted, or this is the first look
        memory.steps.setdefault(sign, [""])
        memory.text = linked  # what cannot be read is said once, then dropped
        text = as_text(from_text(linked))  # in the order in which the widgets write it: else undoing would do nothing
        if text and text != memory.steps[sign][-1]:
            memory.steps[sign].append(text)
            memory.round += 1
        memory.text, memory.case = linked, sign
    elif memory.case != sign:  # another case: its own changes take the place of the last one's
        memory.round += 1
    text = memory.steps.setdefault(sign, [""])[-1]
    _write(case, text)
    return from_text(text)


def _write(case: Case, text: str) -> None:
    memory = _memory()
    shown = text if case.id != own_case.OWN and len(text) <= _MOST else ""
    memory.case, memory.text = own_case.sign(case), shown
    url_state.set_parameter("edits", shown or None)


def put(case: Case, edits: Mapping[str, InputEdits], *, fresh: bool = False) -> None:
    """Change the case so from now on. fresh: by something else than its widgets, which then start anew."""
    memory, text = _memory(), as_text(edits)
    steps = memory.steps.setdefault(own_case.sign(case), [""])
    if text != steps[-1]:
        steps.append(text)
    if fresh:
        memory.round += 1
    _write(case, text)


def change(case: Case, input: str, **parts: object) -> None:
    """Change some parts of one input, from a callback."""
    edits = current(case)
    own = edits.get(input, InputEdits())
    put(case, {**edits, input: own.model_copy(update=parts)}, fresh=True)


def undo(case: Case) -> None:
    """Take back the last step."""
    memory = _memory()
    steps = memory.steps.setdefault(own_case.sign(case), [""])
    if len(steps) > 1:
        steps.pop()
    memory.round += 1
    _write(case, steps[-1])


def undo_all(case: Case) -> None:
    """The case as it is; this, too, can be taken back."""
    put(case, {}, fresh=True)


def can_undo(case: Case) -> bool:
    return len(_memory().steps.get(own_case.sign(case), [""])) > 1


def too_long(case: Case) -> bool:
    """Whether the changes do not fit into the address."""
    return len(_memory().steps.get(own_case.sign(case), [""])[-1]) > _MOST


def widget(case: Case, input: str) -> str:
    """What keys of the widgets of an input end with: others after each change that they did not make."""
    return f"{own_case.sign(case)}-{input}-{_memory().round}"
