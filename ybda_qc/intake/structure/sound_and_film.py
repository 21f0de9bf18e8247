"""Sound, films and photographs whose structure `intake.media` reads."""

from ybda_qc.intake.media import Excerpts, recognise
from ybda_qc.intake.structure import problems
from ybda_qc.intake.structure.values import COMPLETE, Completeness, doubtful, incomplete, unknown

_WITH_END = frozenset({"WAV", "AVI", "WebP", "AIFF", "FLAC", "OGG", "OGV", "FLV", "MXF", "WMA", "WMV"})
_RIFF_LENGTH_UNKNOWN = (0, 0xFFFFFFFF)


def read_media(file: Excerpts) -> Completeness:
    """Whether audio, video or another picture is all there, as far as its format tells."""
    content = recognise(file)
    if not content.format:
        return unknown(problems.UNKNOWN_FORMAT)
    if content.lacks:
        return incomplete(problems.PART_LACKING, part=content.lacks)
    if content.is_cut:
        return incomplete(problems.END_MISSING)
    if content.format not in _WITH_END:
        return unknown(problems.NO_END)
    if file.read(0, 4) == b"RIFF":
        declared = file.number(4, 4, "little")
        if declared not in _RIFF_LENGTH_UNKNOWN and declared + 8 > file.size_bytes:
            return doubtful(problems.DAMAGED)
    return COMPLETE
