"""Protects the use of memory: what a run takes is foreseen, little memory changes no number, too little is refused."""

from __future__ import annotations

import gc

import numpy as np
import pytest
import torch
from torch import nn

from mmcore.base.errors import BadInput
from mmcore.base.progress import silent
from mmcore.base.values import Tokens
from mmcore.fusion import fusions
from mmcore.training import FitPlan, TrainingData, TrainingSpec, fit, memory
from mmcore.training.memory import Allotment, Finished, MemoryNeed, allot, amount, at_hand
from mmcore.training.model import build
from mmcore.training.replicates import Replicate
from mmcore.training.tasks import Task
from mmcore.training.workers import Workers

BINARY = Task(name="binary", classes=("no", "yes"))
QUICK = TrainingSpec(epochs=2, width=8, batch_size=16, components=8)
CPU = torch.device("cpu")


class Wide(nn.Module):
    """Tokens through a layer of `width`; a few megabytes of weights."""

    dims = 8

    def __init__(self, width: int = 4096) -> None:
        super().__init__()
        self.inside, self.outside = nn.Linear(20, width), nn.Linear(width, 8)

    def forward(self, tokens: Tokens) -> Tokens:
        return Tokens(self.outside(self.inside(tokens.values).relu()) * tokens.mask.unsqueeze(-1), tokens.mask)


class Learning:
    trains_in_run, raw, fits_on_fold, supervised, learning_rate_scale, module = True, True, False, False, 0.5, Wide


def trained(small, name="concat", encoders=None, mode="auto", progress=silent):
    features, target, folds = small
    data = TrainingData(features, target, BINARY, folds, encoders=encoders or {})
    return fit(data, FitPlan(name, ("a", "b"), training=QUICK, seeds=2, mode=mode), progress)


@pytest.fixture
def seen(monkeypatch):
    """Every allotment made, and the chunks it led to."""
    result: list = []
    divide = Workers.divide

    def watched(self, replicates, mode, at_once):
        chunks = divide(self, replicates, mode, at_once)
        result.append((at_once, self.count, [len(chunk) for chunk in chunks]))
        return chunks

    monkeypatch.setattr(Workers, "divide", watched)
    monkeypatch.setattr("mmcore.training.workers.hands", lambda: (CPU, 2))
    return result


@pytest.mark.parametrize("mode", ["together", "one_by_one"])
def test_little_memory_changes_no_number(small, monkeypatch, seen, mode):
    plenty = trained(small, mode=mode)
    takes = needed(small, monkeypatch, mode)
    monkeypatch.setenv("MMCORE_MEMORY", str(takes.data + takes.work + 1))
    scarce = trained(small, mode=mode)
    assert seen[0][0] > 1 and seen[-1][:2] == (1, 1) and seen[-1][2] == [1] * 6
    assert np.allclose(scarce.outputs, plenty.outputs, atol=1e-5)
    assert all(torch.allclose(scarce.weights[name], plenty.weights[name], atol=1e-5) for name in plenty.weights)
    assert scarce.history[["fold", "seed", "epoch"]].equals(plenty.history[["fold", "seed", "epoch"]])


def needed(small, monkeypatch, mode="auto", **more) -> MemoryNeed:
    """What a run was found to need."""
    needs: list[MemoryNeed] = []
    with monkeypatch.context() as patch:
        patch.setattr("mmcore.training.recipe.allot", lambda takes, *rest: needs.append(takes) or allot(takes, *rest))
        trained(small, mode=mode, **more)
    return needs[0]


def test_learnt_networks_wait_on_the_disk_when_memory_is_short(small, monkeypatch, home, seen, tmp_path):
    encoders = {"a": Learning()}
    plenty = trained(small, encoders=encoders)
    takes = needed(small, monkeypatch, encoders=encoders)
    monkeypatch.setenv("MMCORE_MEMORY", str(takes.data + takes.work + 2 * takes.weights))
    on_disk: list[bool] = []
    monkeypatch.setattr(
        "mmcore.training.recipe.Finished", lambda rows, disk: on_disk.append(disk) or Finished(rows, disk)
    )
    scarce = trained(small, encoders=encoders)
    assert on_disk == [True] and seen[-1][1] == 1
    assert np.array_equal(scarce.outputs, plenty.outputs)
    assert all(torch.equal(scarce.weights[name], plenty.weights[name]) for name in plenty.weights)
    scarce.save(tmp_path / "run")
    again = type(scarce).load(tmp_path / "run", modules={"a": Wide})
    assert all(torch.equal(again.weights[name], plenty.weights[name]) for name in plenty.weights)
    assert not list((home / "runs").iterdir()), "the file has no name"


