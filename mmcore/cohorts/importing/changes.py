"""What a person changes in a proposal, one column at a time, as roles that the next proposal is made with."""

from __future__ import annotations

from mmcore import readers
from mmcore.base.values import Kind
from mmcore.cohorts import roles as role
from mmcore.cohorts.column_content import is_numbers, is_prose
from mmcore.cohorts.column_files import files_of_column
from mmcore.cohorts.importing.proposal import Proposal, Role
from mmcore.cohorts.roles import Roles

_SINGLE = ("target", "group", "id", "event", "time", "split")  # roles that one column has


def changed(proposal: Proposal, column: str, to: Role | None = None, *, kind: str = "", input: str = "") -> Roles:
    """The roles with this column as another thing. to: its role, "input" where only kind or input is given.

    kind: number, category, text, image or signal, as it is (else what its content suggests) if empty. input: the one it
    joins, a new one if there is none of that name; "" the one it was in. Of masks the one whose pictures they outline.
    What it was before, it is no more.
    """
    before = next(other for other in proposal.columns if other.name == column)
    to = to or ("mask" if before.role == "mask" and not kind else "input")
    roles = _freed(proposal.roles, proposal, column)
    if to in _SINGLE:
        return roles.model_copy(update={to: column} | ({"positive": None} if to in ("target", "event") else {}))
    if to == "mask":
        return roles.model_copy(
            update={"columns": {**roles.columns, column: f"{role.MASK}:{input or _pictures(proposal, column)}"}}
        )
    if to != "input":
        return roles.model_copy(update={"ignore": (*roles.ignore, column)})
    kind = kind or (before.kind if before.kind in role.MEMBERS else _suggested(proposal, column))
    moved = kind in ("number", "category") and before.kind not in ("number", "category")
    name = input or ("" if moved or before.role == "mask" else before.input)
    return roles.model_copy(update={"columns": {**roles.columns, column: f"{kind}:{name}"}})


def _pictures(proposal: Proposal, column: str) -> str:
    """The image input that masks most likely outline: the first but that of the column itself."""
    images = (other.input for other in proposal.columns if other.kind == Kind.IMAGE and other.name != column)
    return next(images, "")


def _freed(roles: Roles, proposal: Proposal, column: str) -> Roles:
    """Without anything that was said of this column; a role that it had by itself is none's."""
    update: dict[str, object] = {
        "ignore": tuple(name for name in roles.ignore if name != column),
        "columns": {name: text for name, text in roles.columns.items() if name != column},
        "inputs": _without(roles.inputs, column),
    }
    had = {other.name: other.role for other in proposal.columns}
    for name in _SINGLE:
        if getattr(roles, name) == column or (had[column] == name and getattr(roles, name) is None):
            update[name] = ""
    if "target" in update:
        update["positive"] = None
    return roles.model_copy(update=update)


def _without(inputs: dict[str, str], column: str) -> dict[str, str]:
    left = {}
    for name, text in inputs.items():
        kind, columns = role.parse(text)
        others = [other for other in columns if other != column]
        if others:
            left[name] = role.written(kind, others)
    return left


def _suggested(proposal: Proposal, column: str) -> str:
    """What the content of a column looks like."""
    cells = proposal.table[column]
    blob = next(iter(proposal.blobs.get(column, {}).values()), None)
    if blob is not None:
        return str(readers.kind_of_bytes(*blob) or "category")
    files = files_of_column(cells, proposal.folder)
    if files is not None and files.kind is not None:
        return str(files.kind)
    if is_numbers(cells):
        return "number"
    return "text" if is_prose(cells) else "category"
