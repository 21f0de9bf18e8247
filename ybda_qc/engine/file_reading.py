"""One file read in a worker, not for its pages: its format, its digests, the lines of a checksum list."""

import hashlib
import os
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from ybda_qc.engine.tasks import FileTask
from ybda_qc.imaging.errors import ChangedSourceError, ImageFault
from ybda_qc.imaging.source import open_file
from ybda_qc.intake.checksums import MAX_LIST_BYTES, parse_checksums
from ybda_qc.intake.media import Excerpts, MediaContent, recognise
from ybda_qc.model import ChecksumList, FileFacts

_BLOCK_BYTES = 1024 * 1024


def read_file(path: Path, task: FileTask) -> FileFacts:
    """Read what a task asks for; what goes wrong is a problem of the file."""
    try:
        with os.fdopen(open_file(path), "rb") as file:
            before = os.fstat(file.fileno())
            content = recognise(_excerpts(file, before.st_size)) if task.is_media else MediaContent()
            facts = FileFacts(
                path=task.file.path,
                size_bytes=before.st_size,
                format=content.format,
                lacks=content.lacks,
                is_cut=content.is_cut,
                sample_rate_hz=content.sample_rate_hz,
                sample_bits=content.sample_bits,
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
