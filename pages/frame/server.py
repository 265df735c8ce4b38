"""The server around the app, for what Streamlit gets wrong when a fresh server is first asked for a deep link.

Streamlit looks at the folder `pages/` in its old way until `st.navigation` has been called once, and would greet that
visitor with "Page not found"; `app` calls it before anyone comes. And its browser part guesses the address of the
server from that of the page, which costs two failing requests on every deep link; `TellAddress` spares it the guess.
"""

from __future__ import annotations

import logging

import streamlit as st
from starlette.middleware import Middleware
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config

from mmcore.base.settings import mistaken_settings
from mmcore.cohorts import allowed
from pages.frame import navigation, session_end

_HERE = ("localhost", "127.0.0.1", "::1")
_TELL = (
    b"<head><script>{const home=location.origin+'%s';"
    b"window.__streamlit={...window.__streamlit,BACKEND_BASE_URL:home,HOST_CONFIG_BASE_URL:home,MAIN_PAGE_BASE_URL:home}}"
    b"</script>"
)


# Streamlit puts the links of its navigation into groups inside a list, and Vega gives a brush a role but no
# name: both confuse a screen reader.
_MEND = b"""<script>{let waits=0;const mend=()=>{waits=0;
const all=(s,f)=>document.querySelectorAll(s).forEach(f);
all('[data-testid="stSidebarNavItems"]:not([role])',e=>e.setAttribute('role','group'));
all('[data-testid="stSidebarNavItems"] li:not([role])',e=>e.setAttribute('role','presentation'));
all('svg [role="graphics-symbol"]:not([aria-label]):not([aria-hidden])',e=>e.setAttribute('aria-hidden','true'))};
new MutationObserver(()=>{waits||=setTimeout(mend,200)}).observe(document,{childList:true,subtree:true})}</script>"""


class TellAddress:
    """ASGI middleware: HTML pages say at their beginning where the server is, and mend what trips screen readers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or "/_stcore/" in scope["path"]:
            await self.app(scope, receive, send)
            return
        if scope["path"].rstrip("/") == (_base() + navigation.HOME.encode()).decode():
            await _to_home(scope)(scope, receive, send)
            return
        start: Message | None = None
        body = b""

        async def pass_on(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start" and _is_plain_html(message):
                start = message
            elif start is None:
                await send(message)
            else:
                body += message.get("body", b"")
                if not message.get("more_body"):
                    whole = body.replace(b"<head>", _TELL % _base() + _MEND, 1)
                    headers = [(k, v) for k, v in start["headers"] if k.lower() not in (b"content-length", b"etag")]
                    await send({**start, "headers": [*headers, (b"content-length", str(len(whole)).encode())]})
                    await send({"type": "http.response.body", "body": whole})

        await self.app(_uncompressed(scope), receive, pass_on)


def _to_home(scope: Scope) -> RedirectResponse:
    """The first page has no name in its address, but whoever writes one gets there, with all that the link holds."""
    query = scope["query_string"].decode("latin-1")
    return RedirectResponse(_base().decode() + (f"?{query}" if query else ""))


def _is_plain_html(message: Message) -> bool:
    headers = {key.lower(): value for key, value in message["headers"]}
    return (
        message["status"] == 200
        and headers.get(b"content-type", b"").startswith(b"text/html")
        and b"content-encoding" not in headers
    )


def _uncompressed(scope: Scope) -> Scope:
    """A page's request without its wish for compression (assets have a dot in their name and keep theirs)."""
    if "." in scope["path"].rsplit("/", 1)[-1]:
        return scope
    return {
        **scope,
        "headers": [
            (k, v) for k, v in scope["headers"] if k not in (b"accept-encoding", b"if-none-match", b"if-modified-since")
        ],
    }


def _base() -> bytes:
    path = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{path}/".encode() if path else b"/"


def settings() -> dict:
    """Keyword arguments of `st.App`."""
    quiet = logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context")
    level = quiet.level
    quiet.setLevel(logging.ERROR)  # it warns that nobody is looking yet, which is the point
    st.navigation(navigation.pages())
    quiet.setLevel(level)
    if served_to_others() and not config.is_manually_set("client.disableDataExport"):
        st.set_option("client.disableDataExport", True)
    for sentence in mistaken_settings():
        logging.getLogger(__name__).warning(sentence)
    session_end.watch()
    return {"middleware": [Middleware(TellAddress)]}


def served_to_others() -> bool:
    """Whether people on other machines can reach the app, or some folders only may be opened: then nothing is taken
    away unless the settings say so."""
    return allowed.limited() or st.get_option("server.address") not in _HERE
