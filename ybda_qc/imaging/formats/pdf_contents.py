"""Pages that show less than their content asks for (pdfium leaves out what it cannot find)."""

import re
import zlib
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, StreamObject

from ybda_qc.imaging.errors import ImageFault
from ybda_qc.imaging.formats.pdf_active import open_reader, quiet_pypdf
from ybda_qc.imaging.formats.pdf_structure import whole_of
from ybda_qc.imaging.values import Bytes

_DRAWN = re.compile(rb"/([^\s/<>\[\]()%{}]+)\s+Do\b")
_NAMED = re.compile(rb"/([^\s/<>\[\]()%{}]+)\s+([A-Za-z]{1,3}\*?)(?=\s|$)")
_PAGE_NODES_MOST = 200_000
_TREE_DEPTH_MOST = 100
_FORMS_MOST = 500
_CONTENT_MOST = 64 << 20
_FLATE_LEAST = 3
_PIECE = 1 << 20


def check_missing_pictures(data: Bytes, frame: int, *, pictures: int, is_empty: bool) -> None:
    """Look whether a page was meant to show more than pdfium finds on it.

    Parameters
    ----------
    data
        The file.
    frame
        Page number from 1.
    pictures
        How many pdfium found on the page and in its forms.
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
        if any(_ends_early(stream) for stream in _streams(page)):
            raise ImageFault("unreadable", "The content of the PDF page is damaged.")
        if is_empty and _misses_an_operator(page, content):
            raise ImageFault("unreadable", "The content of the PDF page is damaged.")
        _check_drawn(page, content, pictures)


def _check_drawn(page: DictionaryObject, content: bytes, pictures: int) -> None:
    """Look for what the page draws, and what the forms that it draws draw, each form once.

    Where pdfium found as many pictures as are drawn, it only knows better than pypdf where the objects lie.
    """
    waiting: list[tuple[DictionaryObject, bytes]] = [(page, content)]
    seen: set[int] = set()
    found = missing = 0
    while waiting and len(seen) < _FORMS_MOST:
        owner, words = waiting.pop()
        for match in _DRAWN.finditer(words):
            target = _drawn(owner, "/" + match[1].decode("latin-1"))
            if target is None:
                missing += 1
            elif target.get("/Subtype") != "/Form":
                found += 1
            elif id(target) not in seen:
                seen.add(id(target))
                form = DictionaryObject(target)
                if "/Resources" not in form and "/Resources" in owner:
                    form[NameObject("/Resources")] = owner["/Resources"]
                waiting.append((form, _unpacked([target]) or b""))
    if missing and pictures < found + missing:
        raise ImageFault("unreadable", "The PDF page draws an object that does not exist.")


def may_draw_pictures(data: Bytes) -> bool:
    """Whether the file names pictures at all, as far as a search of its bytes can tell."""
    whole = whole_of(data)
    return any(whole.find(words) >= 0 for words in (b"/XObject", b"/ObjStm", b"/Encrypt"))


def count_pages(data: Bytes) -> int:
    """Pages in the page tree, as far as it can be walked; 0 where it cannot."""
    number = 0
    with quiet_pypdf():
        try:
            reader = open_reader(data)
            if reader.is_encrypted:
                return 0
            root: Any = reader.trailer["/Root"]
            waiting: list[Any] = [root.raw_get("/Pages")]
            seen: set[int] = set()
            for _ in range(_PAGE_NODES_MOST):
                if not waiting:
                    break
                node = waiting.pop().get_object()
                if not isinstance(node, DictionaryObject) or id(node) in seen:
                    continue
                seen.add(id(node))
                if "/Kids" in node:
                    kids: Any = node["/Kids"]
                    waiting.extend(list.copy(kids))
                else:
                    number += node.get("/Type") == "/Page"
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - what cannot be walked cannot be counted
            return 0
    return number


def _page(reader: PdfReader, frame: int) -> DictionaryObject | None:
    """Page dictionary by descending the tree; the counts of branches tell which to pass by."""
    root: Any = reader.trailer["/Root"]
    node: Any = root["/Pages"].get_object()
    resources = node.get("/Resources")
    left = frame
    for _ in range(_TREE_DEPTH_MOST):
        found = _branch(node, left)
        if found is None:
            return None
        node, left = found
        resources = node.get("/Resources", resources)
        if "/Kids" in node:
            continue
        page = DictionaryObject(node)
        if resources is not None and "/Resources" not in page:
            page[NameObject("/Resources")] = resources
        return page
    return None


def _branch(node: DictionaryObject, left: int) -> tuple[DictionaryObject, int] | None:
    """The child of a node that is or holds page `left`, and which page of the child it is."""
    kids: Any = list.copy(node["/Kids"])  # type: ignore[arg-type]
    if node.get("/Count") == len(kids) and 0 < left <= len(kids):
        only = kids[left - 1].get_object()  # as a rule every child is a page
        if isinstance(only, DictionaryObject) and "/Kids" not in only:
            return only, 1
    for kid in kids[:_PAGE_NODES_MOST]:
        child = kid.get_object()
        if not isinstance(child, DictionaryObject):
            continue
        count = int(child.get("/Count", 0)) if "/Kids" in child else 1
        if left <= count:
            return child, left
        left -= max(0, count)
    return None


def _content(page: DictionaryObject) -> bytes | None:
    """Unpacked content of a page; None if it cannot be unpacked; empty if there is none."""
    streams = _streams(page)
    return None if any(not isinstance(stream, StreamObject) for stream in streams) else _unpacked(streams)


def _streams(page: DictionaryObject) -> list[Any]:
    """Content streams; what is no stream stays what it is."""
    try:
        content = page.get("/Contents")
        content = content.get_object() if content is not None else None
        parts = content if isinstance(content, ArrayObject) else [content] if content is not None else []
        return [part.get_object() for part in parts]
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - the file's fault, whatever the library calls it
        return [None]


def _unpacked(streams: list[Any]) -> bytes | None:
    try:
        return b"\n".join(stream.get_data() for stream in streams)[:_CONTENT_MOST]
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - as above
        return None


def _ends_early(stream: Any) -> bool:
    """Whether the last block of a Deflate stream is missing; a missing checksum alone loses nothing."""
    filters = stream.get("/Filter")
    names = list(filters) if isinstance(filters, ArrayObject) else [filters]
    raw = getattr(stream, "_data", None)
    if names not in (["/FlateDecode"], ["/Fl"]) or not isinstance(raw, bytes) or len(raw) < _FLATE_LEAST:
        return False
    worker, rest, length = zlib.decompressobj(-zlib.MAX_WBITS), raw[2:], 0
    try:
        while rest and not worker.eof and length < _CONTENT_MOST:
            length += len(worker.decompress(rest, _PIECE))
            rest = worker.unconsumed_tail
    except zlib.error:
        return True
    return not worker.eof and length < _CONTENT_MOST


def _misses_an_operator(page: DictionaryObject, content: bytes) -> bool:
    """Whether an empty page names one of its pictures, and then does something unknown with it."""
    for match in _NAMED.finditer(content):
        if match[2] != b"Do" and _drawn(page, "/" + match[1].decode("latin-1")) is not None:
            return True
    return False


def _drawn(page: DictionaryObject, name: str) -> StreamObject | None:
    """The picture or form of this name; None if there is none that can be drawn."""
    try:
        resources: Any = page["/Resources"]
        target = resources["/XObject"].raw_get(name)
        target = target.get_object() if isinstance(target, IndirectObject) else target
    except Exception:  # noqa: BLE001 - not there in whatever way
        return None
    if not isinstance(target, StreamObject) or target.get("/Subtype") not in ("/Image", "/Form", "/PS"):
        return None
    return target


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
