"""Protects the end of a session: the address of an uploaded picture gives nothing once its session is over."""

from __future__ import annotations

import os
import time
from types import SimpleNamespace

import pytest
from streamlit.runtime import Runtime
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.media_file_storage import MediaFileStorageError
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from streamlit.runtime.memory_session_storage import MemorySessionStorage

from pages.frame import session_end, uploads

NOBODY = "dontcare"  # the session that Streamlit takes outside of a page


class Session:
    """As much of a session as its end needs."""

    id = NOBODY

    def __init__(self, media: MediaFileManager) -> None:
        self.media, self.ended = media, False

    def shutdown(self) -> None:
        self.ended = True
        self.media.clear_session_refs(self.id)
        self.media.remove_orphaned_files()


def served(seconds: int) -> tuple[SimpleNamespace, Session, list[str], MemoryMediaFileStorage]:
    """A runtime whose only browser went away, and the files that were shown there and offered for download."""
    files = MemoryMediaFileStorage("/media")
    media = MediaFileManager(files)
    picture = media.add(b"picture", "image/png", "1")
    table = media.add(b"a,b", "text/csv", "2", file_name="case.csv", is_for_static_download=True)
    session, store = Session(media), MemorySessionStorage(ttl_seconds=seconds)
    store.save(SimpleNamespace(session=session))
    manager = SimpleNamespace(_session_storage=store)
    names = [address.rpartition("/")[2] for address in (picture, table)]
    return SimpleNamespace(_session_mgr=manager, media_file_mgr=media), session, names, files


def test_a_media_address_dies_with_its_session():
    server, session, names, files = served(seconds=0)
    assert all(files.get_file(name).content for name in names)
    session_end.drop_ended(server)
    assert session.ended and not server._session_mgr._session_storage.list()
    for name in names:
        with pytest.raises(MediaFileStorageError):
            files.get_file(name)


def test_a_session_that_may_come_back_is_kept():
    server, session, names, files = served(seconds=60)
    session_end.drop_ended(server)
    assert not session.ended and all(files.get_file(name).content for name in names)


def test_the_runtime_is_as_this_expects():
    assert hasattr(Runtime, "_get_async_objs") and "_session_mgr" in Runtime.__init__.__code__.co_names


def test_what_was_dropped_a_day_ago_goes_and_the_rest_stays():
    old, new = (uploads.dropped() / name for name in ("old", "new"))
    for folder in (old, new):
        folder.mkdir(parents=True)
        (folder / "cases.csv").write_text("a,b")
    os.utime(old, (time.time() - 25 * 3600,) * 2)
    uploads.sweep()
    assert not old.exists() and new.is_dir()


def test_a_server_that_is_still_starting_is_looked_at_again_later():
    calls = []

    def objects():
        if not calls:
            calls.append("too early")
            raise RuntimeError("Runtime hasn't started yet!")
        return SimpleNamespace(eventloop=SimpleNamespace(call_soon_threadsafe=lambda *call: calls.append(call)))

    server = SimpleNamespace(_get_async_objs=objects)
    session_end.look(server)
    session_end.look(server)
    assert calls == ["too early", (session_end.drop_ended, server)]
