"""What becomes of files that were taken in."""

from collections.abc import Iterable
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from ybda_qc.model.watching import FileState, TakenFile
from ybda_qc.watch.known import KnownFiles
from ybda_qc.watch.sightings import Look


def state(inode: int, size: int = 100, time: int = 1) -> FileState:
    return FileState(size_bytes=size, modified_ns=time, changed_ns=time, inode=inode)


def taken(path: str, inode: int, *, moved_to: str = "") -> TakenFile:
    return TakenFile(path=path, state=state(inode), sha256="0" * 64, moved_to=moved_to)


def known_of(*paths: str) -> KnownFiles:
    return KnownFiles({path: taken(path, number) for number, path in enumerate(paths, 1)})


def whole(known: KnownFiles, *, without: Iterable[str] = (), unreadable: tuple[str, ...] = ()) -> Look:
    gone = set(without)
    files = {path: file.state for path, file in known.snapshot().items() if path not in gone}
    return Look(files=files, is_whole=True, unreadable=unreadable)


def gone(*paths: str) -> Look:
    return Look(gone=frozenset(paths))


def test_a_file_is_unchanged_by_all_that_the_system_tells() -> None:
    known = known_of("A/1.tif")
    assert known.is_unchanged("A/1.tif", state(1))
    assert not known.is_unchanged("A/1.tif", state(2)), "a copy over it"
    assert not known.is_unchanged("A/1.tif", replace(state(1), changed_ns=9))
    assert not known.is_unchanged("A/2.tif", state(1))


def test_a_file_is_gone_only_when_it_has_been_missing_for_a_while() -> None:
    known = known_of("A/1.tif", "A/2.tif")
    known.note_missing(gone("A/1.tif"), 10.0)
    known.note_missing(gone("A/1.tif"), 10.9)
    assert known.missing_for_long(10.9) == []
    assert known.missing_for_long(11.0) == ["A/1.tif"]
    known.are_back(["A/1.tif"])
    assert known.missing_for_long(99.0) == []


def test_a_file_that_is_seen_again_is_back() -> None:
    known = known_of("A/1.tif")
    known.note_missing(gone("A/1.tif"), 10.0)
    known.is_unchanged("A/1.tif", state(5))
    assert known.missing_for_long(99.0) == []
    known.note_missing(gone("A/1.tif"), 20.0)
    known.put(taken("A/1.tif", 5))
    assert known.missing_for_long(99.0) == []


def test_a_whole_look_tells_of_all_that_is_missing_but_what_it_could_not_see() -> None:
    known = known_of("A/1.tif", "A/2.tif", "locked/1.tif", "lockedness/1.tif")
    known.note_missing(whole(known, without=list(known), unreadable=("locked",)), 0.0)
    assert set(known.missing_for_long(1.0)) == {"A/1.tif", "A/2.tif", "lockedness/1.tif"}
    known.all_missing()
    assert known.missing_for_long(9.0) == []


def test_a_folder_takes_its_files_with_it() -> None:
    known = known_of("A/1.tif", "A/b/2.tif", "AB/1.tif", "1.tif")
    known.note_missing(gone("A"), 0.0)
    assert set(known.missing_for_long(1.0)) == {"A/1.tif", "A/b/2.tif"}


def test_a_folder_that_was_emptied_is_no_folder() -> None:
    known = known_of("A/1.tif", "A/2.tif")
    known.forget("A/1.tif")
    known.forget("A/2.tif")
    known.forget("A/2.tif")
    known.put(taken("B/1.tif", 9))
    known.note_missing(gone("A", "B/1.tif"), 0.0)
    assert known.missing_for_long(1.0) == ["B/1.tif"]


def test_moved_files_are_expected_nowhere() -> None:
    known = KnownFiles({"A/1.tif": taken("A/1.tif", 1, moved_to="/accepted/A/1.tif")})
    assert not known.are_expected
    known.note_missing(Look(is_whole=True), 0.0)
    assert known.missing_for_long(9.0) == []
    known.put(taken("A/2.tif", 2))
    assert known.are_expected


class Disk(dict[str, FileState]):
    """What lies in the folder now."""

    def __call__(self, path: str) -> FileState | None:
        return self.get(path)


