"""A folder, a profile, and services that watch the one by the other."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.watch.station import STATION, Service
from tests.watch.watched import Watched

MakeService = Callable[..., Service]
MakeWatched = Callable[..., Watched]


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "收件"
    folder.mkdir()
    return folder


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    file = tmp_path / "station.toml"
    file.write_text(STATION, encoding="utf-8")
    return file


@pytest.fixture
def serve(tmp_path: Path, inbox: Path, profile: Path) -> Iterator[MakeService]:
    made: list[Service] = []

    def make(
        *arguments: str, out: Path | None = None, wait: bool = True, plugins: Path | None = None
    ) -> Service:
        words = ("--profile", str(profile), *arguments)
        service = Service(inbox, out or tmp_path / "qc", *words, plugins=plugins)
        made.append(service)
        service.start(wait=wait)
        return service

    yield make
    for service in made:
        service.end()


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[MakeWatched]:
    """Make folders that are watched; what still runs is ended after the test."""
    made: list[Watched] = []

    def make(**options: Any) -> Watched:
        watched = Watched(tmp_path, **options)
        watched.start()
        made.append(watched)
        return watched

    yield make
    for watched in made:
        watched.stop(in_order=False)
