"""Facts of files come back as they were put, and go with their run."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.store import ledger_values as some
from tests.store.test_pruning import count
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
