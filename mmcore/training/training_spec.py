"""Everything a person may set about training, as data from which forms are drawn."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class TrainingSpec(BaseModel):
    """How the heads are trained. The defaults suit cohorts of some hundred cases."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    optimiser: Literal["adamw", "adam", "sgd"] = Field("adamw", description="Optimiser")
    learning_rate: float = Field(
        1e-3,
        ge=1e-6,
        le=1.0,
        description="Learning rate at its highest: it rises over a tenth of the steps, then falls to 0",
    )
    weight_decay: float = Field(
        0.05, ge=0.0, le=10.0, description="Weight decay (pulls weights towards 0, against overfitting)"
    )
    epochs: int = Field(
        20, ge=1, le=1000, description="Most epochs to train; the best one on the validation cases is used"
    )
    epoch_by: Literal["loss", "accuracy"] = Field(
        "loss",
        description="What chooses the best epoch: lowest validation loss (log-loss, squared error or, "
        "for times to an event, the negative log-likelihood), or most cases right (several "
        "labels: most labels right; numbers and times: always the loss)",
    )
    patience: int = Field(
        0, ge=0, le=1000, description="Epochs without improvement before training stops; 0 trains them all"
    )
    batch_size: int = Field(64, ge=2, le=4096, description="Cases per step")
    width: int = Field(
        64,
        ge=4,
        le=1024,
        description="Width of the common space: how many numbers stand for a token of an input in the fusion",
    )
    dropout: float = Field(0.3, ge=0.0, le=0.9, description="Share of features dropped while training")
    modality_dropout: float = Field(
        0.1, ge=0.0, le=0.9, description="Share of inputs dropped while training, never all inputs of a case"
    )
    class_weights: bool = Field(False, description="Let every class count the same in the loss")
    validation: float = Field(
        0.15, ge=0.05, le=0.5, description="Share of the training fold set aside to choose the epoch"
    )
    components: int = Field(
        128,
        ge=0,
        le=2048,
        description="Principal components per input, fitted on the training fold; 0 keeps all features",
    )
    recalibrate: Literal["no", "temperature", "isotonic"] = Field(
        "no",
        description="Recalibrate probabilities on training cases that the model had not learnt from: "
        "temperature makes all of them more or less extreme by one factor; isotonic fits a "
        "rising step curve and needs hundreds of cases",
    )
