import io
import struct
import wave

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.intake import made_media as made
from ybda_qc.intake.media import Excerpts, MediaContent, recognise
from ybda_qc.model import MEDIA_FORMATS


def look(data: bytes) -> MediaContent:
    return recognise(Excerpts.of(data))


def drawn(name: str) -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise((60, 40), 60).convert("RGB").save(buffer, name)
    return buffer.getvalue()


WHOLE = {
    "WAV": made.wav(),
    "MP3": made.mp3(),
    "AAC": made.adts(),
    "AVI": made.avi(),
    "MP4": made.mp4(),
    "MOV": made.mp4(b"qt  ", ()),
    "M4A": made.mp4(b"M4A "),
    "3GP": made.mp4(b"3gp5"),
    "CR3": made.mp4(b"crx "),
    "HEIC": made.mp4(b"mif1", (b"heic",), index=b"meta"),
    "AVIF": made.mp4(b"mif1", (b"avif",), index=b"meta"),
    "MXF": made.mxf(),
    "NEF": made.raw(b"NIKON CORPORATION", order=">"),
    "ARW": made.raw(b"SONY"),
    "SRW": made.raw(b"SAMSUNG"),
    "PEF": made.raw(b"RICOH IMAGING"),
    "DNG": made.tiff([(50706, 4, b"\1\4\0\0")]),
    "CR2": b"II*\0\x10\0\0\0CR\2\0\0\0\0\0" + b"\0" * 64,
    "ORF": b"IIRO\x08\0\0\0" + b"\0" * 64,
    "RW2": b"IIU\0\x18\0\0\0" + b"\0" * 64,
    "RAF": b"FUJIFILMCCD-RAW 0201" + b"\0" * 64,
    "X3F": b"FOVb" + b"\0" * 64,
    "CRW": b"II\x1a\0\0\0HEAPCCDR" + b"\0" * 64,
    "MRW": b"\0MRM" + b"\0" * 64,
    "WMV": made.asf(video=True),
    "WMA": made.asf(video=False),
    "MKV": made.matroska(),
    "WebM": made.matroska(b"webm"),
    "FLAC": made.flac(),
    "OGG": made.ogg(),
    "OGV": made.ogg(kind=b"\x80theora"),
    "AMR": b"#!AMR\n" + b"\x3c" * 64,
    "AIFF": b"FORM\0\0\0\x44AIFF" + b"\0" * 64,
    "FLV": made.flv(),
    "RM": b".RMF\0\0\0\x12" + b"\0" * 64,
    "MPEG": b"\0\0\x01\xba\x44" + b"\0" * 64,
    "TS": (b"\x47" + b"\x0f" * 187) * 6,
    "PSD": b"8BPS\0\1" + b"\0" * 64,
    "JPEG": drawn("JPEG"),
    "PNG": drawn("PNG"),
    "GIF": drawn("GIF"),
    "BMP": drawn("BMP"),
    "TIFF": drawn("TIFF"),
    "WebP": drawn("WEBP"),
}


@pytest.mark.parametrize("name", sorted(WHOLE))
def test_each_format_is_told_by_its_content_and_sound(name: str) -> None:
    found = look(WHOLE[name])
    assert (found.format, found.lacks, found.is_cut) == (name, "", False)


def test_every_format_but_one_stands_in_the_table_and_here() -> None:
    assert set(WHOLE) | {"MP2", "JPEG2000"} == set(MEDIA_FORMATS)


@pytest.mark.parametrize(
    "name", ["WAV", "AVI", "MP4", "MOV", "M4A", "MKV", "WMV", "WMA", "AIFF", "BMP", "TIFF", "WebP", "ARW"]
)
def test_a_file_that_was_cut_off_is_known(name: str) -> None:
    assert look(WHOLE[name][:-9]).is_cut


