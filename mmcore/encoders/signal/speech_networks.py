"""Networks that learnt to hear from hours of read speech: wav2vec 2.0 and HuBERT, as torchaudio gives them."""

from __future__ import annotations

import copy
import pickle
import threading
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import torch
from torch import Tensor, nn

from mmcore.base.errors import BadInput
from mmcore.base.modules import missing_packages
from mmcore.base.progress import Progress, silent
from mmcore.base.registry import Range
from mmcore.base.settings import N_, _
from mmcore.base.values import InputSpec, Kind, Place, Seconds, Signal, Tokens
from mmcore.encoders.base import Encoder, encoders
from mmcore.encoders.signal.suitability import reason_against
from mmcore.encoders.signal.working_rate import at_working_rate
from mmcore.encoders.tokens import average, pad, runs
from mmcore.storage import weights

HOST = "https://download.pytorch.org/torchaudio/models/"
RATE = 16_000  # Hz all of them hear at
FRAME = 320  # samples from one frame to the next
REACH = 400  # samples of a frame
CHUNK = 1000 * FRAME  # samples heard at once: 20 s
MOST = 128  # tokens a signal may have; in longer ones neighbouring frames are averaged
TUNED = 512  # frames of a signal where the network learns; of longer ones the middle is heard
SLOWEST = 1000.0  # Hz; slower signals are heard as if played at 16 kHz
SPEECH = 8000.0  # Hz from which speech can be understood


class SpeechNetwork(Encoder[Signal]):
    """A network of torchaudio that turns 20 ms of sound into a vector, frozen or tuned in the run (`tune`)."""

    kind = Kind.SIGNAL
    licence = N_("MIT (weights of fairseq); BSD-2-Clause (torchaudio)")
    trained_on = N_("speech, not medical: LibriSpeech (read English); large HuBERT: Libri-Light; XLSR53: 53 languages")
    learning_rate_scale = 0.05
    standard: ClassVar[str]  # bundle of torchaudio that is taken unless told otherwise

    def __init__(self, spec: InputSpec, *, bundle: str, layer: int, tune: bool) -> None:
        super().__init__(spec)
        self.bundle, self.layer = bundle, layer
        self.tune = self.trains_in_run = self.raw = tune

    @property
    def dims(self) -> int:
        return FRAME if self.tune else _bundle(self.bundle)._params["encoder_embed_dim"]

    def ready(self, progress: Progress = silent) -> None:
        weights.fetched(*_address(self.bundle), progress=progress)
        _network(self.bundle, self.layer)

    def prepare(self, values: Sequence[Signal]) -> Tokens:
        """Signals -> Tokens [B, frames, D]. Raises BadInput for an empty signal or one with gaps, Unavailable."""
        if self.tune:
            return pad([torch.from_numpy(_middle(_sound(signal)).reshape(-1, FRAME)) for signal in values])
        return pad([average(self._features(_sound(signal)), MOST) for signal in values])

    def places(self, value: Signal) -> list[Place]:
        sound = _sound(value)
        count, seconds = len(sound) // FRAME, value.duration * FRAME / _length(value)
        if self.tune:
            first = (count - min(count, TUNED)) // 2
            spans = [(first + i, first + i + 1) for i in range(min(count, TUNED))]
        else:
            spans = runs(count, MOST)
        return [Seconds(start * seconds, min(end * seconds, value.duration)) for start, end in spans]

    def module(self) -> nn.Module | None:
        """A copy of the network that learns, or None if it is frozen."""
        return (
            TunedSpeechNetwork(copy.deepcopy(_network(self.bundle, self.layer)).requires_grad_(True))
            if self.tune
            else None
        )

    def suits(self, value: Signal) -> str | None:
        if value.rate_hz is None or value.rate_hz < SPEECH:
            return _("This encoder was trained on speech and needs a sampling rate of {rate:g} Hz or more.").format(
                rate=SPEECH
            )
        if reason := reason_against(value):
            return reason
        if self.tune and _length(value) > TUNED * FRAME:
            return _("Only the middle {seconds:.0f} s are read.").format(seconds=TUNED * FRAME / RATE)
        return None

    def parameter_count(self) -> int:
        with torch.device("meta"):
            return sum(p.numel() for p in _built(self.bundle, self.layer).parameters())

    @classmethod
    def unavailable(cls) -> str | None:
        return missing_packages("torchaudio") or weights.obstacle(*_address(cls.standard))

    def _features(self, sound: np.ndarray) -> Tensor:
        """[frames, D]."""
        network = _network(self.bundle, self.layer)
        with torch.inference_mode():
            parts = [_last_layer(network, torch.from_numpy(sound[i : i + CHUNK])) for i in range(0, len(sound), CHUNK)]
        return torch.cat(parts).clone()


@encoders.register("wav2vec2")
class Wav2Vec2(SpeechNetwork):
    """wav2vec 2.0: a network that has learnt from recordings of speech (base: 960 hours).

    A convolutional network and transformer over the waveform at 16 kHz; one token for 20 ms, neighbours averaged where
    there would be more than 128. Channels are averaged.

    bundle: the published network: base or large (both English), or XLSR53 (53 languages)
    layer: layer of the transformer that is read; the middle ones hold most about words (Pasad et al., ASRU 2021)
    tune: train its weights too; takes hours without a GPU
    """

    citation = "Baevski et al., wav2vec 2.0: Self-Supervised Learning of Speech Representations, NeurIPS 2020"
    standard = "WAV2VEC2_BASE"

    def __init__(
        self,
        spec: InputSpec,
        *,
        bundle: Literal["WAV2VEC2_BASE", "WAV2VEC2_LARGE", "WAV2VEC2_XLSR53"] = "WAV2VEC2_BASE",
        layer: Annotated[int, Range(1, 24)] = 8,
        tune: bool = False,
    ) -> None:
        super().__init__(spec, bundle=bundle, layer=layer, tune=tune)


