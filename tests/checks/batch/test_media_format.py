from collections.abc import Iterable, Mapping

from tests.checks.batch.memory import ANY, OWN, MemoryView, inspect_batch, make_page, summary
from ybda_qc.catalogue.code_options import CodeOptions, PartOptions, StructureOptions
from ybda_qc.checks._limits import Below
from ybda_qc.checks.batch.media_format import AllowedMedia, MediaFormatCheck
from ybda_qc.intake.grouping import group
from ybda_qc.intake.layout import Layout
from ybda_qc.model import Batch, BatchFile, FileFacts, FileRole, Finding, NotApplicable

CHECK = MediaFormatCheck()
ALLOWED = AllowedMedia(
    verdict="fail",
    source=OWN,
    photographs=("JPEG", "TIFF", "RAW"),
    audio=("WAV", "MP3"),
    video=("MP4", "MOV", "MXF"),
)
CODES = CodeOptions(
    parts={
        "fonds": PartOptions(pattern="[A-Z0-9]{4}", says="4 letters or digits"),
        "category": PartOptions(values=("WS", "ZP", "LY", "LX")),
        "year": PartOptions(pattern="[0-9]{4}", says="a year of 4 digits"),
        "item": PartOptions(pattern="[0-9]{4}", says="4 digits"),
    },
    structures=(StructureOptions(title="any", form="{fonds}-{category}·{year}-{item}"),),
)


def batch_of(media: Iterable[str], pages: Iterable[str] = ()) -> Batch:
    roles = [(path, FileRole.MEDIA) for path in media] + [(path, FileRole.PAGE) for path in pages]
    files = [BatchFile(path=path, size_bytes=9, role=role) for path, role in roles]
    ordered, items = group(files, Layout(ANY))
    return Batch(root="/batch", files=ordered, items=items, strays=())


def view_of(
    contents: Mapping[str, str], pages: Mapping[str, str] | None = None, **facts: object
) -> MemoryView:
    """Media by path and format, with further facts of all of them; pages by path and format."""
    pages = pages or {}
    texts = {path: {("file_format", "format"): name} for path, name in pages.items()}
    return MemoryView(
        batch_of(contents, pages),
        tuple(make_page(path, texts=texts[path]) for path in pages),
        codes=CODES,
        facts={
            path: FileFacts(path=path, size_bytes=9, format=name, **facts)  # type: ignore[arg-type]
            for path, name in contents.items()
        },
    )


def look(view: MemoryView) -> list[Finding]:
    return inspect_batch(
        CHECK,
        view,
        not_allowed=ALLOWED,
        sample_rate=Below(note=44_100, source=OWN),
        sample_bits=Below(note=24, source=OWN),
    )


def look_at(path: str, name: str, **facts: object) -> list[tuple[str, str | None]]:
    return summary(look(view_of({path: name}, **facts)))


def test_a_batch_of_pages_has_no_media() -> None:
    view = view_of({}, {"A001-WS·2022-0001/1.pdf": "PDF"})
    assert isinstance(CHECK.inspect(view, CHECK.method(), None), NotApplicable)  # type: ignore[arg-type]


def test_allowed_formats_under_their_own_names() -> None:
    contents = {
        "a.wav": "WAV",
        "b.MP3": "MP3",
        "c.mp4": "MP4",
        "d.mov": "MOV",
        "e.mxf": "MXF",
        "f.nef": "NEF",
    }
    assert look(view_of(contents)) == []


def test_other_formats_are_named_with_what_is_allowed_of_their_kind() -> None:
    (finding,) = look(view_of({"a.avi": "AVI"}))
    assert (finding.code, finding.subject) == ("not-allowed", "a.avi")
    assert finding.values["allowed"] == "MP4, MOV, MXF"
    (finding,) = look(view_of({"a.flac": "FLAC"}))
    assert finding.values["allowed"] == "WAV, MP3"
    assert look_at("a.heic", "HEIC") == [("not-allowed", "a.heic")]


