"""Whether the service is well, and since when not."""

from tests.watch.told import GONE, service_news, station_news
from ybda_qc import __version__
from ybda_qc.model.watching import EventKind
from ybda_qc.watch.health import LATE_SECONDS, Health
from ybda_qc.watch.news import Message


class Clock:
    """A clock that stands until it is moved."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_all_is_well() -> None:
    health = Health(Clock())
    health.hear(station_news("甲"))
    is_well, told = health.report()
    assert is_well
    assert (told["status"], told["version"], told["service"]) == ("ok", __version__, None)
    (state,) = told["inboxes"].values()  # type: ignore[attr-defined]
    assert (state["status"], state["trouble"]) == ("ok", None)


def test_trouble_names_its_cause_and_keeps_its_beginning() -> None:
    health = Health(Clock())
    health.hear(station_news("a", trouble=GONE))
    health.hear(station_news("b"))
    is_well, told = health.report()
    assert not is_well
    states = told["inboxes"]
    assert isinstance(states, dict)
    assert states["a"]["trouble"] == "the folder /srv/收件 is not there"
    assert states["b"]["status"] == "ok"
    health.hear(station_news("a", trouble=Message(template="the disk is full")))
    changed = health.report()[1]["inboxes"]
    assert isinstance(changed, dict)
    assert changed["a"]["trouble"] == "the disk is full"
    assert changed["a"]["since"] == states["a"]["since"]
    health.hear(station_news("a"))
    assert health.report()[0]


def test_trouble_of_the_service() -> None:
    health = Health(Clock())
    health.hear(service_news(EventKind.TROUBLE))
    is_well, told = health.report()
    assert not is_well
    assert isinstance(told["service"], dict)
    assert told["service"]["status"] == "trouble"
    health.hear(service_news(EventKind.RECOVERED))
    assert health.report()[0]


def test_a_folder_that_is_no_longer_watched_is_forgotten() -> None:
    health = Health(Clock())
    health.hear(station_news("a", trouble=GONE))
    health.hear(service_news(EventKind.STOPPED, "a"))
    assert health.report()[0]
    assert health.report()[1]["inboxes"] == {}


def test_a_loop_that_hangs_is_trouble() -> None:
    clock = Clock()
    health = Health(clock)
    clock.now += LATE_SECONDS - 1
    assert health.report()[0]
    clock.now += 2
    is_well, told = health.report()
    assert not is_well
    assert told["loop"] == {"seconds_since_turn": LATE_SECONDS + 1, "hangs": True}
    health.beat()
    assert health.report()[0]


def test_a_folder_over_one_trouble_tells_itself_whether_it_has_others() -> None:
    health = Health(Clock())
    health.hear(station_news("a", trouble=GONE))
    health.hear(service_news(EventKind.RECOVERED, "a"))
    assert not health.report()[0]
    health.hear(station_news("a"))
    assert health.report()[0]


def test_reloading_forgets_what_was() -> None:
    health = Health(Clock())
    health.hear(station_news("a", trouble=GONE))
    health.hear(service_news(EventKind.TROUBLE))
    health.hear(service_news(EventKind.RELOADED))
    assert health.report()[0]
