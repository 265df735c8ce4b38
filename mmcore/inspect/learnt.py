"""What the learnt part of an encoder makes of one value, once a run has trained it."""

from __future__ import annotations

import torch
from torch import nn

from mmcore.base.values import Tokens, Value
from mmcore.encoders import Encoder
from mmcore.encoders.capabilities import HasStates
from mmcore.features import encode_case
from mmcore.inspect.encoded_value import EncodedValue, of_tokens
from mmcore.training import Fitted


def module_of(fitted: Fitted, input: str, replicate: int = 0) -> nn.Module:
    """The encoder part that one replicate has trained, in evaluation mode."""
    return fitted.pipeline(replicate).model.learnt[list(fitted.inputs).index(input)]


def encode_learnt(fitted: Fitted, input: str, encoder: Encoder, value: Value, replicate: int = 0) -> EncodedValue:
    """Tokens [N, E] as they leave the part that one replicate has trained: a recurrent network's state over time, say.

    Raises BadInput if the value cannot be encoded or the run's parts are not at hand.
    """
    pipeline, module = fitted.pipeline(replicate), module_of(fitted, input, replicate)
    tokens = pipeline.normalisers[input](encode_case(encoder, value))
    with torch.no_grad():
        if isinstance(module, HasStates):
            states = module.states(tokens.values[0][tokens.mask[0]])
            read = Tokens(states[None], torch.ones(1, len(states), dtype=torch.bool))
        else:
            read = module(tokens)
    return of_tokens(read, encoder.places(value))
