"""Sound and films in packets: whether they go on to the end that they name."""

import pytest

from tests.intake import made_media as made
from ybda_qc.intake.media import Excerpts, MediaContent, recognise


def look(data: bytes) -> MediaContent:
    return recognise(Excerpts.of(data))


@pytest.mark.parametrize("frames", [2, 3, 200, 300])
def test_flac_is_whole_where_its_last_frame_reaches_the_count(frames: int) -> None:
    assert look(made.flac(frames=frames)) == MediaContent(format="FLAC")
    assert look(made.flac(frames=frames) + b"TAG".ljust(128, b"\0")) == MediaContent(format="FLAC")


@pytest.mark.parametrize("missing", [400, 700])
def test_flac_that_was_cut(missing: int) -> None:
    assert look(made.flac(frames=300)[:-missing]).is_cut
    assert look(made.flac(frames=3)[:-missing]).is_cut


def test_flac_of_which_nothing_but_the_head_is_there() -> None:
    assert look(made.flac()[:42]).is_cut


def test_flac_that_counts_nothing_cannot_be_judged() -> None:
    assert not look(made.flac(total=0)[:-400]).is_cut


@pytest.mark.parametrize("missing", [1, 100, 401])
def test_ogg_that_was_cut_within_a_page(missing: int) -> None:
    assert look(made.ogg(pages=200)[:-missing]).is_cut


def test_ogg_without_its_last_page() -> None:
    found = look(made.ogg(closed=False))
    assert (found.is_cut, found.lacks) == (False, "last page")


@pytest.mark.parametrize("missing", [1, 4, 100])
def test_flv_that_was_cut(missing: int) -> None:
    assert look(made.flv()[:-missing]).is_cut


def test_a_transport_stream_consists_of_whole_packets() -> None:
    stream = (b"\x47" + b"\x0f" * 187) * 6
    assert look(stream) == MediaContent(format="TS")
    assert look(stream[:-4]) == MediaContent(format="TS", is_cut=True)


@pytest.mark.parametrize("missing", [1, 100, 400])
def test_sound_that_ends_within_a_frame(missing: int) -> None:
    sound = made.mp3(frames=400)
    assert look(sound) == MediaContent(format="MP3")
    assert look(sound[:-missing]).is_cut
    assert look(made.adts(frames=12)[:-50]).is_cut


def test_what_follows_the_sound_does_not_make_it_cut() -> None:
    for more in (b"TAG".ljust(128, b"\0"), b"\0" * 1000, b"APETAGEX" + b"\1" * 200):
        assert not look(made.mp3(frames=400) + more).is_cut


@pytest.mark.parametrize(
    ("handlers", "name"),
    [
        ([b"soun"], "M4A"),
        ([b"soun", b"text"], "M4A"),
        ([b"vide", b"soun"], "MP4"),
        ([b"vide"], "MP4"),
        ([], "MP4"),
    ],
)
def test_a_film_in_which_nothing_is_to_be_seen_is_sound(handlers: list[bytes], name: str) -> None:
    assert look(made.mp4_with_tracks(*handlers)) == MediaContent(format=name)


def test_boxes_that_lie_about_their_length_are_read() -> None:
    data = bytearray(made.mp4_with_tracks(b"soun"))
    for place in range(0, len(data), 3):
        broken = data[:place] + b"\xff\xff\xff" + data[place + 3 :]
        look(bytes(broken))
