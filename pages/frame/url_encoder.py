"""Encoders as a link asks for them: `encoder.INPUT=NAME`, or `encoder.INPUT=NAME {"option": 3}`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from mmcore.base.errors import BadInput, unknown
from mmcore.base.kind_names import kind_name
from mmcore.base.settings import _
from mmcore.base.values import InputSpec

if TYPE_CHECKING:
    from mmcore.runs import EncoderChoice


def encoder(text: str, spec: InputSpec) -> EncoderChoice:
    """The encoder that these words ask for.

    Raises NotFound for a name that no encoder of this kind of input has, BadInput for options it does not take.
    """
    from mmcore.base.registry import check_parameters
    from mmcore.encoders import encoders
    from mmcore.encoders.base import full_name
    from mmcore.runs import EncoderChoice

    name, _space, options = text.partition(" ")
    offered = {name: part for name, part in encoders.items() if part.kind is spec.kind}
    name = full_name(name, spec.kind)
    if name not in offered:
        raise unknown(_("encoder for this kind of input ({kind})").format(kind=kind_name(spec.kind)), name, offered)
    given = _options(options)
    check_parameters(offered[name], given, _("encoder '{name}'").format(name=name))
    return EncoderChoice(name=name, options=given)


def _options(text: str) -> dict:
    try:
        given = json.loads(text or "{}")
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        raise BadInput(
            _("The options {text} cannot be read.").format(text=text[:200]),
            _("The link may have been cut off on its way."),
        )
    return given
