"""What can be wrong with an image file; facts about the file, turned into findings by the engine."""

from typing import Literal

FaultKind = Literal[
    "unreadable", "truncated", "empty", "too-large", "encrypted", "unsupported", "vanished", "changed"
]


class ImageFault(Exception):  # noqa: N818 - the fault is the file's, not the program's
    """A file or page that cannot be used, or whose pixels would be partly invented.

    Parameters
    ----------
    kind
        ``truncated``: data end too early; ``unreadable``: damaged, or not an image at all; ``too-large``:
        more than the limits allow; ``unsupported``: sound as far as can be told, but of a kind that is not
        decoded
        here; ``encrypted``, ``empty``, ``vanished``, ``changed``: as they say.
    detail
        One short English sentence without a path. Where it has fields it is written as an f-string of plain
        names, so that reports can find its template again; `words` is what a library said.
    """

    def __init__(self, kind: FaultKind, detail: str) -> None:
        super().__init__(kind, detail)
        self.kind: FaultKind = kind
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.kind}: {self.detail}"


class SourceError(ImageFault):
    """The file could not be read at all."""


class VanishedError(SourceError):
    """The file is no longer there."""

    def __init__(self, detail: str = "The file is not there any more.") -> None:
        super().__init__("vanished", detail)

    def __reduce__(self) -> tuple[type["VanishedError"], tuple[str]]:
        return type(self), (self.detail,)


class UnreadableSourceError(SourceError):
    """The file is there and cannot be opened or read: permission, not a regular file, failing disk."""

    def __init__(self, detail: str) -> None:
        super().__init__("unreadable", detail)

    def __reduce__(self) -> tuple[type["UnreadableSourceError"], tuple[str]]:
        return type(self), (self.detail,)


class EmptySourceError(SourceError):
    """The file has no bytes."""

    def __init__(self, detail: str = "The file is empty (0 bytes).") -> None:
        super().__init__("empty", detail)

    def __reduce__(self) -> tuple[type["EmptySourceError"], tuple[str]]:
        return type(self), (self.detail,)


class ChangedSourceError(SourceError):
    """The file was written to while it was read."""

    def __init__(self, detail: str = "The file changed while it was being read.") -> None:
        super().__init__("changed", detail)

    def __reduce__(self) -> tuple[type["ChangedSourceError"], tuple[str]]:
        return type(self), (self.detail,)
