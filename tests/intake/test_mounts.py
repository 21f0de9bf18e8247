"""Where a folder lies: on a disk of this machine or on a share."""

import sys
from pathlib import Path

import pytest

from ybda_qc.intake import mounts
from ybda_qc.intake.mounts import is_remote, is_unc

_TABLE = r"""
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 22 0:26 / /srv rw - xfs /dev/vdb rw
31 30 0:40 / /srv/scans rw,relatime - cifs //nas/scans rw
32 22 0:41 / /mnt/with\040blank\011and\134more rw shared:9 master:1 - nfs4 nas:/x rw
33 22 0:42 / /mnt/twice rw - ext4 /dev/vdc rw
34 33 0:43 / /mnt/twice rw - fuse.sshfs host:/ rw
35 22 0:44 / /mnt/ntfs rw - fuseblk /dev/sdb1 rw
a line that is none
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "ext4"),
        ("/home/scans", "ext4"),
        ("/srv", "xfs"),
        ("/srv/scans", "cifs"),
        ("/srv/scans/0001/0001.tif", "cifs"),
        ("/srv/scans-2", "xfs"),
        ("/mnt/with blank\tand\\more/x", "nfs4"),
        ("/mnt/twice/x", "fuse.sshfs"),
        ("/mnt/ntfs/x", "fuseblk"),
    ],
)
def test_the_nearest_and_latest_mount_counts(path: str, kind: str) -> None:
    assert mounts.kind_at(path, _TABLE) == kind


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("ext4", False),
        ("fuseblk", False),
        ("tmpfs", False),
        ("nfs4", True),
        ("fuse.sshfs", True),
        ("9p", True),
    ],
)
def test_kinds_whose_changes_this_machine_does_not_see(kind: str, expected: bool) -> None:
    assert mounts.is_remote_kind(kind) is expected


@pytest.mark.skipif(sys.platform != "linux", reason="reads the table of mounts of Linux")
def test_folders_of_this_machine(tmp_path: Path) -> None:
    assert is_remote(Path("/proc/self")) is False
    assert is_remote(tmp_path / "not" / "there") is is_remote(tmp_path)


def test_a_path_that_cannot_be_is_not_told() -> None:
    assert is_remote(Path("a\0b")) is None


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (r"\\nas\scans\0001", True),
        (r"\\?\UNC\nas\scans\0001", True),
        (r"\\?\C:\scans", False),
        (r"\\.\C:\scans", False),
        (r"C:\scans", False),
        ("scans", False),
    ],
)
def test_shares_of_windows(path: str, expected: bool) -> None:
    assert is_unc(path) is expected
