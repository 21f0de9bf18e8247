"""The kinds of derived copies."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ybda_qc.ocr.export.alto import write_alto
from ybda_qc.ocr.export.document import About, NamedViews
from ybda_qc.ocr.export.hocr import write_hocr
from ybda_qc.ocr.export.pdf import write_pdf
from ybda_qc.ocr.export.plain import write_plain


class Write(Protocol):
    """Writes pages into one file."""

    def __call__(self, pages: NamedViews, path: Path, about: About) -> None:
        """Write them.

        Raises
        ------
        ImageFault
            An original is damaged.
        OSError
            The file cannot be written.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """How a kind of copy is written; ``version`` is raised whenever the same pages give another file."""

    extension: str
    write: Write
    version: int = 1


KINDS: Mapping[str, Kind] = {
    "pdf": Kind(extension="pdf", write=write_pdf),
    "alto": Kind(extension="xml", write=write_alto),
    "hocr": Kind(extension="html", write=write_hocr),
    "txt": Kind(extension="txt", write=write_plain),
}
