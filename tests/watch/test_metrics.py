"""What is counted, as Prometheus reads it."""

import sys
from dataclasses import replace

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.watch.told import GONE, file_news, item_news, page_news, service_news, station_news
from ybda_qc import __version__
from ybda_qc.model import Outcome
from ybda_qc.model.watching import EventKind
from ybda_qc.watch.delivery import Delivered, DeliveryFailed, DeliveryLag, DeliveryRefused
from ybda_qc.watch.metrics import Metrics


def _inbox_first(label: tuple[str, str]) -> bool:
    return label[0] != "inbox"


def figures(metrics: Metrics) -> dict[tuple[str, ...], float]:
    """Name and values of the labels -> value."""
    text, kind = metrics.exposition()
    assert kind.startswith("text/plain")
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items(), key=_inbox_first))): sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }


def test_pages() -> None:
    metrics = Metrics()
    for news in (page_news(), page_news(seconds=1.8), page_news(bad=True, seconds=None), page_news("乙")):
        metrics.hear(news)
    found = figures(metrics)
    assert found["ybda_qc_pages_total", "in", "pass"] == 2
    assert found["ybda_qc_pages_total", "in", "fail"] == 1
    assert found["ybda_qc_pages_total", "乙", "pass"] == 1
    assert found["ybda_qc_page_verdict_seconds_count", "in"] == 2, "a page that lay there has no time"
    assert found["ybda_qc_page_verdict_seconds_sum", "in"] == pytest.approx(2.2)
    assert found["ybda_qc_page_verdict_seconds_bucket", "in", "2.0"] == 2
    assert found["ybda_qc_page_verdict_seconds_bucket", "in", "1.5"] == 1
    assert max(float(key[2]) for key in found if "bucket" in key[0] and key[2] != "+Inf") == 60


def test_a_page_whose_text_was_read_later_counts_once() -> None:
    metrics = Metrics()
    metrics.hear(page_news(seconds=None))
    metrics.hear(replace(page_news(seconds=None, bad=True), is_told_again=True))
    counted = {key: value for key, value in figures(metrics).items() if key[0] == "ybda_qc_pages_total"}
    assert counted == {("ybda_qc_pages_total", "in", "pass"): 1}


def test_how_things_stand() -> None:
    metrics = Metrics()
    metrics.hear(station_news())
    found = figures(metrics)
    assert found["ybda_qc_queued_pages", "in"] == 3
    assert found["ybda_qc_unread_pages", "in"] == 7
    assert found["ybda_qc_waiting_files", "in"] == 2
    assert found["ybda_qc_waiting_oldest_seconds", "in"] == 40
    assert found["ybda_qc_taken_files", "in"] == 120
    assert found["ybda_qc_open_items", "in"] == 2
    assert found["ybda_qc_trouble", "in"] == 0
    assert found["ybda_qc_last_news_timestamp_seconds", "in"] > 1.7e9
    metrics.hear(station_news(trouble=GONE))
    assert figures(metrics)["ybda_qc_trouble", "in"] == 1


def test_items_and_files() -> None:
    metrics = Metrics()
    metrics.hear(item_news())
    metrics.hear(item_news(outcome=Outcome.ACCEPT))
    metrics.hear(item_news(EventKind.ITEM_UPDATED))
    for kind in (EventKind.FILE_REPLACED, EventKind.FILE_REPLACED, EventKind.FILE_REMOVED):
        metrics.hear(file_news(kind))
    found = figures(metrics)
    assert found["ybda_qc_items_closed_total", "in", "reject"] == 1
    assert found["ybda_qc_items_closed_total", "in", "accept"] == 1
    assert found["ybda_qc_file_changes_total", "in", "replaced"] == 2
    assert found["ybda_qc_file_changes_total", "in", "removed"] == 1


def test_restarts_of_workers_only_grow() -> None:
    metrics = Metrics()
    for told in (1, 1, 3, 0, 2):  # after three the station is started again
        metrics.hear(station_news(restarts=told))
    assert figures(metrics)["ybda_qc_worker_restarts_total", "in"] == 5


def test_trouble_of_the_whole_service() -> None:
    metrics = Metrics()
    metrics.hear(service_news(EventKind.TROUBLE))
    assert figures(metrics)["ybda_qc_trouble", ""] == 1
    metrics.hear(service_news(EventKind.RECOVERED))
    assert figures(metrics)["ybda_qc_trouble", ""] == 0


def test_a_folder_that_is_no_longer_watched_leaves_only_counts() -> None:
    metrics = Metrics()
    metrics.hear(page_news())
    metrics.hear(station_news(trouble=GONE))
    metrics.hear(service_news(EventKind.STOPPED, "in"))
    names = {key[0] for key in figures(metrics) if "in" in key[1:]}
    assert "ybda_qc_pages_total" in names
    assert not names & {"ybda_qc_trouble", "ybda_qc_queued_pages", "ybda_qc_waiting_oldest_seconds"}


def test_reloading_forgets_how_things_stood() -> None:
    metrics = Metrics()
    metrics.hear(station_news("a", trouble=GONE, restarts=2))
    metrics.hear(service_news(EventKind.TROUBLE))
    metrics.hear(service_news(EventKind.RELOADED))
    metrics.hear(station_news("b"))
    found = figures(metrics)
    assert {key[1] for key in found if key[0] == "ybda_qc_trouble"} == {"b"}
    assert found["ybda_qc_worker_restarts_total", "a"] == 2


def test_deliveries() -> None:
    metrics = Metrics()
    metrics.hear_delivery(DeliveryLag(inbox="in", waiting=4, seconds=12.5))
    metrics.hear_delivery(Delivered(inbox="in", event=1))
    metrics.hear_delivery(DeliveryFailed(inbox="in", event=2, tries=1, delay=1, message=GONE))
    metrics.hear_delivery(DeliveryRefused(inbox="in", event=2, tries=8, message=GONE))
    found = figures(metrics)
    assert found["ybda_qc_webhook_waiting_events", "in"] == 4
    assert found["ybda_qc_webhook_lag_seconds", "in"] == 12.5
    for name in ("sent", "failed", "refused"):
        assert found[f"ybda_qc_webhook_{name}_total", "in"] == 1


def test_the_process_and_the_build() -> None:
    found = figures(Metrics())
    (build,) = (key for key in found if key[0] == "ybda_qc_build_info")
    assert __version__ in build
    if sys.platform == "linux":
        assert found[("process_resident_memory_bytes",)] > 1e6


def test_the_newer_text_format_is_spoken_too() -> None:
    text, kind = Metrics().exposition("application/openmetrics-text; version=1.0.0")
    assert kind.startswith("application/openmetrics-text")
    assert text.endswith(b"# EOF\n")
