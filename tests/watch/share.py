"""A share that can hang, break off and come back: bindfs, a file system whose server is a process of ours."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

_PATIENCE = 30.0


class Share:
    """A folder that is seen at another place for as long as its server answers.

    Parameters
    ----------
    disk, place
        The folder, and where it is seen.
    """

    def __init__(self, disk: Path, place: Path) -> None:
        self.disk = disk
        self.place = place
        self._server: subprocess.Popen[bytes] | None = None

    def connect(self) -> None:
        """Mount it; the test is passed over where nobody may."""
        program = shutil.which("bindfs")
        if program is None or not os.access("/dev/fuse", os.R_OK | os.W_OK):
            pytest.skip("needs bindfs and the right to mount")
        self._server = subprocess.Popen([program, "-f", str(self.disk), str(self.place)])
        end = time.monotonic() + _PATIENCE
        while not os.path.ismount(self.place):
            if self._server.poll() is not None:
                pytest.skip("nobody may mount here")
            assert time.monotonic() < end, "the share is not there"
            time.sleep(0.05)

    def hang(self) -> None:
        """Whoever asks for something waits from now on."""
        assert self._server is not None
        self._server.send_signal(signal.SIGSTOP)

    def answer(self) -> None:
        """The end of `hang`."""
        assert self._server is not None
        self._server.send_signal(signal.SIGCONT)

    def break_off(self) -> None:
        """Whoever asks for something gets an error from now on: the mount is there, its server is not."""
        assert self._server is not None
        self._server.kill()
        self._server.wait()

    def disconnect(self) -> None:
        """Unmount it, whatever state it is in."""
        if self._server is not None:
            subprocess.run(["umount", "--lazy", str(self.place)], check=False, capture_output=True)
            self._server.kill()
            self._server.wait()