@pytest.mark.parametrize("name", ["JPEG", "PNG", "GIF", "MP4", "MXF"])
def test_a_file_that_lacks_its_end_is_known(name: str) -> None:
    half = WHOLE[name][: len(WHOLE[name]) // 2]
    found = look(half)
    assert found.format == name
    assert found.lacks or found.is_cut


@given(st.sampled_from(sorted(WHOLE)), st.integers(0, 2000), st.binary(max_size=3), st.integers(0, 2000))
def test_any_damage_is_read(name: str, length: int, odd: bytes, place: int) -> None:
    data = bytearray(WHOLE[name][:length])
    data[place : place + len(odd)] = odd
    found = look(bytes(data))
    assert found.format == "" or found.format in MEDIA_FORMATS


@given(st.binary(max_size=200))
def test_any_bytes_are_read(data: bytes) -> None:
    look(data)


def test_text_zeros_and_nothing_are_no_media() -> None:
    assert look(b"").is_cut
    for data in (
        b"\0" * 5000,
        b"\xff" * 5000,
        b"no sound at all\n" * 100,
        b"PK\3\4" + b"\0" * 99,
        b"\xff\xfb",
    ):
        assert look(data) == MediaContent()


def test_what_python_writes_as_wav_is_sound() -> None:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes(b"\1\2" * 999)
    found = look(buffer.getvalue())
    assert found == MediaContent(format="WAV", sample_rate_hz=48_000, sample_bits=16)
    assert look(buffer.getvalue()[:-1]).is_cut


def test_chunks_before_the_sound_are_passed_over() -> None:
    assert look(made.wav(extra=made.chunk(b"bext", b"\0" * 603))).sample_bits == 24
    assert not look(made.wav(extra=made.chunk(b"bext", b"\0" * 603))).is_cut


def test_a_recorder_that_was_switched_off_leaves_no_length() -> None:
    for length in (0, 0xFFFFFFFF):
        found = look(made.wav(data_length=length))
        assert (found.lacks, found.is_cut) == ("data length", False)
    assert look(made.wav()[:44]).lacks == ""  # which is cut instead
    assert look(made.wav(seconds=0)).lacks == ""
    assert look(made.wav()[:36]).lacks == "data"


def test_wav_of_64_bits() -> None:
    assert look(made.rf64()) == MediaContent(format="WAV", sample_rate_hz=96_000, sample_bits=24)
    assert look(made.rf64(missing=1)).is_cut


def test_a_film_without_its_index_cannot_be_played() -> None:
    whole = made.mp4()
    index = whole.index(b"moov") - 4
    assert look(whole[:index]).lacks == "moov"
    assert look(made.mp4(index=b"free")).lacks == "moov"
    assert look(made.mp4(b"heic", index=b"free")).lacks == "meta"


def test_old_films_have_no_brand() -> None:
    assert look(made.box(b"mdat", b"\0" * 50) + made.box(b"moov", b"\0" * 50)).format == "MOV"
    assert look(made.box(b"moov", b"\0" * 50)) == MediaContent(format="MOV")


def test_what_is_appended_to_a_film_does_not_make_it_cut() -> None:
    assert not look(made.mp4() + b"\0" * 100).is_cut
    assert not look(made.mp4() + b"\xff" * 100).is_cut


def test_the_footer_of_a_recording() -> None:
    assert look(made.mxf(closed=False)).lacks == "footer partition"
    assert not look(made.mxf(closed=False)).is_cut
    assert look(made.mxf()[:350]).is_cut
    assert look(made.mxf(named=False)).lacks == ""
    assert look(made.mxf(named=False, gap=70_000)).lacks == "footer partition"
    assert look(made.mxf(named=False, gap=70_000, index=True)).lacks == ""
    assert look(made.mxf(gap=70_000)).lacks == ""
    assert look(b"run-in" * 99 + made.mxf()) == MediaContent(format="MXF")


def test_sound_after_tags() -> None:
    assert look(made.mp3(tag_bytes=3000)).format == "MP3"
    assert look(made.mp3(tag_bytes=3000)[:2000]).is_cut
    assert look(made.mp3(tag_bytes=20) + b"TAG" + b"\0" * 125).format == "MP3"
    assert look(b"\0" * 300 + made.mp3()).format == "MP3"


def test_one_frame_is_no_sound() -> None:
    assert look(made.mp3_frame() + b"\0" * 50).format == ""
    assert look(made.adts(1) + b"\0" * 50).format == ""
    assert look(b"x" + made.mp3()).format == ""


def test_a_first_frame_that_counts_more_than_there_is() -> None:
    whole = 4 * 417
    assert not look(made.mp3_with_count(whole)).is_cut
    assert not look(made.mp3_with_count(whole + 4000)).is_cut
    assert look(made.mp3_with_count(whole + 5000)).is_cut


def test_tiff_of_a_camera_that_is_no_raw_file() -> None:
    plain = made.tiff([(254, 4, b"\0" * 4), (271, 2, b"NIKON CORPORATION\0")])
    assert look(plain).format == "TIFF"
    assert look(made.raw(b"ACME")).format == "TIFF"


def test_a_sensor_tells_itself_by_its_colours() -> None:
    entries = [(262, 3, struct.pack("<H", 32803)), (271, 2, b"PENTAX  \0")]
    assert look(made.tiff(entries)).format == "PEF"


def test_a_directory_that_points_beyond_the_end() -> None:
    assert look(b"II*\0" + struct.pack("<I", 9999)).is_cut
    assert look(made.tiff([(271, 2, b"a long name of a maker\0")])[:-3]).is_cut
    far = [(273, 4, struct.pack("<I", 5000)), (279, 4, struct.pack("<I", 9))]
    assert look(made.tiff(far)).is_cut
