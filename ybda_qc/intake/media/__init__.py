"""Formats of photographs, audio and video, told by content: first bytes, and others that they point to."""

from collections.abc import Callable
from typing import Final

from ybda_qc.intake.media.boxes import read_boxes
from ybda_qc.intake.media.camera import read_camera
from ybda_qc.intake.media.excerpts import Excerpts, MediaContent
from ybda_qc.intake.media.frames import read_frames
from ybda_qc.intake.media.mxf import read_mxf
from ybda_qc.intake.media.riff import read_riff
from ybda_qc.intake.media.signatures import read_signature

__all__ = ["Excerpts", "MediaContent", "recognise"]

# From the surest to the least sure: bytes are frames of sound only if nothing else fits.
_READERS: Final[tuple[Callable[[Excerpts], MediaContent | None], ...]] = (
    read_riff,
    read_boxes,
    read_camera,
    read_signature,
    read_mxf,
    read_frames,
)


def recognise(file: Excerpts) -> MediaContent:
    """Tell the format of a file, and whether it is whole as far as its structure shows.

    Parameters
    ----------
    file
        Any bytes; a bounded number of parts is read, whatever they say.

    Returns
    -------
    MediaContent
        Without a format where the content is of none that is known; cut where the file is empty.
    """
    if file.size_bytes == 0:
        return MediaContent(is_cut=True)
    return next(filter(None, (read(file) for read in _READERS)), MediaContent())
