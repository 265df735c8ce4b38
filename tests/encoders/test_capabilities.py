"""Protects what pages may ask of an encoder: each offers what it did, and nothing it cannot do."""

from __future__ import annotations

import pytest

from mmcore.base.values import ColumnSpec, InputSpec, Kind
from mmcore.encoders import capabilities, encoders, make
from mmcore.encoders.capabilities import HasSlots, Holds

OFFERED = {
    "HasLayers": {"efficientnet_lite0", "small_cnn"},
    "HasReadings": {"ecg_measurements", "ecg_segments"},
    "HasPeaks": {"ecg_measurements", "ecg_segments"},
    "CleansWords": {"tfidf_svd", "word2vec", "glove_6b_50d"},
    "HasSpectrum": {"log_mel", "mfcc", "stft", "filter_bank"},
    "HasBank": {"log_mel", "mfcc", "stft", "filter_bank"},
    "HasSlots": {"columns", "standardised"},
    "HasVocabulary": {"glove_6b_50d"},
    "HasStates": set(),
}
TABLE = (ColumnSpec(name="age"), ColumnSpec(name="sex", type="category", categories=("f", "m")))


def offering(name: str) -> set[str]:
    """The encoders that have this capability, as made with their default options."""
    protocol = getattr(capabilities, name)
    return {
        key
        for key, part in encoders.items()
        if not part.naming_options
        and isinstance(part(InputSpec(name="input", kind=part.kind, columns=("a",), table=TABLE)), protocol)
    }


@pytest.mark.parametrize("name", OFFERED)
def test_encoders_offer_what_they_did(name):
    assert OFFERED[name] <= offering(name)


@pytest.mark.parametrize("name", OFFERED)
def test_an_encoder_of_another_kind_offers_none_of_it(name):
    kinds = {encoders[key].kind for key in offering(name)}
    assert len(kinds) == (1 if OFFERED[name] else 0)


def test_slots_name_every_dimension_and_its_column():
    encoder = make("columns", InputSpec(name="labs", kind=Kind.TABLE, columns=("age", "sex"), table=TABLE))
    assert isinstance(encoder, HasSlots)
    assert [(slot.column, slot.holds) for slot in encoder.slots()] == [
        ("age", Holds.NUMBER),
        ("age", Holds.MISSING),
        ("sex", Holds.CATEGORY),
        ("sex", Holds.CATEGORY),
        ("sex", Holds.MISSING),
    ]
    assert len(encoder.slots()) == encoder.dims and len({slot.name for slot in encoder.slots()}) == encoder.dims
