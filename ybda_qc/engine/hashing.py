"""SHA-256 of files, read in pieces."""

import hashlib
import os
from pathlib import Path

from ybda_qc.engine.tasks import FileStamp


def digest_file(path: Path) -> tuple[str, FileStamp] | None:
    """SHA-256 and stamp of a file, None if it cannot be read whole and unchanged."""
    try:
        with path.open("rb") as file:
            before = os.fstat(file.fileno())
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            after = os.fstat(file.fileno())
    except OSError:
        return None
    stamp = FileStamp(size_bytes=before.st_size, modified_ns=before.st_mtime_ns)
    unchanged = (after.st_size, after.st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    return (digest, stamp) if unchanged and before.st_size else None
