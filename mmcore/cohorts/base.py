"""A cohort: a table with one row a case, values read when asked for, and a schema that says what is what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

import numpy as np
import pandas as pd

from mmcore.base.errors import BadInput, NotFound, RolesNeeded, unknown
from mmcore.base.settings import _
from mmcore.base.values import Case, Evidence, InputSpec, Kind, Value
from mmcore.cohorts import case_ids
from mmcore.cohorts.cohort_target import CohortTarget
from mmcore.cohorts.identical_cases import copies_of, remarks_on
from mmcore.cohorts.identifying import headers_remarks
from mmcore.cohorts.media import Media, Memory, digest_of, digest_of_upload, has_table, rows_of
from mmcore.cohorts.names import class_name
from mmcore.cohorts.outlines import EvidenceOutlines, Outlines
from mmcore.cohorts.reading_notes import ReadingNotes
from mmcore.cohorts.schema import Schema


class Cohort(CohortTarget):
    """Cases with named inputs, some of them missing.

    table: index = case id (str), one row a case. source: the path or built-in name it was opened from.
    ceiling_probability: of synthetic cohorts only, what is true of each case's target given its inputs: the probability
    of the positive class [N], of every class [N, K], or the expected value [N].
    outlines: where findings lie in its pictures; what the evidence says of it, if not given.
    """

    def __init__(
        self,
        schema: Schema,
        table: pd.DataFrame,
        media: Media,
        *,
        problems: Iterable[str] = (),
        evidence: Mapping[str, Mapping[str, tuple[Evidence, ...]]] | None = None,
        ceiling_probability: np.ndarray | None = None,
        source: str = "",
        without_target: BadInput | None = None,
        outlines: Outlines | None = None,
    ) -> None:
        self.schema, self.table, self.source = schema, table, source or schema.name
        self.ceiling_probability = ceiling_probability
        self._media, self._evidence, self._problems = media, evidence or {}, list(problems)
        self._without_target = without_target
        self.outlines = EvidenceOutlines(self._evidence) if outlines is None else outlines
        self._notes = ReadingNotes()
        self._positions = {id: i for i, id in enumerate(table.index)}

    @classmethod
    def from_memory(
        cls,
        schema: Schema,
        table: pd.DataFrame,
        values: Mapping[str, Mapping[str, Value]],
        *,
        fingerprint: str,
        evidence: Mapping[str, Mapping[str, tuple[Evidence, ...]]] | None = None,
        ceiling_probability: np.ndarray | None = None,
    ) -> Cohort:
        """A cohort whose values are at hand.

        table: index = case id (str), with the target and group columns. values: input -> id -> value, no key where
        missing; a table input may be left out if its columns are in `table`. evidence: id -> input -> Evidence.
        fingerprint: stands for the content of all values: the same fingerprint means the same values.
        """
        table = table.set_axis(table.index.astype(str).astype(object), axis=0)
        from_table = {
            name: rows_of(table, spec)
            for name, spec in schema.inputs.items()
            if name not in values and has_table(spec, table)
        }
        media = Memory({**values, **from_table}, fingerprint)
        return cls(schema, table, media, evidence=evidence, ceiling_probability=ceiling_probability)

    @property
    def name(self) -> str:
        return self.schema.name

    @property
    def inputs(self) -> dict[str, InputSpec]:
        return self.schema.inputs

    @property
    def ids(self) -> list[str]:
        return list(self._positions)

    def __len__(self) -> int:
        return len(self._positions)

    @property
    def problems(self) -> list[str]:
        """What was wrong at opening, and what was learnt of values read since, a sentence each."""
        headers: list[str] = self.__dict__.get("headers", [])
        return [
            *self._problems,
            *self._notes.sentences(self._positions),
            *self._copies_remarks(),
            *self.outlines.remarks,
            *headers,
        ]

    @cached_property
    def headers(self) -> list[str]:
        """What the headers of files say of persons, which is not read: a sentence an input, from now on a problem."""
        return headers_remarks({input: self._media.files(input) for input in self.inputs})

    def tell(self, sentences: Iterable[str]) -> None:
        """Add to the problems what was learnt elsewhere, while its files were made."""
        self._problems += sentences

    def _copies_remarks(self) -> list[str]:
        """Cases of identical content, once that is worked out; see `copies`."""
        copies = self.__dict__.get("copies")
        return [] if copies is None else remarks_on(copies, self.ids, self.target, self.groups)

    @property
    def leaks(self) -> list[str]:
        """Columns left out since each alone determines the target."""
        return list(self.schema.leaks)

    def position(self, id: str) -> int:
        """Row of a case. Raises NotFound with the nearest match."""
        if id in self._positions:
            return self._positions[id]
        near = case_ids.nearest(str(id), self._positions)
        hint = (
            _("Did you mean '{near}'?").format(near=near)
            if near is not None
            else _("Ids look like '{first}'.").format(first=next(iter(self._positions), ""))
        )
        raise NotFound(
            _("There is no case '{id}' among the {count} of '{name}'.").format(id=id, count=len(self), name=self.name),
            hint,
        )

    def _spec(self, input: str) -> InputSpec:
        if input not in self.inputs:
            raise unknown(_("input"), input, self.inputs)
        return self.inputs[input]

    def present(self, input: str) -> np.ndarray:
        """[N] bool: False where the input is missing or was set aside as unreadable."""
        spec = self._spec(input)
        return np.array(
            [self._notes.reason(input, id) is None and self._media.has(id, spec) for id in self._positions], dtype=bool
        )

    def unreadable(self, input: str) -> dict[str, str]:
        """Cases whose value was found unreadable, and why: it then counts as missing."""
        self._spec(input)
        return self._notes.unreadable(input, self._positions)

    def value(self, id: str, input: str) -> Value | None:
        """The value, read now; None if missing. Raises BadInput (which names the file) if it cannot be read."""
        self.position(id)
        spec, earlier = self._spec(input), self._notes.reason(input, id)
        if earlier:
            raise BadInput(earlier.message, earlier.hint)
        remarks: list[str] = []
        try:
            value = self._media.value(id, spec, remarks)
        except BadInput as error:
            self._notes.set_aside(input, id, error)
            raise
        if remarks:
            self._notes.remark(input, id, remarks)
            self._media.remember(id, spec, remarks)
        return value

    def digest(self, id: str, input: str) -> str | None:
        """Digest of the value's content, None if missing."""
        self.position(id)
        spec = self._spec(input)
        if not self._media.has(id, spec):
            return None
        digest = self._media.digest(id, spec)
        if not self._notes.remarked(input, id) and (earlier := self._media.remarks(id, spec, digest)):
            self._notes.remark(input, id, earlier)
        return digest

    def rates(self, input: str) -> list[float]:
        """Samples per second that recordings which do not state theirs are read with, ascending; several where they
        differ from case to case, none where nobody gave them."""
        spec = self._spec(input)
        return [spec.rate_hz] if spec.rate_hz else self._media.rates(input)

    def digest_of_upload(self, spec: InputSpec, name: str, data: bytes) -> str:
        """Digest of an uploaded file read as `spec`: of the case that has the same file, whatever its rate, if any."""
        own = digest_of_upload(spec, name, data)
        rates = self.rates(spec.name) if spec.kind is Kind.SIGNAL else []
        contents = {*self.contents[spec.name]} if rates else set()
        candidates = (digest_of_upload(spec.model_copy(update={"rate_hz": rate}), name, data) for rate in rates)
        return next((digest for digest in candidates if digest in contents), own)

    def settle(self) -> None:
        """Keep what was learnt of the content of files, so that they need not be read again to be known."""
        self._media.settle()

    def case(self, id: str) -> Case:
        """The case with all its values. An unreadable input is missing, and Case.problems says why."""
        row, values, problems = self.position(id), {}, []
        for input in self.inputs:
            try:
                value = self.value(id, input)
            except BadInput as error:
                problems.append(_("{input}: {error}").format(input=input, error=error))
                continue
            if value is not None:
                values[input] = value
        group = str(self.groups[row]) if self.groups is not None else None
        return Case(id, values, self._target_name(row), group, self._evidence.get(id, {}), tuple(problems))

    def evidence(self, id: str) -> Mapping[str, tuple[Evidence, ...]]:
        """Where the reasons for the target lie in each input of a case; known of synthetic cases only, else empty."""
        return self._evidence.get(id, {})

    @cached_property
    def groups(self) -> np.ndarray | None:
        """[N] str, or None without grouping. A case whose group is empty is a group of its own."""
        if self.schema.group is None:
            return None
        names = [class_name(cell) for cell in self.table[self.schema.group]]
        return np.array(
            [f"({id})" if name is None else name for id, name in zip(self._positions, names, strict=True)], dtype=object
        ).astype(str)

    def require_target(self) -> None:
        """Raises BadInput if this cohort has no target that could be learnt."""
        if self.schema.task is None:
            raise self._without_target or RolesNeeded(
                _("Cohort '{name}' has no target.").format(name=self.name),
                _("Say which column is to be predicted."),
            )

    @cached_property
    def key(self) -> str:
        """Digest of everything that decides a result: ids, targets, groups, roles and the content of every input."""
        roles = self.schema.model_dump(include={"inputs", "task", "target", "classes", "group"}, mode="json")
        groups = None if self.groups is None else self.groups.tolist()
        facts = [self.ids, self.target.tolist(), groups, roles, self.contents]
        if self.copies is not None:  # they decide the folds, so cohorts with copies have keys of their own
            facts.append(["undivided", *self.copies.tolist()])
        return digest_of(*facts)

    @cached_property
    def contents(self) -> dict[str, list[str | None]]:
        """Digest of each value (or why it cannot be read), by input, in the order of the cases; None where missing."""
        contents = {input: [self._digest_or_reason(id, input) for id in self._positions] for input in self.inputs}
        self.settle()
        return contents

    @cached_property
    def copies(self) -> np.ndarray | None:
        """[N] number that cases of identical content share; None where no two cases are alike (see duplicates)."""
        return copies_of(self.contents, self.inputs, self.table)

    @property
    def undivided(self) -> np.ndarray | None:
        """[N] str: cases that share it never lie on both sides of a division within a training fold. Groups, or else
        those of identical content; None where every case stands for itself."""
        return self.groups if self.groups is not None or self.copies is None else self.copies.astype(str)

    def _digest_or_reason(self, id: str, input: str) -> str | None:
        try:
            return self.digest(id, input)
        except BadInput as error:
            return error.message

    def select(self, ids: Iterable[str]) -> Cohort:
        """The cohort of these cases, in this order. Raises NotFound for an unknown id."""
        rows = [self.position(id) for id in dict.fromkeys(ids)]
        ceiling = None if self.ceiling_probability is None else self.ceiling_probability[rows]
        part = Cohort(
            self.schema, self.table.iloc[rows], self._media, problems=self._problems, evidence=self._evidence,
            ceiling_probability=ceiling, source=self.source, without_target=self._without_target,
            outlines=self.outlines,
        )  # fmt: skip
        part._notes = self._notes  # what either learns, the other tells too
        return part
