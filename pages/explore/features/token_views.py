"""What an encoder says of one value, drawn as its kind deserves: several views, of which one is computed at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mmcore.base.settings import _
from mmcore.base.values import Kind, Value
from mmcore.encoders import Encoder
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
    found = {"readings": _("Measurements")} if hasattr(encoder, "readings") else {} if encoder.raw else {TOKENS: chief}
    if encoder.trains_in_run:
        found[LEARNT] = _("After training")
    if hasattr(encoder, "layers"):
        found["layers"] = _("Layer by layer")
    if hasattr(encoder, "cleaned"):
        found["cleaned"] = _("Clean-up")
    if kind is Kind.TEXT and not encoder.raw:
        found["matrix"] = _("Likeness of words")
    if hasattr(encoder, "bank"):
        found["filters"] = _("Filters")
    return found


def show(
    said: EncodedValue,
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
    kind = encoder.spec.kind
    if len(said.tokens) == 1 and kind is not Kind.TEXT and not isinstance(said.places[0], _PLACED[kind]):
        whole.show(said, encoder, colour, key)
    elif kind is Kind.IMAGE:
        images.patches(said, value, key)
    elif kind is Kind.TEXT:
        texts.words(said, value, encoder, colour, key, part if hasattr(part, "neighbours") else encoder)
    elif kind is Kind.SIGNAL:
        signals.along_time(said, value, encoder, colour, key, title)
    else:
        tables.tokens(said, encoder, colour, key)


def matrix(said: EncodedValue, value: Value, key: str) -> None:
    """How alike the words of a text are to each other."""
    texts.matrix(said, value, key)


def aside(view: str, value: Value, encoder: Encoder, colour: str, key: str, module: nn.Module | None) -> None:
    """A view that shows how the encoder works rather than what it says. module: its learnt part, where a run has
    trained it."""
    if view == "layers":
        images.layers(value, encoder, key, module)
    elif view == "cleaned":
        texts.cleaned(value, encoder, key)
    elif view == "filters":
        signals.filters(value, encoder, key)
    elif view == "readings":
        signals.readings(value, encoder, colour, key)


def brief(said: EncodedValue, value: Value, encoder: Encoder, colour: str, key: str) -> None:
    """The chief view alone, narrow enough to stand beside others."""
    kind = encoder.spec.kind
    if hasattr(encoder, "readings"):
        signals.listed(encoder.readings(value)[: signals.CHIEF], key, how=False)
    elif len(said.tokens) == 1 and kind is not Kind.TEXT and not isinstance(said.places[0], _PLACED[kind]):
        whole.brief(said, encoder, colour, key)
    else:
        {Kind.IMAGE: images, Kind.TEXT: texts, Kind.SIGNAL: signals, Kind.TABLE: tables}[kind].brief(
            said, value, encoder, colour, key
        )


_PLACED = whole.PLACED
