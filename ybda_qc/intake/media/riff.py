"""RIFF: WAV (and its 64-bit forms RF64, BW64), AVI, WebP. Source: EBU Tech 3285, 3306; Microsoft RIFF."""

from ybda_qc.intake.media.excerpts import Excerpts, MediaContent

_FORMS = {b"WAVE": "WAV", b"AVI ": "AVI", b"WEBP": "WebP"}
_MOST_CHUNKS = 10_000
_NOT_WRITTEN = 0xFFFFFFFF


def read_riff(file: Excerpts) -> MediaContent | None:
    """WAV, AVI or WebP; None for any other content."""
    head = file.read(0, 12)
    form = _FORMS.get(head[8:12])
    if head[:4] not in (b"RIFF", b"RF64", b"BW64") or form is None:
        return None
    if form == "WAV":
        return _read_wave(file)
    declared = int.from_bytes(head[4:8], "little")
    return MediaContent(
        format=form,
        lacks="" if declared else "RIFF length",
        is_cut=declared != _NOT_WRITTEN and declared + 8 > file.size_bytes,
    )


def _read_wave(file: Excerpts) -> MediaContent:
    """Walk the chunks up to the sound itself."""
    rate = bits = long_length = 0
    offset = 12
    for _ in range(_MOST_CHUNKS):
        header = file.read(offset, 8)
        if len(header) < 8:
            break
        kind, length = header[:4], int.from_bytes(header[4:], "little")
        if kind == b"fmt ":
            rate = file.number(offset + 12, 4, "little")
            bits = file.number(offset + 22, 2, "little")
        elif kind == b"ds64":
            long_length = file.number(offset + 16, 8, "little")
        elif kind == b"data":
            length = long_length if length == _NOT_WRITTEN and long_length else length
            rest = file.size_bytes - offset - 8
            unwritten = length == _NOT_WRITTEN or (length == 0 and rest > 8)
            return MediaContent(
                format="WAV",
                lacks="data length" if unwritten else "",
                is_cut=not unwritten and length > rest,
                sample_rate_hz=rate,
                sample_bits=bits,
            )
        offset += 8 + length + length % 2
    return MediaContent(format="WAV", lacks="data", sample_rate_hz=rate, sample_bits=bits)
