"""What is being looked at: kept for the session, mirrored to the URL, so that a copied link opens the same view.

A URL value the app did not write itself (a pasted link, the back button) wins over the session; after a page switch,
which clears the URL, the session writes its values back.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from mmcore.base.errors import MMError
from mmcore.cohorts import Cohort, case_ids
from pages.frame import caches, url_encoder

if TYPE_CHECKING:
    from mmcore.runs import AugmentationChoice, EncoderChoice

DEFAULT_COHORT = "heart"
_OF_A_CASE = ("patch", "word", "layer", "look", "beside")  # places in what is looked at on the Features page


def _memory(name: str) -> dict[str, Any]:
    return st.session_state.setdefault(name, {})


def _get(name: str) -> str | None:
    chosen, written = _memory("_chosen"), _memory("_written")
    in_url = st.query_params.get(name)
    if in_url is not None and in_url != written.get(name):
        chosen[name] = written[name] = in_url
    elif in_url is None and chosen.get(name) is not None:
        st.query_params[name] = written[name] = chosen[name]
    return chosen.get(name)


def _put(name: str, value: str | None) -> None:
    chosen, written = _memory("_chosen"), _memory("_written")
    if value is None:
        chosen.pop(name, None)
        written.pop(name, None)
        if name in st.query_params:
            del st.query_params[name]
        return
    chosen[name] = written[name] = value
    if st.query_params.get(name) != value:
        st.query_params[name] = value


def cohort_source() -> str:
    """Built-in name or path of the cohort being looked at."""
    return _get("cohort") or DEFAULT_COHORT


def roles_text() -> str:
    """Overridden roles of that cohort as JSON ("" if none)."""
    return _get("roles") or ""


def cohort() -> Cohort:
    """The cohort being looked at. Raises MMError if it cannot be opened."""
    if _get("cohort") is None:
        _put("cohort", DEFAULT_COHORT)
    return caches.cohort(cohort_source(), roles_text())


def choose_cohort(source: str, roles: str = "") -> None:
    """Look at another cohort: its case, run and encoders are chosen anew."""
    for name in [
        n
        for n in {**_memory("_chosen"), **st.query_params.to_dict()}
        if n in ("case", "run", "selected", "selection", "edits", *_OF_A_CASE) or n.startswith("encoder.")
    ]:
        _put(name, None)
    _put("cohort", source)
    _put("roles", roles or None)


def choose_roles(roles: str) -> None:
    """Read the same cohort with other roles; the case stays, a run of the cohort as it was does not."""
    _put("run", None)
    _put("roles", roles or None)


def case_id() -> str | None:
    """The case being looked at; at first, the first one with all its inputs. An id that is not written quite so is
    taken for the one it means. Raises NotFound for an unknown id."""
    opened, named = cohort(), _get("case")
    if named is not None:
        means = None if named in opened.ids else case_ids.meant(named, opened.ids)
        if means is not None:
            choose_case(means)
            return means
        opened.position(named)
        return named
    if not len(opened):
        return None
    complete = np.logical_and.reduce([opened.present(input) for input in opened.inputs])
    choose_case(opened.ids[int(np.argmax(complete))])
    return _get("case")


def choose_case(id: str | None) -> None:
    _put("case", id)


def encoders(cohort: Cohort) -> dict[str, EncoderChoice]:
    """The encoder of each input: the one chosen, the default where a link asks for what cannot be (`misread`)."""
    from mmcore import studies

    return studies.default_encoders(cohort) | _linked_encoders(cohort)[0]


def misread(cohort: Cohort) -> dict[str, MMError]:
    """Inputs whose encoder the link names wrongly, and what is wrong; such an input keeps its default."""
    return _linked_encoders(cohort)[1]


def _linked_encoders(cohort: Cohort) -> tuple[dict[str, EncoderChoice], dict[str, MMError]]:
    choices, wrong = {}, {}
    for input, spec in cohort.inputs.items():
        text = _get(f"encoder.{input}")
        if text is None:
            continue
        try:
            choices[input] = url_encoder.encoder(text, spec)
        except MMError as error:
            wrong[input] = error
    return choices, wrong


def choose_encoder(input: str, choice: EncoderChoice) -> None:
    """Encode `input` with `choice` from now on, on every page."""
    options = " " + json.dumps(dict(choice.options), sort_keys=True) if choice.options else ""
    _put(f"encoder.{input}", choice.name + options)


def default_encoder(input: str) -> None:
    """Encode `input` with its default from now on."""
    _put(f"encoder.{input}", None)


def augmentations(cohort: Cohort) -> dict[str, list[AugmentationChoice]]:
    """What training cases are varied with, by input, in the order it is applied; empty until somebody chooses.

    Kept for the session, not in the link: it changes nothing that is looked at.
    """
    chosen = _memory("_augmentations").get(cohort.key, {})
    return {input: list(choices) for input, choices in chosen.items() if input in cohort.inputs}


def choose_augmentation(cohort: Cohort, input: str, choices: Sequence[AugmentationChoice]) -> None:
    """Vary the training cases of `input` with these from now on; none turns it off."""
    chosen = _memory("_augmentations").setdefault(cohort.key, {})
    chosen.pop(input, None)
    if choices:
        chosen[input] = list(choices)


def run_key() -> str | None:
    """Key (or a unique prefix) of the run being looked at."""
    return _get("run")


def choose_run(key: str | None) -> None:
    _put("run", key)


def parameter(name: str, default: Any) -> Any:
    """A value of one page, in the URL while it is shown; of the type of `default` (str, int, float, bool, list)."""
    text = _get(name)
    if text is None:
        return default
    try:
        if isinstance(default, bool):
            return text == "1"
        if isinstance(default, (list, tuple)):
            return [part.replace("%2C", ",").replace("%25", "%") for part in text.split(",") if part]
        return text if default is None else type(default)(text)
    except ValueError:
        return default


def set_parameter(name: str, value: Any) -> None:
    """Change such a value; None forgets it."""
    if isinstance(value, bool):
        value = "1" if value else "0"
    elif isinstance(value, (list, tuple)):
        value = ",".join(str(part).replace("%", "%25").replace(",", "%2C") for part in value)
    _put(name, None if value is None else str(value))


def link() -> Mapping[str, str]:
    """What every page's address carries, for `st.page_link(query_params=...)` and `st.switch_page`."""
    everywhere = ("lang", "cohort", "roles", "case", "run", "selected", "selection", "edits")
    # the address too: a page carries on what it has no use for itself
    here = {**_memory("_chosen"), **st.query_params.to_dict()}
    return {name: value for name, value in here.items() if name in everywhere or name.startswith("encoder.")}


def dark() -> bool:
    """Whether the reader's theme is dark (light while nobody knows)."""
    return st.context.theme.type == "dark"
