"""A warning where an uploaded case is unlike the cohort: no model was trained on such, whatever it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from mmcore.base.errors import MMError
from mmcore.base.name_lists import list_of
from mmcore.base.settings import _
from mmcore.cohorts import Cohort
from pages.frame import caches, own_case, url_state
from pages.frame.markdown import escape

if TYPE_CHECKING:
    from mmcore.encoders import Encoder


def warn(cohort: Cohort) -> None:
    """Names the inputs of the uploaded case that are unlike those of all cases of the cohort."""
    case = own_case.upload()
    if case is None:
        return
    names = own_case.worked_out("unlike the cohort", case, lambda: _unlike(cohort, dict(case.values)))
    if names:
        st.warning(
            _(
                "**Unlike anything in this cohort: your {names}.**  \nNo model here has learnt from such data, so "
                "its answer for this case means nothing. Is it the right file?"
            ).format(names=escape(list_of(names))),
            icon=":material/help_center:",
        )


def _unlike(cohort: Cohort, values: dict[str, Any]) -> list[str]:
    from mmcore.studies.unlike_cohort import is_unlike

    names = []
    for input, choice in url_state.encoders(cohort).items():
        if input in values:
            try:
                encoder = caches.encoder_of(cohort, input, choice)
                if is_unlike(_measured(cohort.key, input, encoder.identity(), cohort, encoder), values[input]):
                    names.append(input)
            except MMError:  # the page says what is wrong with an encoder
                continue
    return names


@st.cache_resource(max_entries=12, show_spinner=False)
def _measured(cohort_key: str, input: str, identity: str, _cohort: Cohort, _encoder: Encoder) -> Any:
    from mmcore.studies.unlike_cohort import measured

    return measured(_cohort, input, _encoder)
