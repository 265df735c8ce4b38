"""What an encoder says of one value, drawn as its kind deserves: several views, of which one is computed at a time."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from mmcore.base.settings import _
from mmcore.base.values import Kind, Signal, Value
from mmcore.encoders import Encoder
from mmcore.encoders.capabilities import CleansWords, HasBank, HasLayers, HasReadings, HasVocabulary
from mmcore.encoders.fitting import FoldPart
from mmcore.inspect.encoded_value import EncodedValue
from pages.explore.features.tokens import images, signals, tables, texts, whole

if TYPE_CHECKING:
    from torch import nn

TOKENS, LEARNT = "tokens", "learnt"


def views(encoder: Encoder) -> dict[str, str]:
    """The views of an encoder, name -> label, the chief one first."""
    kind = encoder.spec.kind
    chief = {
        Kind.IMAGE: _("Patches"),
        Kind.TEXT: _("Words"),
        Kind.SIGNAL: _("Along time"),
        Kind.TABLE: _("Tokens"),
    }[kind]
    labels = {}
    if isinstance(encoder, HasReadings):
        labels["readings"] = _("Measurements")
    elif not encoder.raw:
        labels[TOKENS] = chief
    if encoder.trains_in_run:
        labels[LEARNT] = _("After training")
    if isinstance(encoder, HasLayers):
        labels["layers"] = _("Layer by layer")
    if isinstance(encoder, CleansWords):
        labels["cleaned"] = _("Clean-up")
    if kind is Kind.TEXT and not encoder.raw:
        labels["matrix"] = _("Similar words")
    if isinstance(encoder, HasBank):
        labels["filters"] = _("Filters")
    return labels


def show(
    encoded: EncodedValue,
    value: Value,
    encoder: Encoder,
    colour: str,
    key: str,
    part: FoldPart | None = None,
    title: str = "",
) -> None:
    """All tokens of a value, laid back over it. key: names the widgets apart from those of other values.

    part: what the encoder learnt, if the tokens went through it; a vocabulary knows neighbours of a word.
    title: of a signal's figure.
    """
    if _is_whole(encoded, encoder.spec.kind):
        whole.show(encoded, encoder, colour, key)
    elif isinstance(value, np.ndarray):
        images.patches(encoded, value, key)
    elif isinstance(value, str):
        texts.words(encoded, value, encoder, colour, key, part if isinstance(part, HasVocabulary) else encoder)
    elif isinstance(value, Signal):
        signals.along_time(encoded, value, encoder, colour, key, title)
    else:
        tables.tokens(encoded, encoder, colour, key)


def matrix(encoded: EncodedValue, value: Any, key: str) -> None:
    """How alike the words of a text are to each other."""
    texts.matrix(encoded, value, key)


def aside(view: str, value: Any, encoder: Encoder, colour: str, key: str, module: nn.Module | None) -> None:
    """A view that shows how the encoder works rather than what it says. module: its learnt part, where a run has
    trained it."""
    if view == "layers" and isinstance(encoder, HasLayers):
        images.layers(value, encoder, key, module)
    elif view == "cleaned" and isinstance(encoder, CleansWords):
        texts.cleaned(value, encoder, key)
    elif view == "filters":
        signals.filters(value, encoder, key)
    elif view == "readings" and isinstance(encoder, HasReadings):
        signals.readings(value, encoder, colour, key)


def brief(encoded: EncodedValue, value: Any, encoder: Encoder, colour: str, key: str) -> None:
    """The chief view alone, narrow enough to stand beside others."""
    kind = encoder.spec.kind
    if isinstance(encoder, HasReadings):
        signals.listed(encoder.readings(value)[: signals.CHIEF], key, how=False)
    elif _is_whole(encoded, kind):
        whole.brief(encoded, encoder, colour, key)
    else:
        drawing: dict[Kind, ModuleType] = {
            Kind.IMAGE: images,
            Kind.TEXT: texts,
            Kind.SIGNAL: signals,
            Kind.TABLE: tables,
        }
        drawing[kind].brief(encoded, value, encoder, colour, key)


def _is_whole(encoded: EncodedValue, kind: Kind) -> bool:
    """Whether a single token stands for the whole value, so that there is nothing to lay it over."""
    return len(encoded.tokens) == 1 and kind is not Kind.TEXT and not isinstance(encoded.places[0], whole.PLACED[kind])
