"""Where a finding lies in the images of a cohort that knows it, as masks."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np

from mmcore.base.errors import BadInput, MMError, unknown
from mmcore.base.settings import _
from mmcore.base.values import Kind
from mmcore.cohorts.base import Cohort
from mmcore.cohorts.outlines import resized

_LARGEST = 512  # pixels along an edge of a mask; thousands of masks of whole films would not fit in memory

_sizes: WeakKeyDictionary[Cohort, dict[tuple[str, str], tuple[int, int] | None]] = WeakKeyDictionary()


@dataclass(frozen=True, eq=False)
class Lesions:
    """One finding in the images of one input.

    rows: [n] cases of the cohort whose image is there and can be read. masks: n masks [H, W] bool, each of the size of
    its image, reduced to 512 pixels along an edge; empty where the finding is absent. findings: every one that this
    input knows, the most frequent first.
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
    images = [input for input, spec in cohort.inputs.items() if spec.kind is Kind.IMAGE]
    counts = {input: cohort.outlines.counts(cohort.ids, input) for input in images}
    return {input: tuple(name for name, _count in own.most_common()) for input, own in counts.items() if own}


def lesions_of(cohort: Cohort, input: str | None = None, finding: str | None = None) -> Lesions:
    """The masks of one finding. input, finding: by default the first image input, and what most of its cases have.

    Cases where nobody looked for it are left out. Raises BadInput for a cohort that knows no masks, NotFound for
    another input or finding.
    """
    outlined = outlined_findings(cohort)
    if not outlined:
        raise BadInput(
            _("Cohort '{name}' has no outlines of findings in its images.").format(name=cohort.name),
            _(
                "Put masks beside the images: a folder called masks with files of the same names, or a column that "
                "names them."
            ),
        )
    input = next(iter(outlined)) if input is None else input
    if input not in outlined:
        raise unknown(_("image input with outlines"), input, outlined)
    finding = outlined[input][0] if finding is None else finding
    if finding not in outlined[input]:
        raise unknown(_("finding"), finding, outlined[input])
    rows, masks = [], []
    for row, id in enumerate(cohort.ids):
        size = _size(cohort, id, input)
        mask = None if size is None else cohort.outlines.mask(id, input, finding, size)
        if mask is not None:
            rows.append(row)
            masks.append(_reduced(mask))
    return Lesions(input, finding, outlined[input], np.array(rows, int), tuple(masks))


def _size(cohort: Cohort, id: str, input: str) -> tuple[int, int] | None:
    """Pixels of an image, read once while the cohort lives: pages ask again and again. None where there is none."""
    sizes = _sizes.setdefault(cohort, {})
    if (input, id) not in sizes:
        try:
            image = cohort.value(id, input)
        except MMError:  # told among the problems of the cohort
            image = None
        sizes[input, id] = (image.shape[0], image.shape[1]) if isinstance(image, np.ndarray) else None
    return sizes[input, id]


def _reduced(mask: np.ndarray) -> np.ndarray:
    """A large mask by its nearest pixels: a finding is looked for on a coarse grid."""
    size = tuple(round(edge / max(1.0, max(mask.shape) / _LARGEST)) for edge in mask.shape)
    return mask if size == mask.shape else resized(mask, (size[0], size[1]))
