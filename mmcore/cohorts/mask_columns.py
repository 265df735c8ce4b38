"""Which columns, and which files beside the pictures, outline what the pictures of an input show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import pandas as pd

from mmcore import readers
from mmcore.base.errors import BadInput, unknown
from mmcore.base.name_lists import list_of
from mmcore.base.settings import _, counted
from mmcore.base.values import InputSpec, Kind
from mmcore.cohorts.allowed import may_open
from mmcore.cohorts.column_files import named_by, path_of
from mmcore.cohorts.folder import Folder
from mmcore.cohorts.label_maps import Mask
from mmcore.cohorts.names import class_name
from mmcore.cohorts.outline_names import finding_of, is_outline, outlined_stem
from mmcore.cohorts.roles import MASK
from mmcore.cohorts.table_files import Blob

MaskColumns = dict[str, dict[str, str]]  # input -> column -> finding


def given_columns(
    columns: Mapping[str, str], declared: Mapping[str, Mapping[str, str]], inputs: Mapping[str, InputSpec]
) -> MaskColumns:
    """The columns of masks that somebody named: columns, of roles, go before those declared in cohort.toml.

    Raises NotFound for an input that is no image, BadInput where it is not said which of several is meant.
    """
    images = [name for name, spec in inputs.items() if spec.kind is Kind.IMAGE]
    masks: MaskColumns = defaultdict(dict)
    for name, own in declared.items():
        if name in images:
            masks[name] |= {column: finding for column, finding in own.items() if column not in columns}
    for column, text in columns.items():
        kind, _colon, name = text.partition(":")
        if kind != MASK:
            continue
        if not name and len(images) > 1:
            raise BadInput(
                _("It is not said which input the masks of column '{column}' belong to.").format(column=column),
                _("Name one of the image inputs: {names}.").format(names=list_of(images)),
            )
        name = name or next(iter(images), "")
        if name not in images:
            raise unknown(_("image input"), name, images)
        masks[name][column] = _different(finding_of(column, name), column, masks[name])
    return dict(masks)


def recognised_columns(inputs: Mapping[str, InputSpec], problems: list[str]) -> MaskColumns:
    """The inputs that are masks of others, by the names of their columns; each is told."""
    images = [name for name, spec in inputs.items() if spec.kind is Kind.IMAGE]
    shown = [name for name in images if not is_outline(name)]
    masks: MaskColumns = defaultdict(dict)
    for column in images:
        if column in shown or not shown:
            continue
        named = [name for name in shown if name.casefold() in column.casefold()]
        input = max(named, key=len) if named else shown[0]
        masks[input][column] = _different(finding_of(column, input), column, masks[input])
        problems.append(
            _(
                "Column '{column}' is read as masks that outline '{finding}' in '{input}', not as an input of its "
                "own. To use it as one, make it an image input."
            ).format(column=column, input=input, finding=masks[input][column])
        )
    return dict(masks)


def files_named(
    column: pd.Series, folder: Folder, blobs: Mapping[str, Blob] | None, problems: list[str]
) -> dict[str, Mask]:
    """Case id -> the mask its cell names or holds; files that are not there are told."""
    if blobs is not None:
        return {id: (blobs[id],) for id in blobs}
    named = {id: text for id, cell in column.items() if (text := class_name(cell)) is not None}
    by_name = named_by(column, folder)
    there = {id: path for id, cell in named.items() if (path := path_of(cell, folder, by_name, str(column.name)))}
    if absent := [id for id in named if id not in there]:
        problems.append(
            counted(
                len(absent),
                "{count} mask of column '{column}' does not exist: {file} of case {id}.",
                "{count} masks of column '{column}' do not exist, such as {file} of case {id}.",
                column=column.name,
                file=named[absent[0]][:80],
                id=absent[0],
            )
        )
    return {id: (path,) for id, path in there.items()}


def files_beside(
    input: str, pictures: Mapping[str, Path], folder: Folder, values: Collection[Path], problems: list[str]
) -> dict[str, dict[str, Mask]]:
    """Finding -> case id -> masks that no cell names: files called as the picture in a folder of outlines, or as the
    picture with such a word behind it (17_mask.png). Which were taken is told. values: files of inputs are no masks.
    """
    files = [path for path in folder.files() if _may_outline(path, folder.path) and path not in values]
    files = [path for path in files if may_open(path)]
    by_stem: dict[str, list[Path]] = defaultdict(list)
    for path in files:
        by_stem[(outlined_stem(path.stem) or path.stem).casefold()].append(path)
        if path.stem != outlined_stem(path.stem):
            by_stem[path.stem.casefold()].append(path)
    stems = [path.stem.casefold() for path in pictures.values()]
    once = len(set(stems)) == len(stems)
    masks: dict[str, dict[str, list[Path]]] = defaultdict(lambda: defaultdict(list))
    for id, picture in pictures.items():
        place = {*picture.parent.relative_to(folder.path).parts} if picture.is_relative_to(folder.path) else set()
        for path in dict.fromkeys(by_stem.get(picture.stem.casefold(), ())):
            outer, inner = _around_outline(path.parent.relative_to(folder.path).parts)
            if once or {*outer, *inner} <= place:
                name = " ".join(part for part in inner if part not in place)
                masks[finding_of(name, input)][id].append(path)
    if not masks:
        return {}
    taken = {path for own in masks.values() for paths in own.values() for path in paths}
    problems.append(
        counted(
            len(taken),
            "{count} file, {file}, is read as a mask that outlines {findings} in '{input}'.",
            "{count} files, such as {file}, are read as masks that outline {findings} in '{input}'.",
            file=min(taken).relative_to(folder.path).as_posix(),
            input=input,
            findings=list_of(f"'{name}'" for name in masks),
        )
    )  # fmt: skip
    if others := sorted({*files} - taken):
        problems.append(
            counted(
                len(others),
                "{count} file, {file}, looks like a mask, but belongs to no picture; it is not used.",
                "{count} files, such as {file}, look like masks, but belong to no picture; they are not used.",
                file=others[0].relative_to(folder.path).as_posix(),
            )
        )
    return {name: {id: tuple(paths) for id, paths in own.items()} for name, own in masks.items()}


def without_masks(masks: Iterable[str], ids: Iterable[str], input: str) -> list[str]:
    """A sentence where some cases that have the picture have no mask."""
    outlined = set(masks)
    left = [id for id in ids if id not in outlined]
    if not left or not outlined:
        return []
    return [
        counted(
            len(left),
            "{count} case, {id}, has no mask of '{input}' and is left out when a finding is located. (An empty "
            "mask means that there is no finding.)",
            "{count} cases, such as {id}, have no mask of '{input}' and are left out when a finding is located. "
            "(An empty mask means that there is no finding.)",
            input=input,
            id=left[0],
        )
    ]


def _different(finding: str, column: str, others: Mapping[str, str]) -> str:
    """Two columns outline two findings, whatever they are called."""
    return column if finding in others.values() else finding


def _may_outline(path: Path, folder: Path) -> bool:
    """Whether the name of a picture file, or of a folder it lies in, says that it outlines another."""
    if readers.suffix_of(path) not in readers.suffixes(Kind.IMAGE):
        return False
    return outlined_stem(path.stem) is not None or any(map(is_outline, path.parent.relative_to(folder).parts))


def _around_outline(parts: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Folders above and below the first that is called as outlines are."""
    at = next((i for i, part in enumerate(parts) if is_outline(part)), len(parts))
    return parts[:at], parts[at + 1 :]
