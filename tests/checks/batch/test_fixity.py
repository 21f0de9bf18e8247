import hashlib
import time
from collections.abc import Mapping

import pytest

from tests.checks.batch.memory import MemoryView, inspect_batch, make_page, summary
from ybda_qc.checks.batch.fixity import FixityCheck
from ybda_qc.model import (
    Batch,
    BatchFile,
    ChecksumEntry,
    ChecksumList,
    ChecksumProblem,
    FileFacts,
    FileRole,
    Finding,
    NotApplicable,
)

CHECK = FixityCheck()
LIST = "list.sha256"
PAGE = "a/0001.jpg"


def digest_of(path: str, algorithm: str = "sha256") -> str:
    return hashlib.new(algorithm, path.encode()).hexdigest()


def entry(path: str, digest: str | None = None, algorithm: str = "sha256", line: int = 1) -> ChecksumEntry:
    digest = digest or digest_of(path, algorithm)
    return ChecksumEntry(line=line, path=path, algorithm=algorithm, digest=digest)


def list_of(*entries: ChecksumEntry, path: str = LIST, **more: object) -> FileFacts:
    return FileFacts(path=path, checksums=ChecksumList(entries=entries, **more))  # type: ignore[arg-type]


def view_of(
    files: Mapping[str, FileRole], *facts: FileFacts, pages: Mapping[str, str | None] | None = None
) -> MemoryView:
    """Files, what was read of some, and pages whose digest is known."""
    found = tuple(BatchFile(path=path, size_bytes=1, role=role) for path, role in files.items())
    return MemoryView(
        Batch(root="/batch", files=found, items=(), strays=()),
        tuple(make_page(path, sha256=sha256) for path, sha256 in (pages or {}).items()),
        facts={entry.path: entry for entry in facts},
    )


def look(view: MemoryView) -> list[Finding]:
    return inspect_batch(CHECK, view)


PAGE_AND_LIST = {PAGE: FileRole.PAGE, LIST: FileRole.CHECKSUM}


def one_page(*entries: ChecksumEntry, sha256: str | None = digest_of(PAGE), **more: object) -> MemoryView:
    return view_of(PAGE_AND_LIST, list_of(*entries, **more), pages={PAGE: sha256})


def test_without_a_list_there_is_nothing_to_verify() -> None:
    view = view_of({PAGE: FileRole.PAGE})
    assert isinstance(CHECK.inspect(view, CHECK.method(), None), NotApplicable)  # type: ignore[arg-type]


def test_a_page_whose_digest_fits_is_sound() -> None:
    assert look(one_page(entry(PAGE))) == []


def test_a_page_whose_digest_does_not_fit() -> None:
    (finding,) = look(one_page(entry(PAGE), sha256="0" * 64))
    assert (finding.code, finding.subject, finding.pages) == ("mismatch", PAGE, (f"{PAGE}#1",))
    assert finding.values["found"] == "0" * 64
    assert finding.values["expected"] == digest_of(PAGE)


def test_a_file_beside_the_pages_is_verified_by_what_was_read_of_it() -> None:
    files = {"a.mp4": FileRole.MEDIA, LIST: FileRole.CHECKSUM}
    right = FileFacts(path="a.mp4", digests={"sha256": digest_of("a.mp4")})
    wrong = FileFacts(path="a.mp4", digests={"sha256": "1" * 64})
    assert look(view_of(files, list_of(entry("a.mp4")), right)) == []
    assert summary(look(view_of(files, list_of(entry("a.mp4")), wrong))) == [("mismatch", "a.mp4")]


def test_a_listed_file_that_is_not_there() -> None:
    (finding,) = look(one_page(entry(PAGE), entry("a/0002.jpg", line=7)))
    assert (finding.code, finding.subject, finding.values["line"]) == ("missing-file", "a/0002.jpg", 7)


def test_several_algorithms_that_disagree_are_one_finding() -> None:
    facts = FileFacts(path=PAGE, digests={"md5": "2" * 32})
    lists = list_of(entry(PAGE), entry(PAGE, algorithm="md5"))
    view = view_of(PAGE_AND_LIST, lists, facts, pages={PAGE: "0" * 64})
    assert summary(look(view)) == [("mismatch", PAGE)]


def test_one_algorithm_that_disagrees_outweighs_one_that_fits() -> None:
    facts = FileFacts(path=PAGE, digests={"md5": "2" * 32})
    lists = list_of(entry(PAGE), entry(PAGE, algorithm="md5"))
    (finding,) = look(view_of(PAGE_AND_LIST, lists, facts, pages={PAGE: digest_of(PAGE)}))
    assert (finding.code, finding.values["algorithm"]) == ("mismatch", "MD5")


def test_two_lists_with_different_digests_contradict_each_other() -> None:
    files = {**PAGE_AND_LIST, "old.sha256": FileRole.CHECKSUM}
    lists = (list_of(entry(PAGE)), list_of(entry(PAGE, "1" * 64), path="old.sha256"))
    (finding,) = look(view_of(files, *lists, pages={PAGE: digest_of(PAGE)}))
    assert (finding.code, finding.subject) == ("contradiction", PAGE)
    assert {finding.values["list"], finding.values["other"]} == {LIST, "old.sha256"}
    # a file that is as neither of them says has changed, whatever the lists
    assert summary(look(view_of(files, *lists, pages={PAGE: "0" * 64}))) == [("mismatch", PAGE)]


