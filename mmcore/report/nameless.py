"""Sentences about a cohort without the names of its cases, which may be those of patients."""

from __future__ import annotations

import re

from mmcore.base.settings import _
from mmcore.cohorts import Cohort

_LEAST = 3  # letters and digits of a name that cannot be taken for a count


def nameless(sentence: str, cohort: Cohort) -> str:
    """The sentence with "(a case)" where it names a case of the cohort."""
    ids = set(cohort.ids)

    def hidden(match: re.Match[str]) -> str:
        word = match.group()
        is_name = word in ids and len(word) >= _LEAST and not word.isdigit()
        return _("(a case)") if is_name else word

    without = re.sub(r"[\w.-]*\w", hidden, sentence)
    # Names alone in brackets, as examples: nothing of them is left to tell.
    return re.sub(rf"\s*\({re.escape(_('(a case)'))}(, {re.escape(_('(a case)'))})*\)", "", without)
