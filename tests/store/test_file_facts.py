"""Facts of files come back as they were put, and go with their run."""

import sqlite3

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.store import ledger_values as some
from tests.store.test_pruning import contents, count, results
from ybda_qc.model import ChecksumEntry, ChecksumList, ChecksumProblem, FileFacts

TEXT = st.text(st.characters(blacklist_categories=["Cs"]), max_size=8)
ENTRIES = st.builds(ChecksumEntry, line=st.integers(1, 9), path=TEXT, algorithm=TEXT, digest=TEXT)
PROBLEMS = st.builds(ChecksumProblem, line=st.integers(1, 9), kind=TEXT, text=TEXT)
LISTS = st.builds(
    ChecksumList,
    entries=st.lists(ENTRIES, max_size=3).map(tuple),
    problems=st.lists(PROBLEMS, max_size=3).map(tuple),
    more_problems=st.integers(0, 9),
    is_cut=st.booleans(),
)
FACTS = st.builds(
    FileFacts,
    path=st.just("a.md5"),
    size_bytes=st.integers(0, 2**40),
    digests=st.dictionaries(TEXT, TEXT, max_size=2),
    checksums=st.none() | LISTS,
    problem=TEXT,
)


@given(facts=FACTS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
def test_facts_come_back_as_they_were_put(ledger, facts):
    run = some.begin(ledger)
    ledger.put_file_facts(run, [FileFacts(path="b.mp4")])
    ledger.put_file_facts(run, [FileFacts(path="a.md5", problem="replaced by the next")])
    ledger.put_file_facts(run, [facts])

    assert ledger.file_facts(run) == {"a.md5": facts, "b.mp4": FileFacts(path="b.mp4")}
    assert ledger.file_facts(run + 1) == {}


def test_facts_of_a_killed_run_go(ledger, tmp_path):
    ledger.put_file_facts(some.begin(ledger), [FileFacts(path="a.md5")])

    some.begin(ledger)

    assert count(tmp_path / "out", "file_facts") == 0


def digests_of(*names: str) -> list[FileFacts]:
    return [
        FileFacts(path=f"{name}.jpg", digests={"md5": name, "sha256": sha256})
        for name, sha256 in zip(names, contents(*names), strict=True)
    ]


def test_digests_are_found_by_content_in_any_run(ledger):
    a, b, c = contents("a", "b", "c")
    ledger.put_file_facts(
        some.begin(ledger), [*digests_of("a", "b"), FileFacts(path="x", digests={"md5": "x"})]
    )

    some.begin(ledger)

    assert ledger.digests([a, c]) == {a: {"md5": "a", "sha256": a}}
    assert set(ledger.digests([a, b, c, a])) == {a, b}


def test_digests_that_the_disk_has_spoilt_are_not_known(ledger, tmp_path):
    [a] = contents("a")
    ledger.put_file_facts(some.begin(ledger), digests_of("a"))
    with sqlite3.connect(tmp_path / "out" / "ledger.sqlite3") as connection:
        connection.execute("UPDATE content_digests SET document = replace(document, '\"a\"', '\"b\"')")
    connection.close()

    assert ledger.digests([a]) == {}


def test_digests_go_with_the_last_page_of_their_content(ledger):
    ledger.put_file_facts(some.begin(ledger), digests_of("a", "b"))

    some.whole_run(ledger, results("a"))

    assert list(ledger.digests(contents("a", "b"))) == contents("a")
