"""Is this machine fit: what is there, what is missing, how to get it."""

import os
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import dataclass, field
from enum import StrEnum
from importlib import metadata
from pathlib import Path

from ybda_qc.engine.executors.process import default_workers
from ybda_qc.imaging.direction import load_network
from ybda_qc.model import Scalar
from ybda_qc.ocr.tesseract_engine import installed_languages, installed_version

_LEAST_FREE_GB = 2.0
_LEAST_GB_PER_WORKER = 1.0
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "firefox", "microsoft-edge")
_PACKAGES = (
    "simplejpeg",
    "imagecodecs",
    "Pillow",
    "opencv-python-headless",
    "pypdfium2",
    "pypdf",
    "onnxruntime",
    "rapidocr",
    "pikepdf",
)
_GIGABYTE = 1 << 30


class Health(StrEnum):
    """How a part of the machine is."""

    GOOD = "good"
    OPTIONAL = "optional"  # missing, and not needed for the main job
    BAD = "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What was found about one part and what to do; templates with fields, translated when shown."""

    part: str
    health: Health
    template: str
    values: dict[str, Scalar] = field(default_factory=dict)
    advice: str = ""


def examine_machine(folder: Path) -> tuple[Diagnosis, ...]:
    """Look at the machine; `folder` is where reports would be written."""
    return (
        _python(),
        *_packages(),
        _opencv_alone(),
        _network(),
        _database(),
        _disk(folder),
        _memory(),
        _tesseract(),
        _fonts(),
        _browser(),
    )


def _python() -> Diagnosis:
    version = ".".join(map(str, sys.version_info[:3]))
    return Diagnosis(part="Python", health=Health.GOOD, template="{version}", values={"version": version})


def _packages() -> list[Diagnosis]:
    found = []
    for package in _PACKAGES:
        try:
            version = metadata.version(package)
        except metadata.PackageNotFoundError:
            found.append(
                Diagnosis(
                    part=package,
                    health=Health.BAD,
                    template="not installed",
                    advice="install ybda-qc again with pip",
                )
            )
        else:
            found.append(
                Diagnosis(part=package, health=Health.GOOD, template="{version}", values={"version": version})
            )
    return found


def _opencv_alone() -> Diagnosis:
    """The GUI build of OpenCV installs into the same folder and overwrites the headless one."""
    rivals = [name for name in ("opencv-python", "opencv-contrib-python") if _is_installed(name)]
    if not rivals:
        return Diagnosis(part="OpenCV", health=Health.GOOD, template="only the headless build is installed")
    return Diagnosis(
        part="OpenCV",
        health=Health.BAD,
        template="{rivals} stands in the same place as the headless build",
        values={"rivals": ", ".join(rivals)},
        advice="uninstall it, then install opencv-python-headless again",
    )


def _is_installed(package: str) -> bool:
    try:
        metadata.version(package)
    except metadata.PackageNotFoundError:
        return False
    return True


def _network() -> Diagnosis:
    """The network that reads the orientation of a page: it ships in the package, and must run."""
    part = "orientation network"
    try:
        load_network()
    except Exception as error:  # noqa: BLE001 - the library raises errors of its own, whatever is wrong
        return Diagnosis(
            part=part,
            health=Health.BAD,
            template="cannot be loaded: {cause}",
            values={"cause": f"{type(error).__name__}: {error}"},
            advice="install ybda-qc again with pip",
        )
    return Diagnosis(part=part, health=Health.GOOD, template="can be loaded")


def _database() -> Diagnosis:
    return Diagnosis(
        part="SQLite", health=Health.GOOD, template="{version}", values={"version": sqlite3.sqlite_version}
    )


def _disk(folder: Path) -> Diagnosis:
    free = shutil.disk_usage(folder).free / _GIGABYTE
    enough = free >= _LEAST_FREE_GB
    return Diagnosis(
        part="disk",
        health=Health.GOOD if enough else Health.BAD,
        template="{free:.1f} GB free in {folder}",
        values={"free": free, "folder": str(folder)},
        advice="" if enough else "make room, or write reports elsewhere with --out",
    )


def _memory() -> Diagnosis:
    workers = default_workers()
    if not hasattr(os, "sysconf") or "SC_PHYS_PAGES" not in os.sysconf_names:
        return Diagnosis(part="memory", health=Health.OPTIONAL, template="not known on this system")
    total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / _GIGABYTE
    enough = total >= workers * _LEAST_GB_PER_WORKER
    return Diagnosis(
        part="memory",
        health=Health.GOOD if enough else Health.BAD,
        template="{total:.1f} GB for {workers} workers",
        values={"total": total, "workers": workers},
        advice="" if enough else "use fewer workers with --jobs",
    )


def _tesseract() -> Diagnosis:
    """The second engine that reads text, and its languages."""
    version = installed_version()
    if version is None:
        return Diagnosis(
            part="tesseract",
            health=Health.OPTIONAL,
            template="not installed; rapidocr reads text without it",
            advice="Debian: apt-get install tesseract-ocr tesseract-ocr-chi-sim",
        )
    languages = installed_languages()
    if "chi_sim" not in languages:
        return Diagnosis(
            part="tesseract",
            health=Health.OPTIONAL,
            template="{version}, without simplified Chinese",
            values={"version": version},
            advice="Debian: apt-get install tesseract-ocr-chi-sim",
        )
    return Diagnosis(
        part="tesseract",
        health=Health.GOOD,
        template="{version} with {languages}",
        values={"version": version, "languages": ", ".join(sorted(languages))},
    )


def _fonts() -> Diagnosis:
    """Chinese fonts: reports are read in a browser of this machine."""
    lister = shutil.which("fc-list")
    if lister is None:
        return Diagnosis(part="Chinese fonts", health=Health.OPTIONAL, template="not known on this system")
    listed = subprocess.run([lister, ":lang=zh", "family"], capture_output=True, check=False)  # noqa: S603
    names = sorted({line.split(b",")[0].decode(errors="replace") for line in listed.stdout.splitlines()})
    if names:
        return Diagnosis(
            part="Chinese fonts", health=Health.GOOD, template="{name}", values={"name": names[0]}
        )
    return Diagnosis(
        part="Chinese fonts",
        health=Health.OPTIONAL,
        template="none; Chinese reports can be read on another machine",
        advice="Debian: apt-get install fonts-noto-cjk",
    )


def _browser() -> Diagnosis:
    found = next((path for name in _BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        return Diagnosis(
            part="browser",
            health=Health.OPTIONAL,
            template="none found; report.html can be read on another machine",
            advice="Debian: apt-get install chromium",
        )
    return Diagnosis(part="browser", health=Health.GOOD, template="{path}", values={"path": found})
