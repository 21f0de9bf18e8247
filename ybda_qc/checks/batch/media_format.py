"""Formats of photographs 照片, audio 录音 and video 录像, told by content."""

from collections.abc import Iterable, Iterator
from typing import Final

from pydantic import Field

from ybda_qc.checks._base import BatchCheck, BatchView, Method, about
from ybda_qc.checks._limits import Below, Code, Flag, Limits
from ybda_qc.checks._listing import UNLISTED, first_pages, listed
from ybda_qc.checks._records import name_of
from ybda_qc.model import (
    MEDIA_FORMATS,
    BatchFile,
    FileFacts,
    FileRole,
    Finding,
    Item,
    MediaCategory,
    NotApplicable,
    Unit,
    stored,
)

_OF_CODE: Final = {  # the categories 门类 of archival codes that hold media
    "ZP": MediaCategory.PHOTOGRAPHS,
    "LY": MediaCategory.AUDIO,
    "LX": MediaCategory.VIDEO,
}


class AllowedMedia(Flag):
    """The formats that media may have, by what they are; any other is the defect."""

    photographs: tuple[str, ...] = Field(description="of JPEG, TIFF, RAW (of any camera), DNG, HEIC, PNG ...")
    audio: tuple[str, ...] = Field(description="of WAV, MP3, FLAC, AAC, M4A, WMA ...")
    video: tuple[str, ...] = Field(description="of MP4, MOV, MXF, AVI, WMV, MKV ...")


class MediaFormatCheck(BatchCheck):
    """Photographs, audio and video are whole files of allowed formats, named for what they hold.

    Why: an archive keeps what it can still open in decades. A name proves nothing: a film that was renamed is
    still the film it was, and a recording that was cut off while copying looks whole in every list of files.
    Photographs in JPEG, TIFF, PNG, BMP and JPEG 2000 are decoded to the last pixel; of audio, video and raw
    files of cameras the structure is read.

    Remedy: ask for the recording as it left the camera or recorder, or for an export in the format agreed. Do
    not rename one format to another. Copy again what ends too early; where the original was never closed, let
    the maker's tool repair it and keep both.
    """

    id = "media_format"
    title = "Media format"
    version = 3
    reads_files = frozenset({FileRole.MEDIA})
    codes = (
        Code(
            name="not-allowed",
            title="media formats not allowed",
            template="{path} holds {format}, which is not among the formats allowed: {allowed}",
            limits=AllowedMedia,
        ),
        Code(
            name="wrong-extension",
            title="media named for another format",
            template="{path} holds {format}; its name tells something else",
            limits=Flag,
        ),
        Code(
            name="unknown-content",
            title="media of unknown content",
            template="{path} holds no photograph, audio or video of a known format",
            limits=Flag,
        ),
        Code(name="empty-file", title="empty media files", template="{path} is empty", limits=Flag),
        Code(
            name="incomplete",
            title="media files that end too early",
            template="{path} ends before its {format} content does",
            limits=Flag,
        ),
        Code(
            name="unfinished",
            title="media files that were never closed",
            template="{path} was never written to its end: as {format} it lacks its {part}",
            limits=Flag,
        ),
        Code(
            name="damaged",
            title="photographs that cannot be decoded",
            template="{path} cannot be decoded as {format}: {detail}",
            limits=Flag,
        ),
        Code(
            name="unverified",
            title="photographs whose soundness could not be verified",
            template="whether {path} is sound as {format} could not be verified: {detail}",
            limits=Flag,
        ),
        Code(
            name="other-category",
            title="media in items of another category",
            template="{path} holds {format}, but the category of its item is {category}",
            limits=Flag,
        ),
        Code(
            name="sample-rate",
            title="audio of low sampling rate",
            template="{path} has {value:g} samples a second, fewer than {limit:g}",
            limits=Below,
        ),
        Code(
            name="sample-bits",
            title="audio of few bits a sample",
            template="{path} has {value:g} bits a sample, fewer than {limit:g}",
            limits=Below,
        ),
        Code(
            name="not-read",
            title="media files that could not be read",
            template="{path} could not be read: {detail}",
            limits=Flag,
        ),
        UNLISTED,
    )

    def inspect(self, view: BatchView, method: Method, limits: Limits) -> Iterable[Finding] | NotApplicable:  # noqa: ARG002
        """Judge what was read of each medium, and the pages that stand in items of photographs."""
        categories = {item.code: _category(view, item) for item in view.batch.items}
        media = [file for file in view.batch.files if file.role is FileRole.MEDIA]
        photographs = {
            file.path
            for file in view.batch.files
            if file.role is FileRole.PAGE and categories.get(file.item or "") == "ZP"
        }
        if not media and not photographs:
            return NotApplicable(reason="the batch holds no photographs, audio or video")
        return listed(_findings(view, media, photographs, categories, limits), limits)


