"""What watching a folder stands on."""

import shutil
from pathlib import Path

from tests.watch.watched import Watched
from ybda_qc.store import LEDGER_NAME
from ybda_qc.watch.opening import open_inbox


def test_a_ledger_is_known_by_its_run_wherever_it_lies(tmp_path: Path) -> None:
    before = tmp_path / "before"
    before.mkdir()
    places = [tmp_path / name for name in ("one", "other")]
    for place in places:
        place.mkdir()
    other = Watched(places[1])
    open_inbox(other.config, jobs=1, lang="en").close()
    opened = open_inbox(Watched(places[0]).config, jobs=1, lang="en")
    ledger = opened.behind.out / LEDGER_NAME
    try:
        assert opened.has_its_ledger()
        for file in opened.behind.out.glob(f"{LEDGER_NAME}*"):  # with its log
            file.rename(before / file.name)
        assert not opened.has_its_ledger()
        shutil.copy(other.out / LEDGER_NAME, ledger)
        assert not opened.has_its_ledger()
        ledger.write_bytes(b"no ledger at all")
        assert not opened.has_its_ledger()
        for file in before.iterdir():
            file.rename(ledger.with_name(file.name))
        assert opened.has_its_ledger()
    finally:
        opened.close()
