"""Formats of photographs 照片, audio 录音 and video 录像 that deliveries hold, wanted or not."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class MediaCategory(StrEnum):
    """What a medium is; the words of the profile."""

    PHOTOGRAPHS = "photographs"
    AUDIO = "audio"
    VIDEO = "video"


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaFormat:
    """A format.

    Parameters
    ----------
    category
        What it holds.
    extensions
        Usual endings of names, small letters, without the dot.
    family
        The word by which profiles allow it together with its like; empty where it stands alone.
    """

    category: MediaCategory
    extensions: frozenset[str]
    family: str = ""


def _formats(category: MediaCategory, family: str = "", **extensions: str) -> dict[str, MediaFormat]:
    return {
        name: MediaFormat(category=category, extensions=frozenset(endings.split()), family=family)
        for name, endings in extensions.items()
    }


MEDIA_FORMATS: Mapping[str, MediaFormat] = {
    **_formats(
        MediaCategory.PHOTOGRAPHS,
        JPEG="jpg jpeg jpe jfif",
        JPEG2000="jp2 j2k jpf jpx jpm j2c jpc",
        TIFF="tif tiff",
        PNG="png",
        GIF="gif",
        BMP="bmp dib",
        WebP="webp",
        HEIC="heic heif hif",
        AVIF="avif",
        PSD="psd psb",
    ),
    **_formats(
        MediaCategory.PHOTOGRAPHS,
        family="RAW",
        ARW="arw sr2 srf raw",
        CR2="cr2",
        CR3="cr3",
        CRW="crw",
        DNG="dng",
        MRW="mrw",
        NEF="nef nrw",
        ORF="orf",
        PEF="pef",
        RAF="raf",
        RW2="rw2 raw rwl",
        SRW="srw",
        X3F="x3f",
    ),
    **_formats(
        MediaCategory.AUDIO,
        WAV="wav wave bwf rf64",
        MP3="mp3 mpga",
        MP2="mp2 mpga",
        FLAC="flac",
        OGG="ogg oga opus spx",
        AAC="aac adts",
        M4A="m4a m4b",
        AMR="amr awb",
        WMA="wma asf",
        AIFF="aif aiff aifc",
    ),
    **_formats(
        MediaCategory.VIDEO,
        MP4="mp4 m4v mpg4",
        MOV="mov qt",
        MXF="mxf",
        AVI="avi",
        WMV="wmv asf",
        MKV="mkv mka",
        WebM="webm",
        MPEG="mpg mpeg mpe m2v m1v vob dat",
        TS="ts mts m2ts m2t",
        FLV="flv",
        RM="rm rmvb ra ram",
        OGV="ogv ogg",
    ),
    **_formats(MediaCategory.VIDEO, **{"3GP": "3gp 3g2 3gpp"}),
}
"""By name."""
