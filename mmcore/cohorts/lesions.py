"""Where a finding lies in the images of a cohort that knows it, as masks."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from mmcore.base.errors import BadInput, MMError, unknown
from mmcore.base.settings import _
from mmcore.base.values import Kind
from mmcore.cohorts.base import Cohort


@dataclass(frozen=True, eq=False)
class Lesions:
    """One finding in the images of one input.

    rows: [n] cases of the cohort whose image is there and can be read. masks: n masks [H, W] bool, each of the size of
    its image; empty where the finding is absent. findings: every one that this input knows, the most frequent first.
    """

    input: str
    finding: str
    findings: tuple[str, ...]
    rows: np.ndarray
    masks: tuple[np.ndarray, ...]

    @property
    def there(self) -> np.ndarray:
        """[n] bool: whether the case has the finding."""
        return np.array([bool(mask.any()) for mask in self.masks], dtype=bool)


def outlined_findings(cohort: Cohort) -> dict[str, tuple[str, ...]]:
    """By image input: the findings whose masks are known, the one that most cases have first; {} without any."""
    outlined: dict[str, tuple[str, ...]] = {}
    for input, spec in cohort.inputs.items():
        if spec.kind is not Kind.IMAGE:
            continue
        counts = Counter(
            sign.name for id in cohort.ids for sign in cohort.evidence(id).get(input, ()) if sign.mask is not None
        )
        if counts:
            outlined[input] = tuple(name for name, _count in counts.most_common())
    return outlined


def lesions_of(cohort: Cohort, input: str | None = None, finding: str | None = None) -> Lesions:
    """The masks of one finding. input, finding: by default the first image input, and what most of its cases have.

    Raises BadInput for a cohort that knows no masks, NotFound for another input or finding.
    """
    outlined = outlined_findings(cohort)
    if not outlined:
        raise BadInput(
            _("Cohort '{name}' does not know where in its images anything lies.").format(name=cohort.name),
            _("Outlines come with the built-in cohorts lung and heart; masks of other cohorts cannot be read yet."),
        )
    input = next(iter(outlined)) if input is None else input
    if input not in outlined:
        raise unknown(_("image input with outlines"), input, outlined)
    finding = outlined[input][0] if finding is None else finding
    if finding not in outlined[input]:
        raise unknown(_("finding"), finding, outlined[input])
    rows, masks = [], []
    for row, id in enumerate(cohort.ids):
        try:
            image = cohort.value(id, input)
        except MMError:  # told among the problems of the cohort
            continue
        if isinstance(image, np.ndarray):
            rows.append(row)
            masks.append(_mask(cohort, id, input, finding, image.shape[:2]))
    return Lesions(input, finding, outlined[input], np.array(rows, int), tuple(masks))


def _mask(cohort: Cohort, id: str, input: str, finding: str, size: tuple[int, ...]) -> np.ndarray:
    mask = np.zeros(size, bool)
    for sign in cohort.evidence(id).get(input, ()):
        if sign.name == finding and sign.mask is not None:
            mask |= sign.mask
    return mask
