"""Pages that show no picture although their content asks for one (pdfium leaves out what it cannot find)."""

import re
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, StreamObject

from ybda_qc.imaging.errors import ImageFault
from ybda_qc.imaging.formats.pdf_active import open_reader, quiet_pypdf
from ybda_qc.imaging.values import Bytes

_DRAWN = re.compile(rb"/([^\s/<>\[\]()%{}]+)\s+Do\b")
_PAGE_NODES_MOST = 200_000
_CONTENT_MOST = 64 << 20


def check_missing_pictures(data: Bytes, frame: int, *, is_empty: bool) -> None:
    """Look whether a page without pictures was meant to have some.

    Parameters
    ----------
    data
        The file.
    frame
        Page number from 1.
    is_empty
        Whether nothing at all was found on the page; then content that cannot be unpacked is damage too.

    Raises
    ------
    ImageFault
        ``unreadable``: the content draws an object that does not exist, or cannot be read.
    """
    with quiet_pypdf():
        try:
            reader = open_reader(data)
            page = None if reader.is_encrypted else _page(reader, frame)
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - pypdf may stumble where pdfium does not: then there is nothing to add
            return
        if page is None:
            return
        content = _content(page)
        if content is None:
            if is_empty:
                raise ImageFault("unreadable", "The content of the PDF page is damaged.")
            return
        drawn = {match[1].decode("latin-1") for match in _DRAWN.finditer(content)}
        if drawn and any(not _exists(page, "/" + name) for name in drawn):
            raise ImageFault("unreadable", "The PDF page draws an object that does not exist.")


def _page(reader: PdfReader, frame: int) -> DictionaryObject | None:
    """Page dictionary by walking the tree, each node once."""
    root: Any = reader.trailer["/Root"]
    waiting: list[tuple[Any, Any]] = [(root["/Pages"], None)]
    seen: set[int] = set()
    number = 0
    for _ in range(_PAGE_NODES_MOST):
        if not waiting:
            return None
        node, resources = waiting.pop()
        node = node.get_object()
        if not isinstance(node, DictionaryObject) or id(node) in seen:
            continue
        seen.add(id(node))
        resources = node.get("/Resources", resources)
        if "/Kids" in node:
            kids: Any = node["/Kids"]
            waiting.extend((kid, resources) for kid in reversed(list.copy(kids)))
            continue
        number += 1
        if number == frame:
            page = DictionaryObject(node)
            if resources is not None and "/Resources" not in page:
                page[NameObject("/Resources")] = resources
            return page
    return None


def _content(page: DictionaryObject) -> bytes | None:
    """Unpacked content of a page; None if it cannot be unpacked; empty if there is none."""
    try:
        content = page.get("/Contents")
        content = content.get_object() if content is not None else None
        parts = content if isinstance(content, ArrayObject) else [content] if content is not None else []
        streams = [part.get_object() for part in parts]
        if any(not isinstance(stream, StreamObject) for stream in streams):
            return None
        return b"\n".join(stream.get_data() for stream in streams)[:_CONTENT_MOST]
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - the file's fault, whatever the library calls it
        return None


def _exists(page: DictionaryObject, name: str) -> bool:
    try:
        resources: Any = page["/Resources"]
        target = resources["/XObject"].raw_get(name)
        target = target.get_object() if isinstance(target, IndirectObject) else target
    except Exception:  # noqa: BLE001 - not there in whatever way
        return False
    return isinstance(target, StreamObject)


def is_plain_g4(data: Bytes, frame: int, width_px: int, height_px: int) -> bool:
    """Whether the fax picture of this size declares plain G4 coding (K negative, rows not byte-aligned).

    False also where the declaration cannot be found; then nothing can be said of its data.
    """
    with quiet_pypdf():
        try:
            page = _page(open_reader(data), frame)
            resources: Any = page["/Resources"] if page is not None else {}
            pictures = resources.get("/XObject", {})
            for name in pictures:
                picture = pictures[name].get_object()
                if (picture.get("/Width"), picture.get("/Height")) == (width_px, height_px):
                    return _declares_g4(picture)
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - no declaration to be had
            return False
    return False


def _declares_g4(picture: DictionaryObject) -> bool:
    found = picture.get("/DecodeParms", picture.get("/DP"))
    last = found[-1] if isinstance(found, ArrayObject) and len(found) else found
    parameters = last.get_object() if last is not None else None
    if not isinstance(parameters, DictionaryObject):
        return False
    return int(parameters.get("/K", 0)) < 0 and not bool(parameters.get("/EncodedByteAlign", False))
