"""What in a PDF could act by itself: scripts, programs, attachments, links (ISO 32000-1, 7.11, 12.5, 12.6).

pdfium does not tell these; pypdf reads the objects, within bounds, and only where the bytes give reason to
look.
"""

import io
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from ybda_qc.imaging.formats.pdf_structure import whole_of
from ybda_qc.imaging.values import Bytes

_ACTIONS = {
    "/JavaScript": "javascript",
    "/Launch": "launch",
    "/URI": "uri",
    "/SubmitForm": "submit-form",
    "/ImportData": "import-data",
    "/GoToR": "remote-go-to",
    "/GoToE": "embedded-go-to",
    "/Rendition": "rich-media",
    "/Movie": "rich-media",
    "/Sound": "rich-media",
    "/RichMediaExecute": "rich-media",
    "/GoTo3DView": "rich-media",
}
_ANNOTATIONS = {
    "/RichMedia": "rich-media",
    "/Screen": "rich-media",
    "/Movie": "rich-media",
    "/Sound": "rich-media",
    "/3D": "rich-media",
    "/FileAttachment": "embedded-file",
}
_REASON_TO_LOOK = re.compile(
    rb"/(JavaScript|JS|Launch|URI|SubmitForm|ImportData|GoToR|GoToE|Rendition|Movie|Sound|RichMedia|3D|Screen"
    rb"|FileAttachment|EmbeddedFiles?|EF|OpenAction|AA|XFA)\b|/ObjStm\b|/\w*#[0-9A-Fa-f]{2}"
)
_NODES_MOST = 20_000
_DEPTH_MOST = 200


def active_content_of(data: Bytes) -> tuple[str, ...]:
    """Names of the active content found, sorted; empty where there is none, or the objects cannot be read."""
    whole = whole_of(data)
    if not _REASON_TO_LOOK.search(whole):
        return ()
    found: set[str] = set()
    with quiet_pypdf():
        try:
            reader = open_reader(data)
            root: Any = reader.trailer["/Root"].get_object()
            opening = root.get("/OpenAction")
            if isinstance(opening, DictionaryObject) and opening.get("/S") != "/GoTo":
                found.add("open-action")
            for node in _nodes(root):
                _note(node, found)
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - what cannot be read here is reported by the structure checks
            return tuple(sorted(found))
    return tuple(sorted(found))


def open_reader(data: Bytes) -> PdfReader:
    """Open a file with pypdf, lenient, without a copy."""
    whole = whole_of(data)
    stream: Any = io.BytesIO(whole) if isinstance(whole, bytes) else whole
    return PdfReader(stream, strict=False)


@contextmanager
def quiet_pypdf() -> Iterator[None]:
    """Keep pypdf's remarks on untidy files out of the program's log."""
    logger, sink = logging.getLogger("pypdf"), logging.NullHandler()
    before = logger.propagate
    logger.propagate = False
    logger.addHandler(sink)
    try:
        yield
    finally:
        logger.removeHandler(sink)
        logger.propagate = before


def _nodes(root: Any) -> Iterator[DictionaryObject]:
    """Dictionaries reachable from the catalogue, each once, at most 20,000."""
    waiting: list[tuple[Any, int]] = [(root, 0)]
    seen: set[tuple[int, int]] = set()
    for _ in range(_NODES_MOST):
        if not waiting:
            return
        node, depth = waiting.pop()
        if isinstance(node, IndirectObject):
            if (node.idnum, node.generation) in seen:
                continue
            seen.add((node.idnum, node.generation))
            try:
                node = node.get_object()
            except Exception:  # noqa: BLE001, S112 - one broken object hides only itself
                continue
        if depth > _DEPTH_MOST:
            continue
        if isinstance(node, DictionaryObject):
            yield node
            waiting.extend((node.raw_get(key), depth + 1) for key in node if key not in ("/Parent", "/Font"))
        elif isinstance(node, ArrayObject):
            waiting.extend((node[index] if index < 0 else list.__getitem__(node, index), depth + 1)
                           for index in range(len(node)))  # fmt: skip


def _note(node: DictionaryObject, found: set[str]) -> None:
    action = node.get("/S")
    if isinstance(action, str) and action in _ACTIONS:
        found.add(_ACTIONS[action])
    if "/JS" in node:
        found.add("javascript")
    kind = node.get("/Subtype")
    if isinstance(kind, str) and kind in _ANNOTATIONS and "/Rect" in node:
        found.add(_ANNOTATIONS[kind])
    if "/EF" in node or "/EmbeddedFiles" in node:
        found.add("embedded-file")
    if "/XFA" in node:
        found.add("xfa")