def test_two_lists_that_agree_are_sound() -> None:
    files = {**PAGE_AND_LIST, "old.sha256": FileRole.CHECKSUM}
    lists = (list_of(entry(PAGE)), list_of(entry(PAGE), path="old.sha256"))
    assert look(view_of(files, *lists, pages={PAGE: digest_of(PAGE)})) == []


def test_a_file_that_could_not_be_read_is_not_verified() -> None:
    broken = FileFacts(path=PAGE, problem="Input/output error")
    (finding,) = look(view_of(PAGE_AND_LIST, list_of(entry(PAGE)), broken, pages={PAGE: None}))
    assert (finding.code, finding.values["detail"]) == ("not-verified", "Input/output error")
    assert summary(look(view_of(PAGE_AND_LIST, list_of(entry(PAGE)), pages={PAGE: None}))) == [
        ("not-verified", PAGE)
    ]


def test_an_algorithm_that_this_machine_lacks_does_not_pass() -> None:
    facts = FileFacts(path=PAGE, digests={})
    listed = list_of(entry(PAGE, "3" * 64, "sm3"))
    (finding,) = look(view_of(PAGE_AND_LIST, listed, facts, pages={PAGE: digest_of(PAGE)}))
    assert (finding.code, finding.values["algorithm"]) == ("no-algorithm", "SM3")


@pytest.mark.parametrize("kind", ["bad-line", "outside", "other-algorithm"])
def test_problems_of_a_list_are_told_with_their_line(kind: str) -> None:
    problem = ChecksumProblem(line=5, kind=kind, text="../x")
    (finding,) = look(one_page(entry(PAGE), problems=(problem,)))
    assert (finding.code, finding.subject, finding.values["line"]) == (kind, LIST, 5)


def test_problems_that_are_only_counted() -> None:
    (finding,) = look(one_page(entry(PAGE), more_problems=12))
    assert (finding.code, finding.subject, finding.values["count"]) == ("more-bad-lines", LIST, 12)


def test_pages_media_and_catalogue_are_expected_in_a_list() -> None:
    files = {
        **PAGE_AND_LIST,
        "a/0002.jpg": FileRole.PAGE,
        "a.wav": FileRole.MEDIA,
        "a.xlsx": FileRole.CATALOGUE,
        "bagit.txt": FileRole.IGNORED,
        "x.doc": FileRole.STRAY,
    }
    view = view_of(files, list_of(entry(PAGE)), pages={PAGE: digest_of(PAGE)})
    unlisted = [("unlisted-file", path) for path in ("a.wav", "a.xlsx", "a/0002.jpg")]
    assert summary(look(view)) == unlisted


def test_an_empty_list_verifies_nothing() -> None:
    assert summary(look(one_page())) == [("empty-list", LIST), ("unlisted-file", PAGE)]


def test_a_list_that_was_not_read_is_an_error_and_accuses_no_file() -> None:
    assert summary(look(view_of(PAGE_AND_LIST))) == [("not-read", LIST)]
    broken = FileFacts(path=LIST, problem="Permission denied")
    assert summary(look(view_of(PAGE_AND_LIST, broken))) == [("not-read", LIST)]


def test_a_list_that_was_cut_accuses_no_file() -> None:
    files = {**PAGE_AND_LIST, "a/0002.jpg": FileRole.PAGE}
    view = view_of(files, list_of(entry(PAGE, line=9), is_cut=True), pages={PAGE: digest_of(PAGE)})
    (finding,) = look(view)
    assert (finding.code, finding.values["line"]) == ("cut-list", 9)


def test_thousands_of_findings_are_counted() -> None:
    lists = list_of(*(entry(f"a/{number}.jpg", "0" * 64) for number in range(1500)))
    findings = look(view_of(PAGE_AND_LIST, lists, pages={}))
    assert [finding.code for finding in findings].count("missing-file") == 1000
    (more,) = [finding for finding in findings if finding.code == "unlisted"]
    assert (more.values["count"], more.values["kind"]) == (500, "missing-file")


def test_a_hundred_thousand_entries_are_looked_at_once() -> None:
    paths = [f"a/{number:06d}.jpg" for number in range(100_000)]
    digest = "4" * 64
    files = dict.fromkeys(paths, FileRole.PAGE) | {LIST: FileRole.CHECKSUM}
    facts = [FileFacts(path=path, digests={"md5": "5" * 32}) for path in paths]
    lists = list_of(*(entry(path, "5" * 32, "md5") for path in paths), entry(paths[7], digest))
    view = view_of(files, lists, *facts, pages={paths[7]: "6" * 64})
    started = time.process_time()
    assert summary(look(view)) == [("mismatch", paths[7])]
    assert time.process_time() - started < 60  # seconds, not minutes, on any machine
