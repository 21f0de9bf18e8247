"""Folders in which nothing can be written for a while."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def nothing_can_be_written(folder: Path) -> Iterator[None]:
    """For new connections to what lies in a folder; those that are open go on."""
    if os.name == "nt":
        pytest.skip("POSIX rights")
    if os.geteuid() != 0:
        files = [path for path in folder.iterdir() if path.is_file()]
        for path in files:
            path.chmod(0o400)
        folder.chmod(0o500)
        try:
            yield
        finally:
            folder.chmod(0o700)
            for path in files:
                path.chmod(0o600)
        return
    if subprocess.run(["mount", "--bind", folder, folder], capture_output=True, check=False).returncode:
        pytest.skip("mounting takes more rights than root has here")
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", folder], check=True)
        yield
        subprocess.run(["mount", "-o", "remount,rw,bind", folder], check=True)
    finally:
        subprocess.run(["umount", "-l", folder], check=True)
