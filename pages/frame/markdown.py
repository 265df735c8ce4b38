"""Names from a cohort are shown as they are, whatever they look like: Streamlit reads titles and labels as Markdown."""

from __future__ import annotations

import re

_SIGNS = re.compile(r"[\\`*_\[\]$<>#~]|:(?=\S)")  # a colon before a space begins nothing


def escape(text: object) -> str:
    """Text as Markdown that shows it as it is; for labels too (`format_func=escape`)."""
    return _SIGNS.sub(r"\\\g<0>", str(text))