def test_raw_files_of_one_camera_only() -> None:
    only = ALLOWED.model_copy(update={"photographs": ("DNG",)})
    found = inspect_batch(CHECK, view_of({"a.dng": "DNG", "b.nef": "NEF"}), not_allowed=only)
    assert summary(found) == [("not-allowed", "b.nef")]


def test_a_name_that_tells_another_format() -> None:
    assert look_at("a.wav", "MP3") == [("wrong-extension", "a.wav")]
    assert look_at("a.mp4", "MOV") == [("wrong-extension", "a.mp4")]
    assert look_at("a.m4v", "MP4") == []


def test_content_of_no_known_format() -> None:
    assert look_at("a.wav", "") == [("unknown-content", "a.wav")]


def test_an_empty_file() -> None:
    assert look_at("a.wav", "", is_cut=True) == [("empty-file", "a.wav")]


def test_a_file_that_ends_too_early() -> None:
    assert look_at("a.wav", "WAV", is_cut=True) == [("incomplete", "a.wav")]
    assert look_at("a.mp4", "MP4", is_cut=True, lacks="moov") == [("incomplete", "a.mp4")]


def test_a_file_that_was_never_closed() -> None:
    (finding,) = look(view_of({"a.mp4": "MP4"}, lacks="moov"))
    assert (finding.code, finding.values["part"]) == ("unfinished", "moov")


def test_a_photograph_that_cannot_be_decoded() -> None:
    (finding,) = look(view_of({"a.jpg": "JPEG"}, damage="The pixel data are damaged."))
    assert (finding.code, finding.values["detail"]) == ("damaged", "The pixel data are damaged.")


def test_a_photograph_of_which_nobody_can_tell() -> None:
    (finding,) = look(view_of({"a.tif": "TIFF"}, doubt="Tiles of floating point."))
    assert (finding.code, finding.values["detail"]) == ("unverified", "Tiles of floating point.")


def test_a_file_that_was_not_read_is_an_error() -> None:
    (finding,) = look(view_of({"a.wav": ""}, problem="Permission denied"))
    assert (finding.code, finding.values["detail"]) == ("not-read", "Permission denied")
    unread = MemoryView(batch_of(["a.wav"]), codes=CODES)
    assert summary(look(unread)) == [("not-read", "a.wav")]


def test_media_in_items_of_another_category() -> None:
    audio, video = "A001-LY·2022-0001/a", "A001-LX·2022-0001/a"
    assert look(view_of({f"{audio}.wav": "WAV", f"{video}.mp4": "MP4"})) == []
    assert look_at(f"{audio}.mp4", "MP4") == [("other-category", f"{audio}.mp4")]
    assert look_at(f"{video}.wav", "WAV") == [("other-category", f"{video}.wav")]
    assert look_at("A001-WS·2022-0001/a.wav", "WAV") == []
    assert look_at("A001-ZP·2022-0001/a.jpg", "JPEG") == []
    assert look_at(f"{audio}.jpg", "JPEG") == [("other-category", f"{audio}.jpg")]


def test_scanned_photographs_are_judged_as_photographs() -> None:
    item = "A001-ZP·2022-0001"
    pages = {f"{item}/1.jpg": "JPEG", f"{item}/2.png": "PNG", f"{item}/3.pdf": "PDF"}
    pages["A001-WS·2022-0001/1.png"] = "PNG"
    findings = look(view_of({}, pages))
    assert summary(findings) == [("not-allowed", f"{item}/2.png"), ("not-allowed", f"{item}/3.pdf")]
    assert findings[0].pages == (f"{item}/2.png#1",)


def test_sampling_of_audio() -> None:
    assert look_at("a.wav", "WAV", sample_rate_hz=44_100, sample_bits=24) == []
    assert look_at("a.wav", "WAV", sample_rate_hz=44_099, sample_bits=24) == [("sample-rate", "a.wav")]
    assert look_at("a.wav", "WAV", sample_rate_hz=48_000, sample_bits=16) == [("sample-bits", "a.wav")]


def test_thousands_of_findings_are_counted() -> None:
    found = look(view_of({f"{number}.wav": "" for number in range(1100)}))
    assert len(found) == 1001
    assert found[-1].values["count"] == 100
