"""Protects the gate: closed to strangers where sign-in is set, and to everyone while its settings are damaged."""

from __future__ import annotations

from pathlib import Path

import pytest
import streamlit as st
from streamlit import config
from streamlit.runtime.secrets import secrets_singleton
from streamlit.testing.v1 import AppTest

AUTH = """[auth]
redirect_uri = "http://localhost:8501/oauth2callback"
cookie_secret = "long and random"
client_id = "fusionscope"
client_secret = "secret"
server_metadata_url = "https://idp.example/.well-known/openid-configuration"
"""


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    """Where the secrets would lie; a server that has just been started."""
    path, before = tmp_path / "secrets.toml", config.get_option("secrets.files")
    config.set_option("secrets.files", [str(path)])
    st.cache_resource.clear()
    secrets_singleton._reset()
    yield path
    config.set_option("secrets.files", before)
    secrets_singleton._reset()
    st.cache_resource.clear()


def visit() -> str:
    """What a stranger sees."""

    def app() -> None:
        import streamlit as st

        from pages.frame import sign_in

        sign_in.require()
        st.write("INSIDE")

    secrets_singleton._reset()  # as the server's watcher does when the file changes
    shown = AppTest.from_function(app).run()
    assert not shown.exception
    return " ".join(part.value for part in [*shown.title, *shown.error, *shown.markdown])


def test_without_secrets_the_app_is_open(secrets):
    assert "INSIDE" in visit()


def test_secrets_without_sign_in_leave_it_open(secrets):
    secrets.write_text('token = "x"\n')
    assert "INSIDE" in visit()


def test_a_stranger_is_asked_to_sign_in(secrets):
    secrets.write_text(AUTH)
    assert "INSIDE" not in visit() and "Sign in" in visit()


def test_a_lost_quote_closes_the_app(secrets):
    secrets.write_text(AUTH.replace('"fusionscope"', '"fusionscope'))
    assert "INSIDE" not in visit() and "closed" in visit()


@pytest.mark.parametrize("later", [None, "", 'token = "x"\n'], ids=["file gone", "empty", "without [auth]"])
def test_a_gate_that_was_set_does_not_open_while_the_server_runs(secrets, later):
    secrets.write_text(AUTH)
    visit()
    if later is None:
        secrets.unlink()
    else:
        secrets.write_text(later)
    assert "INSIDE" not in visit() and "closed" in visit()
    secrets.write_text(AUTH)
    assert "Sign in" in visit()
