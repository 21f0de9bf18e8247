"""A small delivery of paired assistance 对口帮扶: pages, recordings, photographs, a checksum list, slips."""

import hashlib
import io
import struct
import wave
from dataclasses import replace
from pathlib import Path

from _samples.batch import A6, Item, Page, Truth, as_jpeg, colour, first, write_catalogue
from _samples.papers import ACCEPTANCE_MEETING, CADRES, SCHOOL, SUMMARY, TALK
from ybda_qc.synth import draw_page

SOUND = "B481-WS·2023-Y-BGS-0001"
UNASSIGNED = "待定-WS·2023-Y-0001"
WRONG_RETENTION = "B495-WS·2023-D5-BGS-0001"
RECORDING = "B481-LY·2023-Y-0001"
PHOTOGRAPHS = "B481-ZP·2023-Y-0001"


def assistance() -> list[Item]:
    """Items that keep the notice, but for their bookkeeping."""
    return [
        Item(
            code=SOUND,
            paper=CADRES,
            pages=[
                Page(spec=first(CADRES, 31, paper_mm=A6)),
                Page(spec=colour("text", 32, page_number=True, paper_mm=A6)),
            ],
        ),
        Item(
            code=UNASSIGNED,
            paper=SUMMARY,
            pages=[Page(spec=first(SUMMARY, 33, paper_mm=A6))],
            planted=["archival_code/placeholder-fonds"],
        ),
        Item(
            code=WRONG_RETENTION,
            paper=ACCEPTANCE_MEETING,
            recorded=replace(ACCEPTANCE_MEETING, title="[项目验收会议记录"),
            pages=[Page(spec=first(ACCEPTANCE_MEETING, 34, paper_mm=A6))],
            planted=["archival_code/value", "catalogue_fields/title-brackets"],
        ),
    ]


def add_media_and_checksums(folder: Path, truth: Truth) -> None:
    """Add recordings, one of a format not collected, photographs, one of them damaged, and a wrong digest."""
    (folder / RECORDING).mkdir()
    (folder / RECORDING / "0001.wav").write_bytes(_recording())
    (folder / RECORDING / "0002.flac").write_bytes(
        b"fLaC" + struct.pack(">I", 0x80000022) + bytes(34) + b"\xff\xf8"
    )
    truth.plant(f"{RECORDING}/0002.flac", "media_format/not-allowed")
    truth.plant("/", "title_match/not-compared")  # the recording and the photographs
    recording = Item(code=RECORDING, paper=TALK, pages=[Page(spec=colour("text", 1))])
    photographs = Item(code=PHOTOGRAPHS, paper=SCHOOL, pages=[_photograph(35), _photograph(36)])
    _write_photographs(folder / PHOTOGRAPHS, photographs.pages)
    truth.plant(f"{PHOTOGRAPHS}/IMG_0002.jpg", "media_format/incomplete")
    write_catalogue(folder / "目录.xlsx", [*assistance(), recording, photographs])
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    digests = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    }
    wrong = f"{SOUND}/0002.jpg"
    digests[wrong] = hashlib.sha256(b"another scan").hexdigest()
    truth.plant(wrong, "fixity/mismatch")
    lines = [f"{digest}  {path}\n" for path, digest in digests.items()]
    (folder / "移交清单.sha256").write_text("".join(lines), encoding="utf-8")


def _photograph(seed: int) -> Page:
    return Page(spec=colour("photograph", seed, paper_mm=(90.0, 60.0)), dpi=(72, 72))


def _write_photographs(folder: Path, photographs: list[Page]) -> None:
    """The last one lost its lower half in copying, and was closed again by a program that repairs files."""
    folder.mkdir()
    for number, page in enumerate(photographs, start=1):
        data = as_jpeg(draw_page(page.spec).pixels, page)
        if number == len(photographs):
            data = data[: len(data) // 2] + b"\xff\xd9"
        (folder / f"IMG_{number:04d}.jpg").write_bytes(data)


def _recording() -> bytes:
    """A tenth of a second of silence, 48 kHz, 24 bits."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(3)
        sound.setframerate(48_000)
        sound.writeframes(bytes(3 * 4800))
    return buffer.getvalue()
