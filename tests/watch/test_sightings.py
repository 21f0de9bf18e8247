"""What is seen of a folder, by what the system tells and by asking again and again."""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ybda_qc.model.watching import FileState
from ybda_qc.watch.sightings import Look, Sightings, look_at

PATIENCE = 60.0


class Watcher:
    """Sightings, and what they add up to."""

    def __init__(self, root: Path, *, polls: bool, excluded: tuple[Path, ...] = ()) -> None:
        self.root = root
        self.woken = threading.Event()
        self.sightings = Sightings(
            root, excluded=excluded, polls=polls, poll_seconds=0.1, wake=self.woken.set
        )
        self.files: dict[str, FileState] = {}
        self.names: dict[str, bytes] = {}
        self.looks: list[Look] = []

    def follow(self) -> None:
        for look in self.sightings.take():
            self.looks.append(look)
            self.names |= look.names
            if look.is_whole and look.away is None:
                hidden = tuple(f"{folder}/" for folder in look.unreadable)
                self.files = {p: s for p, s in self.files.items() if p.startswith(hidden)} | look.files
                continue
            for path in look.gone:
                if self.files.pop(path, None) is None:
                    below = [known for known in self.files if known.startswith(f"{path}/")]
                    for known in below:
                        del self.files[known]
            self.files |= look.files

    def until(self, holds: Callable[[], bool], what: str = "") -> None:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            self.follow()
            if holds():
                return
            self.woken.wait(0.05)
            self.woken.clear()
        raise AssertionError(f"{what or 'not seen'}: {sorted(self.files)[:20]}, last {self.looks[-1]}")

    def until_seen(self) -> None:
        """Until the folder is seen as it is."""

        def is_seen() -> bool:
            return self.files == there(self.root)

        self.until(is_seen)


def there(root: Path) -> dict[str, FileState]:
    found = {}
    for folder, _, files in os.walk(root):
        for name in files:
            path = Path(folder, name)
            state = look_at(path)
            if state is not None:
                found[path.relative_to(root).as_posix()] = state
    return found


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "收件"
    folder.mkdir()
    return folder


@pytest.fixture(params=["native", "polled"])
def watcher(request: pytest.FixtureRequest, root: Path) -> Iterator[Watcher]:
    made = Watcher(root, polls=request.param == "polled")
    made.sightings.start()
    made.until(lambda: bool(made.looks), "no first look")
    yield made
    made.sightings.stop()


def test_the_first_look_is_a_whole_one(root: Path) -> None:
    (root / "A").mkdir()
    (root / "A" / "1.tif").write_bytes(b"1")
    made = Watcher(root, polls=True)
    made.sightings.start()
    made.until(lambda: bool(made.looks))
    made.sightings.stop()
    assert made.looks[0].is_whole
    assert made.looks[0].away is None
    assert set(made.looks[0].files) == {"A/1.tif"}


def test_a_file_is_created_grows_is_renamed_and_removed(watcher: Watcher, root: Path) -> None:
    file = root / "1.tif"
    file.write_bytes(b"1")
    watcher.until_seen()
    with file.open("ab") as stream:
        stream.write(b"22")
    watcher.until(lambda: watcher.files["1.tif"].size_bytes == 3)
    file.rename(root / "2.tif")
    watcher.until_seen()
    (root / "2.tif").write_bytes(b"abc")
    watcher.until_seen()
    (root / "2.tif").unlink()
    watcher.until(lambda: not watcher.files)


def test_nested_folders_are_created_and_filled_at_once(watcher: Watcher, root: Path) -> None:
    for number in range(20):
        folder = root / "2023" / f"{number % 4}" / "a" / f"{number}"
        folder.mkdir(parents=True)
        for page in range(5):
            (folder / f"{page}.tif").write_bytes(b"x" * (page + 1))
    watcher.until_seen()
    assert len(watcher.files) == 100


def test_a_folder_is_renamed_away_and_back(watcher: Watcher, root: Path, tmp_path: Path) -> None:
    (root / "A" / "b").mkdir(parents=True)
    for number in range(5):
        (root / "A" / "b" / f"{number}.tif").write_bytes(b"1")
    watcher.until_seen()
    (root / "A").rename(tmp_path / "elsewhere")
    watcher.until(lambda: not watcher.files)
    (tmp_path / "elsewhere").rename(root / "A")
    watcher.until_seen()
    (root / "A" / "b" / "5.tif").write_bytes(b"1")
    watcher.until_seen()
    (root / "A").rename(root / "B")
    watcher.until_seen()
    (root / "B" / "b" / "6.tif").write_bytes(b"1")
    watcher.until_seen()
    assert len(watcher.files) == 7