def test_a_renamed_file_is_known_by_what_it_keeps() -> None:
    known = known_of("A/1.tif")
    renamed = replace(state(1), changed_ns=77)
    disk = Disk({"A/1.tif": renamed, "A/2.tif": renamed})
    assert known.earlier_path("A/2.tif", renamed, disk) == "", "it has two names now: that is no renaming"
    assert known.earlier_path("A/1.tif", renamed, disk) == ""
    del disk["A/1.tif"]
    assert known.earlier_path("A/2.tif", renamed, disk) == "A/1.tif"
    known.forget("A/1.tif")
    assert known.earlier_path("A/2.tif", renamed, disk) == "A/1.tif"
    assert known.earlier_path("A/2.tif", replace(renamed, size_bytes=101), disk) == ""
    known.found_again(renamed)
    assert known.earlier_path("A/2.tif", renamed, disk) == ""


def test_pages_that_were_renumbered() -> None:
    known = known_of("1.tif", "2.tif", "3.tif")
    disk = Disk({"1.tif": state(9), "2.tif": state(1), "3.tif": state(2), "4.tif": state(3)})
    for path, earlier in (("2.tif", "1.tif"), ("3.tif", "2.tif"), ("4.tif", "3.tif"), ("1.tif", "")):
        assert known.earlier_path(path, disk[path], disk) == earlier
        known.found_again(disk[path])
        known.put(TakenFile(path=path, state=disk[path], sha256="0" * 64))


def test_a_file_that_came_back_to_its_place_is_lost_no_longer() -> None:
    known = known_of("A/1.tif")
    known.forget("A/1.tif")
    known.put(taken("A/1.tif", 1))
    known.found_again(state(1))
    disk = Disk({"A/1.tif": state(1), "link.tif": state(1)})
    assert known.earlier_path("link.tif", state(1), disk) == ""


def test_systems_without_inodes_have_no_renamed_files() -> None:
    known = KnownFiles({"A/1.tif": taken("A/1.tif", 0)})
    known.forget("A/1.tif")
    assert known.earlier_path("A/2.tif", state(0), Disk()) == ""


class Counted(str):
    """A path that counts how often its characters are looked at."""

    work = 0

    def startswith(self, *words: object) -> bool:
        Counted.work += 1
        return super().startswith(*words)  # type: ignore[arg-type]

    def rpartition(self, sep: str) -> tuple[str, str, str]:
        Counted.work += 1
        return super().rpartition(sep)


def test_the_work_grows_with_the_number_of_files_not_with_its_square() -> None:
    count = 5000
    paths = [Counted(f"A/{number}.tif") for number in range(count)]
    known = KnownFiles({path: taken(path, number) for number, path in enumerate(paths, 1)})
    Counted.work = 0
    parts = frozenset(f"A/{number}.tif.part" for number in range(count))
    known.note_missing(Look(gone=parts | {"A"}), 0.0)
    assert len(known.missing_for_long(1.0)) == count
    for number, path in enumerate(paths, 1):
        assert known.earlier_path(f"B/{number}.tif", state(number), Disk()) == path
        known.forget(path)
        assert known.earlier_path(f"B/{number}.tif", state(number), Disk()) == path
        known.put(replace(taken(f"B/{number}.tif", number)))
        known.found_again(state(number))
    assert Counted.work < 10 * count
    assert len(known) == count


PATHS = st.sampled_from([f"{folder}{name}" for folder in ("", "A/", "A/b/", "AB/") for name in ("1", "2")])


@settings(max_examples=150, deadline=None)
@given(start=st.sets(PATHS), seen=st.sets(PATHS), away=st.sets(PATHS | st.sampled_from(["A", "A/b", "AB"])))
def test_parts_of_a_folder_are_missing_exactly_where_they_or_their_folders_are_gone(
    start: set[str], seen: set[str], away: set[str]
) -> None:
    known = KnownFiles({path: taken(path, number) for number, path in enumerate(sorted(start), 1)})
    look = Look(files=dict.fromkeys(sorted(seen - away), state(99)), gone=frozenset(away))
    known.note_missing(look, 0.0)
    expected = {
        path
        for path in start
        if path in away or (path not in look.files and any(path.startswith(f"{a}/") for a in away))
    }
    assert set(known.missing_for_long(1.0)) == expected