def test_too_little_for_one_replicate_is_refused_before_any_work(small, monkeypatch):
    monkeypatch.setenv("MMCORE_MEMORY", "1MB")
    steps: list = []
    with pytest.raises(BadInput, match=r"takes about \d+ MB .* 1 MB are free") as refused:
        trained(small, encoders={"a": Learning()}, progress=steps.append)
    assert (
        "fine-tuning" in refused.value.hint
        and "MMCORE_MEMORY" in refused.value.hint
        and not [step for step in steps if "Training" in step.label]
    )


def test_need_counts_weights_optimiser_and_what_a_step_saves():
    def takes(size=16, tokens=3, **changed) -> MemoryNeed:
        model = build({"a": 20}, lambda: fusions["concat"](("a",), 8), 1, {"a": Wide})
        spec = QUICK.model_copy(update=changed)
        batch = {"a": Tokens(torch.zeros(2, tokens, 20), torch.ones(2, tokens, dtype=torch.bool))}
        return memory.need(model, batch, spec, size, 20, False)

    plain = takes()
    assert plain.weights == pytest.approx(4 * 4096 * 29, rel=0.05)
    assert plain.work > 6 * plain.weights
    assert plain.work - takes(optimiser="sgd").work == plain.weights
    longer, larger = takes(tokens=300), takes(size=1024, tokens=300)
    assert longer.weights == plain.weights and longer.work > plain.work
    saved = 1024 * 300 * 4096 * 4  # what relu keeps of one step
    assert saved < larger.work - 6 * larger.weights < 6 * saved


def test_allotment():
    def hand(size: int, wanted: int = 2) -> Allotment:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("MMCORE_MEMORY", str(size))
            return allot(MemoryNeed(weights=100, work=1000, data=50), 25, wanted, CPU)

    assert (hand(10**6).at_once, hand(10**6).on_disk, hand(10**6).peak) == (2, False, 50 + 2000 + 2500)
    assert (hand(3000).at_once, hand(3000).on_disk, hand(3000).peak) == (2, True, 2050)
    assert (hand(1100).at_once, hand(1100).on_disk) == (1, True)
    assert hand(1000).at_once == 0 and hand(1000).refusal and hand(1100).refusal is None
    assert hand(10**6, wanted=1).at_once == 1


def test_memory_at_hand(monkeypatch):
    monkeypatch.delenv("MMCORE_MEMORY", raising=False)
    assert 10**7 < at_hand(CPU) < 10**14
    monkeypatch.setenv("MMCORE_MEMORY", "1.5GB")
    assert at_hand(CPU) == 1_500_000_000
    monkeypatch.setenv("MMCORE_MEMORY", "much")
    with pytest.raises(BadInput, match="much"):
        at_hand(CPU)
    assert amount(3.24e9) == "3.2 GB" and amount(40e6) == "40 MB" and amount(5) == "1 MB"


@pytest.mark.parametrize("on_disk", [False, True])
def test_weights_are_laid_down_in_any_order(on_disk):
    nobody = np.zeros(0, int)
    replicates = [Replicate(fold, 0, nobody, nobody, nobody) for fold in range(3)]
    finished = Finished(replicates, on_disk)
    for row in (2, 0, 1):
        finished.lay([replicates[row]], {"w": torch.full((1, 2, 3), float(row)), "b": torch.full((1,), float(row))})
    weights = finished.weights
    del finished
    gc.collect()
    assert weights["w"].shape == (3, 2, 3) and weights["b"].tolist() == [0, 1, 2]
    assert weights["w"][:, 1, 2].tolist() == [0, 1, 2]


def test_a_full_disk_is_told(monkeypatch):
    def full(*_rest):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.posix_fallocate", full)
    nobody = np.zeros(0, int)
    replicates = [Replicate(0, 0, nobody, nobody, nobody)]
    with pytest.raises(BadInput, match="no room"):
        Finished(replicates, True).lay(replicates, {"w": torch.zeros(1, 4)})