def test_a_folder_is_removed_with_all_that_is_in_it(watcher: Watcher, root: Path) -> None:
    (root / "A").mkdir()
    for number in range(50):
        (root / "A" / f"{number}.tif").write_bytes(b"1")
    watcher.until_seen()
    shutil.rmtree(root / "A")
    watcher.until(lambda: not watcher.files)


def test_the_folder_itself_goes_away_and_comes_back(watcher: Watcher, root: Path, tmp_path: Path) -> None:
    (root / "1.tif").write_bytes(b"1")
    watcher.until_seen()
    root.rename(tmp_path / "away")
    watcher.until(lambda: watcher.looks[-1].away is not None)
    (tmp_path / "away").rename(root)
    watcher.until(lambda: watcher.looks[-1].away is None)
    (root / "2.tif").write_bytes(b"1")
    watcher.until_seen()


def test_the_folder_itself_is_replaced_in_a_moment(watcher: Watcher, root: Path, tmp_path: Path) -> None:
    (root / "1.tif").write_bytes(b"1")
    watcher.until_seen()
    (tmp_path / "fresh").mkdir()
    root.rename(tmp_path / "away")
    (tmp_path / "fresh").rename(root)
    watcher.until(lambda: not watcher.files)
    for number in range(3):
        (root / f"{number}.png").write_bytes(b"1")
        watcher.until_seen()


def test_a_burst_of_five_thousand_files(watcher: Watcher, root: Path) -> None:
    for number in range(5000):
        if number % 500 == 0:
            folder = root / f"{number}"
            folder.mkdir()
        (folder / f"{number:04d}.part").write_bytes(b"1")
        (folder / f"{number:04d}.part").rename(folder / f"{number:04d}.tif")
    watcher.until_seen()
    assert len(watcher.files) == 5000


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_names_that_are_not_utf8(watcher: Watcher, root: Path) -> None:
    raw = "档案.tif".encode("gb18030")
    plain = os.fsencode(root) + b"/" + rb"a\x41.tif"
    odd = os.fsencode(root) + b"/" + raw
    for path in (plain, odd):
        with open(path, "wb") as stream:  # noqa: PTH123 - bytes
            stream.write(b"1")
    watcher.until(lambda: len(watcher.files) == 2)
    assert sorted(watcher.names.values()) == sorted([raw, rb"a\x41.tif"])
    os.unlink(odd)  # noqa: PTH108 - bytes
    watcher.until(lambda: len(watcher.files) == 1)


def test_only_regular_files_are_seen(watcher: Watcher, root: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "1.tif").write_bytes(b"1")
    (root / "folder.tif").mkdir()
    (root / "link.tif").symlink_to(tmp_path / "outside" / "1.tif")
    (root / "linked").symlink_to(tmp_path / "outside")
    os.mkfifo(root / "pipe.tif")
    (root / "real.tif").write_bytes(b"1")
    watcher.until(lambda: "real.tif" in watcher.files)
    watcher.sightings.ask()
    whole = sum(look.is_whole for look in watcher.looks)
    watcher.until(lambda: sum(look.is_whole for look in watcher.looks) > whole)
    assert set(watcher.files) == {"real.tif"}


@pytest.mark.parametrize("polls", [False, True])
def test_folders_that_do_not_count_are_passed_over(root: Path, polls: bool) -> None:
    accepted = root / "accepted"
    (accepted / "A").mkdir(parents=True)
    (accepted / "A" / "0.tif").write_bytes(b"1")
    (root / "acceptedness").mkdir()
    made = Watcher(root, polls=polls, excluded=(accepted,))
    made.sightings.start()
    try:
        (accepted / "A" / "1.tif").write_bytes(b"1")
        (root / "acceptedness" / "2.tif").write_bytes(b"1")
        made.until(lambda: "acceptedness/2.tif" in made.files)
        (root / "acceptedness" / "2.tif").rename(accepted / "2.tif")
        made.until(lambda: not made.files)
    finally:
        made.sightings.stop()
    assert not any(path.startswith("accepted/") for look in made.looks for path in look.files)


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder that any user may enter."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