@encoders.register("hubert")
class HuBERT(SpeechNetwork):
    """HuBERT: a speech network that reads sound in units it found by itself.

    A convolutional network and transformer over the waveform at 16 kHz; one token for 20 ms, neighbours averaged where
    there would be more than 128. Channels are averaged.

    bundle: the published network: base (LibriSpeech) or large (Libri-Light, 60,000 hours)
    layer: layer of the transformer that is read; the middle ones hold most about words (Pasad et al., ASRU 2021)
    tune: train its weights too; takes hours without a GPU
    """

    citation = "Hsu et al., HuBERT: Self-Supervised Speech Representation Learning, IEEE/ACM TASLP 2021"
    standard = "HUBERT_BASE"

    def __init__(
        self,
        spec: InputSpec,
        *,
        bundle: Literal["HUBERT_BASE", "HUBERT_LARGE"] = "HUBERT_BASE",
        layer: Annotated[int, Range(1, 24)] = 9,
        tune: bool = False,
    ) -> None:
        super().__init__(spec, bundle=bundle, layer=layer, tune=tune)


class TunedSpeechNetwork(nn.Module):
    """A network whose weights go on learning: waveforms [..., B, N, 320] -> Tokens [..., B, N, dims].

    It stays in evaluation mode, so chance comes from the head alone. Cases are heard one by one: the network's first
    normalisation looks at the whole recording, so padding would change what it says.
    """

    dims: int

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network
        projection: Any = network.get_submodule("encoder.feature_projection.projection")
        self.dims = projection.out_features

    def forward(self, tokens: Tokens) -> Tokens:
        *lead, count, width = tokens.values.shape
        mask = tokens.mask.reshape(-1, count)
        values = tokens.values.new_zeros(len(mask), count, self.dims)
        for i, (case, here) in enumerate(zip(tokens.values.reshape(-1, count, width), mask, strict=True)):
            if here.any():
                values[i, : int(here.sum())] = _last_layer(self.network, case[here].flatten())
        return Tokens(values.reshape(*lead, count, self.dims), tokens.mask)

    def train(self, mode: bool = True) -> TunedSpeechNetwork:
        return super().train(False)


def _last_layer(network: Any, sound: Tensor) -> Tensor:
    """Waveform [n * 320] -> [n, D]."""
    filled = nn.functional.pad(sound, (0, REACH - FRAME))
    return network.extract_features(filled[None])[0][-1][0]


def _sound(signal: Signal) -> np.ndarray:
    """[n * 320] at 16 kHz, mean 0 and variance 1, filled up with zeros. Raises BadInput."""
    at_working_rate(signal)
    sound = np.asarray(signal.samples, np.float32).mean(0)
    rate = signal.rate_hz
    if rate is not None and rate >= SLOWEST and rate != RATE:
        from scipy.signal import resample_poly

        ratio = Fraction(RATE / rate).limit_denominator(1000)
        sound = resample_poly(sound, ratio.numerator, ratio.denominator)
    spread = sound.std()
    sound = (sound - sound.mean()) / spread if spread > 1e-9 * (1e-9 + np.abs(sound).max()) else 0 * sound
    return np.pad(sound, (0, -len(sound) % FRAME)).astype(np.float32)


def _length(signal: Signal) -> float:
    """Samples of the sound, before it is filled up."""
    rate = signal.rate_hz
    return signal.duration * RATE if rate is not None and rate >= SLOWEST else signal.samples.shape[1]


def _middle(sound: np.ndarray) -> np.ndarray:
    first = (len(sound) // FRAME - min(len(sound) // FRAME, TUNED)) // 2 * FRAME
    return sound[first : first + TUNED * FRAME]


def _bundle(name: str) -> Any:
    import torchaudio.pipelines

    return getattr(torchaudio.pipelines, name)


def _address(bundle: str) -> tuple[str, str]:
    """Where the weights of a bundle lie, and the name of their file."""
    file = _bundle(bundle)._path
    return HOST + file, file


def _built(bundle: str, layer: int) -> nn.Module:
    """The network up to that layer of its transformer, or its last."""
    from torchaudio.models import wav2vec2_model

    network = wav2vec2_model(**_bundle(bundle)._params)
    network.encoder.transformer.layers = network.encoder.transformer.layers[:layer]
    return network


_loading = threading.Lock()


def _network(bundle: str, layer: int) -> nn.Module:
    """The frozen network, loaded once. Raises Unavailable, or BadInput for a file of something else."""
    with _loading:
        return _loaded(bundle, layer)


@lru_cache(maxsize=1)
def _loaded(bundle: str, layer: int) -> nn.Module:
    path = weights.fetched(*_address(bundle))
    network = _built(bundle, layer)
    own = network.state_dict()
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
        network.load_state_dict({name: value for name, value in state.items() if name in own})
    except (RuntimeError, OSError, EOFError, ValueError, TypeError, AttributeError, pickle.UnpicklingError) as error:
        raise BadInput(
            _("{path} does not hold the weights of {name}: {reason}").format(
                path=path, name=bundle, reason=str(error).splitlines()[0] if str(error) else type(error).__name__
            ),
            _("Delete the file; it is then downloaded again."),
        ) from error
    return network.eval().requires_grad_(False)