def _category(view: BatchView, item: Item) -> str:
    """The category 门类 in the code of an item; empty where it has none."""
    reading = view.read_code(name_of(item))
    return reading.code.parts.get("category", "") if reading is not None and reading.code is not None else ""


def _findings(
    view: BatchView,
    media: list[BatchFile],
    photographs: set[str],
    categories: dict[str, str],
    limits: Limits,
) -> Iterator[Finding]:
    for file in media:
        facts = view.file_facts(file.path)
        yield from about(_of_file(facts, file, categories.get(file.item or "", ""), limits), file.path)
    for page in view.pages() if photographs else ():
        path = page.page.path
        format_name = page.text("file_format", "format")
        if path in photographs and format_name and page.page.frame == 1:
            yield from about(_not_allowed(path, format_name, limits), path, first_pages([path]))


def _of_file(facts: FileFacts | None, file: BatchFile, category: str, limits: Limits) -> Iterator[Finding]:
    path = file.path
    if facts is None or facts.problem:
        reason = facts.problem if facts is not None else stored("it was not read in this run")
        yield from limits.flag("not-read", path=path, detail=reason)
    elif not facts.format:
        yield from limits.flag("empty-file" if facts.is_cut else "unknown-content", path=path)
    else:
        yield from _of_content(facts, category, limits)


def _of_content(facts: FileFacts, category: str, limits: Limits) -> Iterator[Finding]:
    path, name = facts.path, facts.format
    yield from _not_allowed(path, name, limits)
    if path.rpartition(".")[2].lower() not in MEDIA_FORMATS[name].extensions:
        yield from limits.flag("wrong-extension", path=path, format=name)
    if facts.is_cut:
        yield from limits.flag("incomplete", path=path, format=name)
    elif facts.lacks:
        yield from limits.flag("unfinished", path=path, format=name, part=facts.lacks)
    if facts.damage:
        yield from limits.flag("damaged", path=path, format=name, detail=facts.damage)
    elif facts.doubt:
        yield from limits.flag("unverified", path=path, format=name, detail=facts.doubt)
    expected = _OF_CODE.get(category)
    if expected is not None and MEDIA_FORMATS[name].category is not expected:
        yield from limits.flag("other-category", path=path, format=name, category=category)
    if facts.sample_rate_hz:
        yield from limits.grade("sample-rate", float(facts.sample_rate_hz), unit=Unit.HERTZ, path=path)
    if facts.sample_bits:
        yield from limits.grade("sample-bits", float(facts.sample_bits), unit=Unit.BIT, path=path)


def _not_allowed(path: str, name: str, limits: Limits) -> Iterator[Finding]:
    medium = MEDIA_FORMATS.get(name)
    # What else a page of photographs may be stored as, a PDF for one, is no medium of its own.
    category = medium.category if medium is not None else MediaCategory.PHOTOGRAPHS
    names = {name, medium.family if medium is not None else ""}
    allowed: tuple[str, ...] = getattr(limits["not-allowed"], category)
    if names.isdisjoint(allowed):
        yield from limits.flag("not-allowed", path=path, format=name, allowed=", ".join(allowed))
