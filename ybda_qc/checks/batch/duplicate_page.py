"""Pages that stand in the batch more than once."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from ybda_qc.checks._base import BatchCheck, BatchView, Code, Flag, Limits, Method, about
from ybda_qc.checks._listing import first_pages
from ybda_qc.model import Finding, PageResult, Unit


class DuplicatePageCheck(BatchCheck):
    """No page file stands in the batch twice.

    Why: two scans of the same sheet always differ in some bytes. Files that are equal byte for byte are
    copies: one of them stands where another page belongs, or was put in to make the number of pages right.
    DA/T 31-2017 wants repeated pages put right. Blank bitonal pages are alike by nature.

    Remedy: compare both with the original. Scan the page that is really meant, or remove the surplus one.
    """

    id = "duplicate_page"
    title = "Duplicate pages"
    version = 1
    method = Method
    codes = (
        Code(
            name="identical",
            title="identical files",
            template="{count} files are identical byte for byte",
            limits=Flag,
        ),
        Code(
            name="identical-blank",
            title="identical blank files",
            template="{count} files are identical byte for byte: blank bitonal pages",
            limits=Flag,
        ),
    )

    def inspect(self, view: BatchView, method: Method, limits: Limits) -> Iterator[Finding]:  # noqa: ARG002
        """Find files of the same digest; a file of several pages is one file.

        Two passes: the first remembers a few bytes a file, the second the files that are not alone.
        """
        repeated = _repeated(view)
        if not repeated:
            return
        groups: defaultdict[str, list[_File]] = defaultdict(list)
        for file in _files(view):
            if _short(file.sha256) in repeated:
                groups[file.sha256].append(file)
        for files in groups.values():
            if len(files) > 1:
                code = "identical-blank" if all(file.blank for file in files) else "identical"
                yield from about(
                    limits.flag(code, count=len(files), value=float(len(files)), unit=Unit.COUNT),
                    str(files[0].path),
                    first_pages(file.path for file in files),
                )


@dataclass(slots=True, kw_only=True)
class _File:
    """A file of one or more pages; ``blank`` if all of them are blank and bitonal."""

    path: str
    sha256: str
    blank: bool


def _files(view: BatchView) -> Iterator[_File]:
    """Gather the pages of each file; empty files and files that could not be read are left out."""
    file: _File | None = None
    for page in view.pages():
        if page.sha256 is None or not page.size_bytes:
            continue
        if file is not None and file.path == page.page.path:
            file.blank = file.blank and _is_blank_bitonal(page)
            continue
        if file is not None:
            yield file
        file = _File(path=page.page.path, sha256=page.sha256, blank=_is_blank_bitonal(page))
    if file is not None:
        yield file


def _repeated(view: BatchView) -> set[int]:
    seen: set[int] = set()
    repeated: set[int] = set()
    for file in _files(view):
        short = _short(file.sha256)
        (repeated if short in seen else seen).add(short)
    return repeated


def _short(sha256: str) -> int:
    """Eight bytes of the digest: enough to leave out nearly all files that are alone."""
    return int(sha256[:16], 16)


def _is_blank_bitonal(page: PageResult) -> bool:
    return page.text("blank_page", "content") == "nothing" and page.text("colour_mode", "mode") == "bitonal"
