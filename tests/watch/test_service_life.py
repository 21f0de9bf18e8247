"""The service as a real process: what comes into the folder over its life, and how that life ends."""

import json
import random
import shutil
import signal
import time
from collections import Counter
from pathlib import Path

from tests.watch.conftest import MakeService
from tests.watch.station import STATION, Service, digest, files_of, made_elsewhere, same_as_run, scan


def test_a_day_at_the_station(serve: MakeService, inbox: Path, profile: Path, tmp_path: Path) -> None:
    there = scan(inbox / "A" / "0001.tif", 1)
    service = serve()
    service.until_answered("A/0001.tif")
    _scanners_are_slow(service, tmp_path)
    _files_change(service, there)
    _items_are_closed(service)
    before = files_of(inbox)
    assert service.stop(to_all=True) == 0
    assert service.errors == ""
    assert service.lines()[-1]["kind"] == "stopped"
    assert files_of(inbox) == before
    same_as_run(service, profile, tmp_path)


def _scanners_are_slow(service: Service, tmp_path: Path) -> None:
    """One closes the file in between, one keeps it open, one renames it at last."""
    inbox = service.inbox
    data = made_elsewhere(tmp_path, 2)
    for start in range(0, len(data), len(data) // 5):
        with (inbox / "A" / "0002.tif").open("ab") as stream:
            stream.write(data[start : start + len(data) // 5])
        time.sleep(0.3)
    data = made_elsewhere(tmp_path, 3, name="scan.png")
    with (inbox / "A" / "0003.png").open("wb") as stream:
        for start in range(0, len(data), len(data) // 4):
            stream.write(data[start : start + len(data) // 4])
            stream.flush()
            time.sleep(0.3)
    part = inbox / "A" / "0004.tif.part"
    part.write_bytes(made_elsewhere(tmp_path, 4, turned=6))
    part.rename(inbox / "A" / "0004.tif")
    service.until_answered("A/0002.tif", "A/0003.png", "A/0004.tif")
    pages = {line["path"]: line for line in service.lines("page")}
    assert Counter(line["path"] for line in service.lines("page")) == Counter(list(pages)), (
        "each is read once"
    )
    assert {path: line["sha256"] for path, line in pages.items()} == {
        path: digest(inbox / path) for path in files_of(inbox)
    }
    assert pages["A/0001.tif"]["seconds"] is None
    assert pages["A/0002.tif"]["seconds"] > 0
    assert [finding["check"] for finding in pages["A/0004.tif"]["findings"]] == ["skew"]
    assert pages["A/0004.tif"]["findings"][0]["remedy"]


def _files_change(service: Service, there: Path) -> None:
    """Scanned again, renamed, copied, removed."""
    inbox = service.inbox
    old = digest(there)
    scan(there, 11)
    service.until_answered("A/0001.tif")
    replaced, answered = service.lines("page", "file-replaced")[-2:]
    assert (replaced["kind"], replaced["path"]) == ("file-replaced", "A/0001.tif")
    assert (answered["was"], answered["sha256"]) == (old, digest(there))
    (inbox / "A" / "0004.tif").rename(inbox / "A" / "0005.tif")
    shutil.copyfile(there, inbox / "A" / "0004.tif")
    scan(inbox / "B" / "0001.tif", 5)
    scan(inbox / "B" / "0002.tif", 6)
    service.until_answered("A/0004.tif", "A/0005.tif", "B/0001.tif", "B/0002.tif")
    (renamed,) = service.lines("file-renamed")
    assert (renamed["path"], renamed["other"]) == ("A/0005.tif", "A/0004.tif")
    (inbox / "B" / "0002.tif").unlink()
    service.until(lambda: service.subjects("file-removed") == ["B/0002.tif"], "not removed")


def _items_are_closed(service: Service) -> None:
    """One by its marker, the other by rest; a page more opens it, and a marker closes it again."""
    inbox = service.inbox
    (inbox / "A" / "扫描完成.done").touch()
    service.until(lambda: set(service.subjects("item-closed")) == {"A", "B"}, "not closed")
    closed = {line["subject"]: line for line in service.lines("item-closed")}
    assert closed["B"]["by"] == "rest"
    service.until_reported()
    document = service.item("A")
    assert document["pages"] == [page for page in service.pages() if page["item"] == "A"]
    assert [page["path"] for page in document["pages"]] == [p for p in files_of(inbox) if p.startswith("A/")]
    assert document["decision"]["outcome"] == closed["A"]["outcome"]
    assert len(service.item("B")["pages"]) == 1
    scan(inbox / "A" / "0006.tif", 7)
    service.until(lambda: "A" in service.subjects("item-reopened"), "not opened")
    (inbox / "A" / "2.done").touch()
    service.until(lambda: len(service.item("A")["pages"]) == 6, "not closed again")
    service.until(lambda: [line["by"] for line in service.lines("item-closed")][-1] == "marker", "by whom?")


def test_the_profile_is_read_anew(serve: MakeService, inbox: Path, profile: Path, tmp_path: Path) -> None:
    for number in range(4):
        scan(inbox / "A" / f"{number:04d}.tif", number, turned=number)
    service = serve()
    service.until_reported()
    assert "pass" not in {page["verdict"] for page in service.pages()[3:]}
    measured = service.query("SELECT count(*) FROM measured")
    assert measured[0][0] > 0

    profile.write_text(STATION + "[checks.skew.over-limit]\nfail = 'steep'\n", encoding="utf-8")
    service.send(signal.SIGHUP)
    service.until(lambda: service.lines("trouble"), "a wrong profile is passed over in silence")
    assert service.lines("reloaded") == []
    assert "steep" in service.messages()
    scan(inbox / "A" / "0004.tif", 4)
    service.until_answered("A/0004.tif")  # by the profile as it was

    service.until_reported()
    measured = service.query("SELECT count(*) FROM measured")
    profile.write_text(
        STATION + "[checks.skew.over-limit]\nreview = 40\nfail = 41\n"
        'source = "project-choice"\nclause = "a test"\n',
        encoding="utf-8",
    )
    service.send(signal.SIGHUP)
    service.until(lambda: service.lines("reloaded"), "not reloaded")
    service.until(
        lambda: {page["verdict"] for page in service.pages()} == {"pass", "note"},
        "the new limits do not hold",
    )
    assert service.query("SELECT count(*) FROM measured") == measured, "nothing is measured twice"
    assert service.stop() == 0
    assert service.errors == ""
    same_as_run(service, profile, tmp_path)


def test_killed_again_and_again(serve: MakeService, inbox: Path, profile: Path, tmp_path: Path) -> None:
    chance = random.Random(6)
    service = serve()
    count = 0
    for _ in range(5):
        for _ in range(4):
            count += 1
            scan(inbox / f"{count % 3}" / f"{count:04d}.tif", count)
        victim = inbox / "0" / "0003.tif"
        if victim.exists():
            scan(victim, 100 + count)
        time.sleep(chance.uniform(0.0, 1.5))
        service.kill()
        service.start(wait=False)
    service.until(lambda: len(service.lines("started")) > 1, "not started")
    paths = files_of(inbox)
    service.until_answered(*paths)
    service.until_reported()
    assert service.current() == {path: [(1, digest(inbox / path))] for path in paths}
    events = service.query("SELECT document FROM event WHERE kind = 'page' ORDER BY id")
    told = [json.loads(document) for (document,) in events]
    assert {event["path"] for event in told} == set(paths)
    assert [e["sha256"] for e in told if e["path"] == "0/0003.tif"][-1] == digest(inbox / "0" / "0003.tif")
    service.until(lambda: {"0", "1", "2"} <= set(service.subjects("item-closed")), "not closed")
    assert service.stop() == 0
    same_as_run(service, profile, tmp_path)


def test_a_page_is_kept_from_one_life_to_the_next(serve: MakeService, inbox: Path, tmp_path: Path) -> None:
    scan(inbox / "A" / "0001.tif", 1)
    (inbox / "A" / "ok.done").touch()
    service = serve()
    service.until_reported()
    service.until(lambda: service.subjects("item-closed") == ["A"], "not closed")
    assert service.stop(signal.SIGINT) == 130
    assert "run again to go on" in service.errors
    assert "Traceback" not in service.errors

    service.start()
    scan(inbox / "B" / "0001.tif", 2)
    service.until_answered("B/0001.tif")
    assert [line["path"] for line in service.lines("page")] == ["A/0001.tif", "B/0001.tif"]
    assert service.subjects("item-reopened") == []

    second = Service(inbox, service.out, "--profile", str(tmp_path / "station.toml"))
    second.start(wait=False)
    try:
        assert second.process.wait(timeout=120) == 4
    finally:
        second.end()
    assert str(service.out) in second.errors
    assert "another" in second.errors
    assert "Traceback" not in second.errors
    assert service.stop(signal.SIGINT, to_all=True) == 130
    kinds = Counter(kind for (kind,) in service.query("SELECT kind FROM event"))
    assert kinds["page"] == 2, "each verdict is told once, over both lives"


def test_an_item_that_is_emptied_before_a_kill_has_no_report(serve: MakeService, inbox: Path) -> None:
    service = serve()
    for item in ("A", "B"):
        scan(inbox / item / "0001.tif", ord(item))
    service.until(lambda: sorted(service.subjects("item-closed")) == ["A", "B"], "not closed")
    report = service.out / "A.qc.json"
    assert report.is_file()
    (inbox / "A" / "0001.tif").unlink()
    taken = "SELECT count(*) FROM taken_file WHERE path = ?"
    service.until(lambda: service.query(taken, "A/0001.tif") == [(0,)], "not forgotten")
    service.kill()
    service.start()
    service.until(lambda: not report.exists(), "left lying")
    assert (service.out / "B.qc.json").is_file()
    assert service.stop() == 0
