"""One file read in a worker, not for its pages: its format, its digests, the lines of a checksum list."""

import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ybda_qc.engine.tasks import FileTask
from ybda_qc.imaging.decode import DecodeLimits, decode
from ybda_qc.imaging.errors import ChangedSourceError, ImageFault, SourceError
from ybda_qc.imaging.header import FORMATS, read_header
from ybda_qc.imaging.source import open_file, open_source
from ybda_qc.intake.checksums import MAX_LIST_BYTES, parse_checksums
from ybda_qc.intake.media import Excerpts, MediaContent, recognise
from ybda_qc.model import ChecksumList, FileFacts

_BLOCK_BYTES = 1024 * 1024
_DECODED = frozenset(FORMATS) - {"PDF"}  # formats of photographs whose pixels can be had


def read_file(path: Path, task: FileTask, limits: DecodeLimits) -> FileFacts:
    """Read what a task asks for; what goes wrong is a problem of the file.

    Raises
    ------
    MemoryError
        If the worker's memory limit is reached: the parent tries once more, alone.
    """
    try:
        with os.fdopen(open_file(path), "rb") as file:
            before = os.fstat(file.fileno())
            content = recognise(_excerpts(file, before.st_size)) if task.is_media else MediaContent()
            pixels = _decode(path, limits) if content.format in _DECODED else _Pixels()
            facts = FileFacts(
                path=task.file.path,
                size_bytes=before.st_size,
                format=content.format,
                lacks=content.lacks,
                is_cut=content.is_cut or pixels.is_cut,
                sample_rate_hz=content.sample_rate_hz,
                sample_bits=content.sample_bits,
                damage=pixels.damage,
                doubt=pixels.doubt,
                digests=_digests(file, task.algorithms),
                checksums=_checksums(file, path.name) if task.is_list else None,
            )
            after = os.fstat(file.fileno())
            if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
                raise ChangedSourceError
            return facts
    except ImageFault as fault:
        return unread_file(task, fault.detail)
    except OSError as error:
        words = error.strerror or type(error).__name__
        return unread_file(task, f"The file cannot be read ({words.lower()}).")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pixels:
    """What decoding a photograph showed; the fields are those of `FileFacts`."""

    is_cut: bool = False
    damage: str = ""
    doubt: str = ""


def _decode(path: Path, limits: DecodeLimits) -> _Pixels:
    """Decode all pictures of a photograph; only decoding shows damage inside of a file."""
    try:
        with open_source(path) as source:
            count = read_header(source, limits=limits).frame_count
            for frame in range(1, count + 1):
                header = read_header(source, frame, limits=limits)
                if not decode(source, header, frame, limits=limits).verified:
                    raise ImageFault("unsupported", "Its decoder would not have noticed damage.")
    except SourceError:
        raise
    except ImageFault as fault:
        if fault.kind == "truncated":
            return _Pixels(is_cut=True)
        return _Pixels(damage=fault.detail) if fault.kind == "unreadable" else _Pixels(doubt=fault.detail)
    return _Pixels()


def unread_file(task: FileTask, problem: str) -> FileFacts:
    """The facts of a file that could not be read."""
    return FileFacts(path=task.file.path, size_bytes=task.file.size_bytes, problem=problem)


def _excerpts(file: BinaryIO, size_bytes: int) -> Excerpts:
    def read(offset: int, count: int) -> bytes:
        if offset >= size_bytes:  # a header may point anywhere
            return b""
        file.seek(offset)
        return file.read(count)

    return Excerpts(read, size_bytes)


def _digests(file: BinaryIO, algorithms: tuple[str, ...]) -> dict[str, str]:
    """Digests by all algorithms that this machine can compute, in one reading."""
    file.seek(0)
    hashes = {}
    for algorithm in algorithms:
        with suppress(ValueError):
            hashes[algorithm] = hashlib.new(algorithm, usedforsecurity=False)
    while hashes and (block := file.read(_BLOCK_BYTES)):
        for computed in hashes.values():
            computed.update(block)
    return {algorithm: computed.hexdigest() for algorithm, computed in hashes.items()}


def _checksums(file: BinaryIO, name: str) -> ChecksumList:
    file.seek(0)
    data = file.read(MAX_LIST_BYTES + 1)
    if len(data) > MAX_LIST_BYTES:
        megabytes = MAX_LIST_BYTES // (1024 * 1024)
        raise ImageFault("too-large", f"The list is larger than {megabytes} MB.")
    return parse_checksums(data, name)
