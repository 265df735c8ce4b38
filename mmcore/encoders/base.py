"""What every encoder is: a fixed part computed once per case and, for some, a module trained with the head."""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from mmcore.base.errors import unknown
from mmcore.base.kind_names import kind_name
from mmcore.base.modules import Broken
from mmcore.base.progress import Progress, silent
from mmcore.base.registry import Registry, check_parameters, parameters
from mmcore.base.settings import N_, _
from mmcore.base.values import InputSpec, Kind, Place, Tokens

if TYPE_CHECKING:
    import numpy as np
    from torch import Tensor, nn

    from mmcore.encoders.fitting import Encoded, FoldPart


Valued = TypeVar("Valued", contravariant=True)  # np.ndarray (image), str, Signal or Row


class Encoder(ABC, Generic[Valued]):
    """One way to turn values of one kind into tokens: `Encoder[Signal]` reads signals.

    A subclass registers itself (`@encoders.register("name")`), states the class attributes below, takes its options
    as keyword-only constructor parameters after `spec`, and implements `prepare` and `places`.
    """

    name: ClassVar[str]  # set by the registry
    kind: ClassVar[Kind]
    citation: ClassVar[str] = ""
    licence: ClassVar[str] = ""
    trained_on: ClassVar[str] = N_("nothing (fixed by design)")
    version: ClassVar[int] = 1  # raise it when the numbers change: old cache entries are then no longer used
    dtype: str = "float16"  # on disk; of the class, or of an instance
    trains_in_run: bool = False  # True (of the class, or of an instance): `module` gives a part trained with the head
    fits_on_fold: bool = False  # True (as above): `fit` learns a part from the training fold, without gradients
    supervised: ClassVar[bool] = False  # True: `fit` reads the target
    raw: bool = False  # True: tokens are codes or pixels that `module` reads as they are, never standardised
    naming_options: ClassVar[frozenset[str]] = (
        frozenset()
    )  # options that name what it reads: where one of them is given, the
    # constructor says whether it can be used, else `unavailable` does
    learning_rate_scale: ClassVar[float] = (
        1.0  # learning rate of `module`, as a share of the head's (small where weights are tuned)
    )

    def __init__(self, spec: InputSpec) -> None:
        self.spec = spec

    @property
    @abstractmethod
    def dims(self) -> int:
        """D, the width of the tokens `prepare` gives."""

    @abstractmethod
    def prepare(self, values: Sequence[Valued]) -> Tokens:
        """Fixed, pure part: values of B present cases -> Tokens [B, N, D] float32, N padded to the longest.

        Every case has at least one valid token (an empty text too). What a case gets does not depend on its batch.
        Raises BadInput for a value that cannot be encoded.
        """

    @abstractmethod
    def places(self, value: Valued) -> list[Place]:
        """What each valid token of this value stands for, in token order."""

    def ready(self, progress: Progress = silent) -> None:
        """Get what the first value needs, weights that must be downloaded say. Raises MMError if it cannot be had."""
        return None

    def suits(self, value: Valued) -> str | None:
        """None if this value is of the sort the encoder was made for, else why its tokens will say little."""
        return None

    def owners(self) -> Tensor | None:
        """[N, D] bool: the token that alone fills each feature, where every column of a table has a token of its own
        and all cases have all of them; else None."""
        return None

    def module(self) -> nn.Module | None:
        """Learnt part: Tokens [B, N, D] -> Tokens [B, N, E], with an int attribute `dims` = E. None if fixed."""
        return None

    def fit(self, features: Encoded, rows: np.ndarray, target: np.ndarray | None) -> FoldPart | None:
        """What is learnt from these rows of the cohort (a training fold). None unless `fits_on_fold`.

        features: what `prepare` gave for all cases, read by `tokens(rows)`; rows: [n], cases that have the input are
        `features.counts[rows] > 0`. target: [N] class index as int (below 0: not labelled) or value as
        float (nan: not labelled), or None.
        """
        return None

    @classmethod
    def unavailable(cls) -> str | None:
        """None if usable here as it is by default, else the reason and what to install, to give or to do."""
        return None

    def parameter_count(self) -> int:
        """Weights in the fixed part."""
        return 0

    def options(self) -> dict[str, Any]:
        """The keyword parameters it was made with (read from attributes of the same name)."""
        return {p.name: getattr(self, p.name) for p in parameters(type(self))}

    def identity(self) -> str:
        """Short digest of everything that decides what `prepare` gives, the content of the value aside."""
        facts = [self.name, self.version, self.options(), self._depends_on_spec()]
        return f"{self.name}-{hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode()).hexdigest()[:16]}"

    def _depends_on_spec(self) -> Any:
        """Facts of the input's spec that change the tokens (a table's columns, say); part of the identity."""
        return None


encoders: Registry[Encoder] = Registry("encoder", "mmcore.encoders")

# What a new user gets without choosing.
DEFAULTS = {
    Kind.IMAGE: "efficientnet_lite0",
    Kind.TEXT: "minilm_tfidf",
    Kind.SIGNAL: "minirocket",
    Kind.TABLE: "columns",
}


def broken_encoders(kind: Kind) -> dict[str, Broken]:
    """Encoders of this kind that cannot be used because of how they are written; the folder of a file tells its kind.

    Files in no such folder count for every kind.
    """
    return {name: fault for name, fault in encoders.broken.items() if folder_kind(fault) in (kind, None)}


def folder_kind(fault: Broken) -> Kind | None:
    """The kind in whose folder a file lies, as far as its name tells."""
    return next((kind for kind in Kind if kind.value in fault.module.split(".")[:-1]), None)


def full_name(name: str, kind: Kind) -> str:
    """The name an encoder of this kind is registered under: `lstm` for text is `lstm_text`."""
    own = f"{name}_{kind}"
    return own if own in encoders and (name not in encoders or encoders[name].kind is not kind) else name


def make(name: str, spec: InputSpec, **options: Any) -> Encoder:
    """The encoder of that name for this input. Raises NotFound, Unavailable, or BadInput for wrong options or kind.

    Where another kind has the plain name (`lstm`), that of this kind carries the kind too (`lstm_text`); both will do.
    """
    name = full_name(name, spec.kind)
    part = encoders[name] if encoders[name].naming_options & set(options) else encoders.usable(name)
    if part.kind is not spec.kind:
        what = _("encoder for this kind of input ({kind})").format(kind=kind_name(spec.kind))
        raise unknown(what, name, [n for n, p in encoders.items() if p.kind is spec.kind])
    return part(spec, **check_parameters(part, options, _("encoder '{name}'").format(name=name)))
