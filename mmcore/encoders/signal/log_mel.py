"""Log-mel frames, and recurrent networks that learn to read them."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import torch
from torch import nn

from mmcore.base.registry import Range
from mmcore.base.settings import N_, _
from mmcore.base.values import InputSpec
from mmcore.encoders.base import encoders
from mmcore.encoders.recurrent import Recurrent
from mmcore.encoders.signal.frames import Frames
from mmcore.encoders.signal.mel_bands import MELS, mel_bank


@encoders.register("log_mel")
class LogMel(Frames):
    """Log-mel spectrum: how loud each band is, frame by frame.

    32 bands for each channel, log10 of power, at most 6 below the loudest of the case. A frame lasts 32 ms for sound,
    64 ms for heart and lung sounds, 0.64 s for slower signals (64 samples where the rate is unknown or below 60 Hz).

    channels: channels read separately; absent ones are 0, and where there are more, neighbours are averaged
    window: seconds a frame lasts (samples where the rate is unknown); 0 chooses by the rate
    hop: seconds from one frame to the next; 0: half the window if you chose one, else by the rate
    """

    citation = "Davis & Mermelstein, IEEE Transactions on Acoustics, Speech and Signal Processing 1980 (mel bands)"
    licence = N_("own implementation; filters of torchaudio (BSD-2-Clause)")
    height = MELS

    def row_name(self) -> str:
        return _("mel band")

    def bank(self, size: int, rate: float | None) -> torch.Tensor:
        return mel_bank(size, rate)


class _Reader(LogMel):
    """Log-mel frames read in order by a recurrent network trained with the head."""

    licence = N_("own implementation with torch.nn (BSD-3-Clause); filters of torchaudio (BSD-2-Clause)")
    trained_on = N_("the training cases of the run it is part of")
    trains_in_run = True
    cell: ClassVar[Literal["rnn", "gru", "lstm"]]
    both: ClassVar[bool] = False

    def __init__(
        self,
        spec: InputSpec,
        *,
        channels: Annotated[int, Range(1, 64)] = 12,
        window: Annotated[float, Range(0, 3600)] = 0.0,
        hop: Annotated[float, Range(0, 3600)] = 0.0,
        hidden: Annotated[int, Range(4, 256)] = 32,
    ) -> None:
        super().__init__(spec, channels=channels, window=window, hop=hop)
        self.hidden = hidden

    def module(self) -> nn.Module:
        return Recurrent(self.dims, self.hidden, self.cell, self.both)

    def identity(self) -> str:
        # The frames on disk are those of log_mel, whatever reads them.
        return LogMel(self.spec, channels=self.channels, window=self.window, hop=self.hop).identity()


@encoders.register("rnn")
class RNN(_Reader):
    """Simple recurrent network over log-mel frames: learns to read them in order.

    channels: channels read separately; absent ones are 0, and where there are more, neighbours are averaged
    window: seconds a frame lasts (samples where the rate is unknown); 0 chooses by the rate
    hop: seconds from one frame to the next; 0: half the window if you chose one, else by the rate
    hidden: units; also the dimensions of a token that leaves
    """

    citation = "Elman, Finding Structure in Time, Cognitive Science 1990"
    cell = "rnn"


@encoders.register("gru")
class GRU(_Reader):
    """GRU over log-mel frames: learns to read them in order, with gates that keep and forget.

    channels: channels read separately; absent ones are 0, and where there are more, neighbours are averaged
    window: seconds a frame lasts (samples where the rate is unknown); 0 chooses by the rate
    hop: seconds from one frame to the next; 0: half the window if you chose one, else by the rate
    hidden: units; also the dimensions of a token that leaves
    """

    citation = "Cho et al., Learning Phrase Representations using RNN Encoder-Decoder, EMNLP 2014"
    cell = "gru"


@encoders.register("lstm")
class SignalLSTM(_Reader):
    """LSTM over log-mel frames: learns to read them in order, with a memory cell.

    channels: channels read separately; absent ones are 0, and where there are more, neighbours are averaged
    window: seconds a frame lasts (samples where the rate is unknown); 0 chooses by the rate
    hop: seconds from one frame to the next; 0: half the window if you chose one, else by the rate
    hidden: units; also the dimensions of a token that leaves
    """

    citation = "Hochreiter & Schmidhuber, Long Short-Term Memory, Neural Computation 1997"
    cell = "lstm"


@encoders.register("bilstm")
class BiLSTM(_Reader):
    """BiLSTM over log-mel frames: learns to read them in order, both ways.

    channels: channels read separately; absent ones are 0, and where there are more, neighbours are averaged
    window: seconds a frame lasts (samples where the rate is unknown); 0 chooses by the rate
    hop: seconds from one frame to the next; 0: half the window if you chose one, else by the rate
    hidden: units each way; tokens leave with twice as many dimensions
    """

    citation = "Hochreiter & Schmidhuber, Neural Computation 1997; Graves & Schmidhuber, Neural Networks 2005"
    cell, both = "lstm", True
