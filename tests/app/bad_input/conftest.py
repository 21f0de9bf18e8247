"""A scene whose folder is always cleared away."""

import contextlib
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.bad_input.scene import Scene


@pytest.fixture
def scene() -> Iterator[Scene]:
    """A folder that other users may enter, so that some cases can be played by one without rights."""
    folder = Path(tempfile.mkdtemp(prefix="ybda-qc-test-"))
    folder.chmod(0o777)
    yield Scene(folder)
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):
            path.chmod(stat.S_IRWXU)
    shutil.rmtree(folder)
