"""The sentences of the code that are to be translated, and the catalogues that hold them.

`python -m tests.messages` takes doubled entries out of the Chinese catalogues, which merges of two sides leave behind,
and lists the sentences that these lack.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from pages.parts.form_fields import LABELS
from tests.syntax import syntax_tree

ROOT = Path(__file__).parents[1]
_LABELLED = ("encoders", "fusions", "augmentations", "attributors", "formulas", "checks")  # their docstrings are shown
_FORMS = ("TrainingSpec",)  # models whose fields are shown as widgets
_CATALOGUES = {"mmcore": ROOT / "mmcore" / "locale", "pages": ROOT / "assets" / "locale"}


@dataclass(frozen=True)
class Message:
    """A sentence of the code; plural: "" where it has none. place: the file that says it first."""

    text: str
    plural: str
    place: str

    @property
    def shelf(self) -> str:
        """`mmcore` or `pages`: whose catalogue holds it."""
        return "mmcore" if self.place.startswith("mmcore") else "pages"


@cache
def messages() -> tuple[Message, ...]:
    """All of them, each once: those of the library first, since the app may say them, too."""
    by_text: dict[str, Message] = {}
    paths = [*sorted((ROOT / "mmcore").rglob("*.py")), *sorted((ROOT / "pages").rglob("*.py")), ROOT / "app.py"]
    for path in paths:
        place = str(path.relative_to(ROOT))
        for text, plural in _of(syntax_tree(path)):
            if text and (text not in by_text or (plural and not by_text[text].plural)):
                first = by_text[text].place if text in by_text else place
                by_text[text] = Message(text, plural, first)
    return tuple(by_text.values())


def catalogue(shelf: str, language: str = "zh") -> Catalog:
    """What is translated of a shelf."""
    with _path(shelf, language).open("rb") as file:
        return read_po(file, locale=language)


def doubled(shelf: str, language: str = "zh") -> list[str]:
    """What a catalogue translates more than once: readers take one of them, and a correction of the other is lost."""
    times = Counter(map(_id, _entries(_path(shelf, language).read_text(encoding="utf-8"))))
    return [text for text, count in times.items() if count > 1]


def without_doubles(catalogue: str) -> str:
    """The text of a catalogue with the first entry of each sentence alone, a blank line between two of them."""
    first: dict[str, str] = {}
    for entry in _entries(catalogue):
        first.setdefault(_id(entry), entry)
    return "\n\n".join(first.values()) + "\n"


def _path(shelf: str, language: str) -> Path:
    return _CATALOGUES[shelf] / language / "LC_MESSAGES" / "fusionscope.po"


def _entries(catalogue: str) -> list[str]:
    """Comments, sentence and translation of each message; merges may leave no blank line between two."""
    entries: list[list[str]] = [[]]
    for line in filter(None, catalogue.splitlines()):
        begins = line.startswith(("#", "msgid "))
        if begins and any(own.startswith("msgstr") for own in entries[-1]):
            entries.append([])
        entries[-1].append(line)
    return ["\n".join(entry) for entry in entries]


def _id(entry: str) -> str:
    """The sentence of an entry, however it is broken into lines."""
    start = re.search(r"^msgid ", entry, re.MULTILINE)
    end = re.search(r"^(msgid_plural|msgstr)", entry, re.MULTILINE)
    assert start and end, f"this is no entry of a catalogue:\n{entry}"
    return "".join(re.findall(r'"(.*)"', entry[start.end() : end.start()]))


def untranslated(language: str = "zh") -> list[Message]:
    """Messages without a translation, in the order of their files."""
    shelves = {shelf: catalogue(shelf, language) for shelf in _CATALOGUES}
    return [message for message in messages() if not _translated(message, shelves[message.shelf])]


def _translated(message: Message, shelf: Catalog) -> bool:
    entry = shelf.get(message.text)
    if entry is None or not entry.string:
        return False
    if not message.plural:
        return True
    return isinstance(entry.id, tuple) and entry.id[1] == message.plural and all(entry.string)


def _of(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and any(map(_registers, node.decorator_list)):
            yield from ((text, "") for text in [*_described(node), *_widgets(node)])
        if isinstance(node, ast.ClassDef) and node.name in _FORMS:
            yield from ((text, "") for text in _fields(node))
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            continue
        texts = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        if node.func.id in ("_", "N_") and texts:
            yield texts[0], ""
        if node.func.id == "counted" and len(texts) == 2:
            yield texts[0], texts[1]


def _registers(decorator: ast.expr) -> bool:
    return (
        isinstance(decorator, ast.Call)
        and isinstance(decorator.func, ast.Attribute)
        and decorator.func.attr == "register"
        and isinstance(decorator.func.value, ast.Name)
        and decorator.func.value.id in _LABELLED
    )


def _described(part: ast.ClassDef) -> Iterator[str]:
    """The label of a part, and what is said of its parameters (see `mmcore.base.registry`)."""
    text = inspect.cleandoc(ast.get_docstring(part) or part.name)
    yield text.splitlines()[0].rstrip(".")
    helps = dict(re.findall(r"^\s*(\w+): (.+)$", text, re.MULTILINE))
    for node in part.body:
        if isinstance(node, ast.FunctionDef) and node.name == "__init__":
            yield from (helps[own.arg] for own in node.args.kwonlyargs if own.arg in helps)


def _widgets(part: ast.ClassDef) -> Iterator[str]:
    """Labels and choices of the parameters of a part (see `pages.parts.form_fields`)."""
    for node in part.body:
        if isinstance(node, ast.FunctionDef) and node.name == "__init__":
            for own in node.args.kwonlyargs:
                yield _label(own.arg)
                yield from _choices(own.annotation)


def _fields(form: ast.ClassDef) -> Iterator[str]:
    """Labels, choices and descriptions of the fields of a pydantic model."""
    for node in form.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield _label(node.target.id)
            yield from _choices(node.annotation)
            for keyword in node.value.keywords if isinstance(node.value, ast.Call) else ():
                if keyword.arg == "description" and isinstance(keyword.value, ast.Constant):
                    yield str(keyword.value.value)


def _label(name: str) -> str:
    return LABELS.get(name, name.replace("_", " ").capitalize())


def _choices(annotation: ast.expr | None) -> Iterator[str]:
    """Words of a Literal; names of published weights are written in capitals and stay."""
    if (
        isinstance(annotation, ast.Subscript)
        and isinstance(annotation.value, ast.Name)
        and annotation.value.id == "Literal"
    ):
        values = (node.value for node in ast.walk(annotation.slice) if isinstance(node, ast.Constant))
        yield from (value for value in values if isinstance(value, str) and value.islower())


if __name__ == "__main__":
    for shelf in _CATALOGUES:
        if doubled(shelf):
            path = _path(shelf, "zh")
            path.write_text(without_doubles(path.read_text(encoding="utf-8")), encoding="utf-8")
    for message in untranslated():
        print(f"{message.place}: {message.text!r}" + (f" / {message.plural!r}" if message.plural else ""))
