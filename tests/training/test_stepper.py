"""Protects the optimisers: they move weights as those of torch do, and training loads no compiler."""

import subprocess
import sys

import pytest
import torch
from torch import nn

from mmcore.training.stepper import Stepper
from mmcore.training.training_spec import TrainingSpec

THEIRS = {
    "adamw": lambda values: torch.optim.AdamW([values], lr=0.01, weight_decay=0.1),
    "adam": lambda values: torch.optim.Adam([values], lr=0.01, weight_decay=0.1),
    "sgd": lambda values: torch.optim.SGD([values], lr=0.01, weight_decay=0.1, momentum=0.9),
}


@pytest.mark.parametrize("kind", list(THEIRS))
def test_steps_are_those_of_torch(kind):
    chance = torch.Generator().manual_seed(0)
    theirs = nn.Parameter(torch.randn(3, 7, generator=chance))
    ours = theirs.detach().clone()
    optimiser = THEIRS[kind](theirs)
    stepper = Stepper(TrainingSpec(optimiser=kind, weight_decay=0.1), ours)
    for step in range(6):
        slope, rate = torch.randn(3, 7, generator=chance), 0.01 / (1 + step)
        theirs.grad, optimiser.param_groups[0]["lr"] = slope.clone(), rate
        optimiser.step()
        stepper.step(ours, slope, rate)
    torch.testing.assert_close(ours, theirs.detach(), atol=1e-6, rtol=1e-5)


def test_some_replicates_go_on_with_what_was_remembered_of_them():
    values = torch.ones(3, 2)
    both, few = (Stepper(TrainingSpec(), values) for _ in range(2))
    slope = torch.tensor([[1.0, -1.0], [2.0, 0.5], [0.1, 3.0]])
    whole, part, rows = values.clone(), values.clone(), torch.tensor([0, 2])
    both.step(whole, slope, 0.1)
    few.step(part, slope, 0.1)
    part = part[rows].clone()
    few.keep_only(rows)
    both.step(whole, -slope, 0.1)
    few.step(part, -slope[rows], 0.1)
    torch.testing.assert_close(part, whole[rows])


@pytest.mark.slow
def test_a_run_loads_no_compiler():
    code = (
        "import sys, numpy as np\n"
        "from tests.training.conftest import halves, signal\n"
        "from mmcore.training import FitPlan, TrainingData, fit\n"
        "from mmcore.training.tasks import Task\n"
        "from mmcore.training.training_spec import TrainingSpec\n"
        "target = np.arange(40) % 2\n"
        "task = Task(name='binary', classes=('n', 'y'))\n"
        "data = TrainingData({'a': signal(target, 4, 2, 0)}, target, task, halves(40))\n"
        "fit(data, FitPlan('concat', ('a',), training=TrainingSpec(epochs=1), seeds=1))\n"
        "sys.exit('torch._dynamo' in sys.modules)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=300).returncode == 0