UNPRIVILEGED = """
import os, sys, time
from pathlib import Path
from ybda_qc.watch.sightings import Sightings
os.setgid(65534); os.setuid(65534)
seen = Sightings(Path(sys.argv[1]), polls=True, poll_seconds=0.1, wake=lambda: None)
seen.start()
end = time.monotonic() + 60
looks = []
while not looks and time.monotonic() < end:
    looks = list(seen.take())
    time.sleep(0.05)
seen.stop()
print(sorted(looks[0].files), looks[0].unreadable, looks[0].is_whole, looks[0].away)
"""


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="takes root to be somebody else")
def test_a_folder_that_may_not_be_read_is_told_and_hides_nothing_else(public: Path) -> None:
    for folder in ("open", "locked"):
        (public / folder).mkdir()
        (public / folder / "1.tif").write_bytes(b"1")
    (public / "locked").chmod(0o700)
    told = subprocess.run(
        [sys.executable, "-c", UNPRIVILEGED, str(public)],
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert told.stdout.strip() == "['open/1.tif'] ('locked',) True None", told.stderr


NAMES_ALONE = """
import os, sys
from pathlib import Path
from ybda_qc.watch.known import KnownFiles
from ybda_qc.watch.places import Places
from ybda_qc.model.watching import TakenFile
from ybda_qc.watch.sightings import Sightings
root = Path(sys.argv[1])
places = Places(root)
paths = ("1.tif", "A/1.tif", "B/1.tif", "C/1.tif")
taken = {p: TakenFile(path=p, state=places.look("1.tif"), sha256="0") for p in paths}
os.setgid(65534); os.setuid(65534)
seen = Sightings(root, polls=True, poll_seconds=600, wake=lambda: None)
seen.start()
looks = []
while not looks:
    looks = list(seen.take())
seen.stop()
known = KnownFiles(taken)
known.note_missing(looks[0], 0.0)
print(looks[0].unreadable, looks[0].away, known.missing_for_long(9.0))
print([path for path in paths if places.is_gone(path)])
"""


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="takes root to be somebody else")
def test_files_that_cannot_be_looked_at_are_not_gone(public: Path) -> None:
    for folder in ("A", "B"):
        (public / folder).mkdir()
        (public / folder / "1.tif").write_bytes(b"1")
    (public / "1.tif").write_bytes(b"1")
    (public / "A").chmod(0o744)  # names can be read, and nothing else
    told = subprocess.run(
        [sys.executable, "-c", NAMES_ALONE, str(public)],
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert told.stdout.splitlines() == ["('A',) None ['C/1.tif']", "['C/1.tif']"], told.stderr


def test_nothing_is_told_after_the_end(root: Path) -> None:
    made = Watcher(root, polls=False)
    made.sightings.start()
    made.sightings.stop()
    made.sightings.stop()
    made.follow()
    before = len(made.looks)
    (root / "1.tif").write_bytes(b"1")
    time.sleep(0.3)
    made.follow()
    assert len(made.looks) == before
    assert not [thread for thread in threading.enumerate() if thread.name in ("walk", "events")]


MORE_THAN_ARE_WATCHED = """
import sys, time
from pathlib import Path
from ybda_qc.watch.sightings import Sightings
root = Path(sys.argv[1])
sightings = Sightings(root, polls=False, poll_seconds=0.2, wake=lambda: None)
sightings.start()
end, seen = time.monotonic() + 120, False
while time.monotonic() < end and not any(look.is_whole for look in sightings.take()):
    time.sleep(0.05)
(root / "49" / "new.tif").write_bytes(b"1")
while time.monotonic() < end and not seen:
    seen = any("49/new.tif" in look.files for look in sightings.take())
    time.sleep(0.05)
sightings.stop()
print(seen)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the limit of another system")
def test_more_folders_than_the_system_watches_are_walked_through(root: Path) -> None:
    for number in range(50):
        (root / str(number)).mkdir()
    limited = 'echo 20 > /proc/sys/user/max_inotify_watches && exec "$@"'
    command = [
        "unshare",
        "-Ur",
        "sh",
        "-c",
        limited,
        "sh",
        sys.executable,
        "-c",
        MORE_THAN_ARE_WATCHED,
        str(root),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if not done.stdout and "Traceback" not in done.stderr:
        pytest.skip("no user namespaces here")
    assert done.stdout == "True\n"
