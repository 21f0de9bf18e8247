"""Copies of a delivery that lie in folders of their own: masters 保存件, access copies 利用件."""

import fnmatch
import re
from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


def _folder(text: str) -> str:
    text = text.strip("/")
    if not text or any(part in ("", ".", "..") for part in text.split("/")):
        raise ValueError("a folder is named from the batch folder on, for example master or */master")
    return text


class CopyOptions(BaseModel):
    """A ``[[layout.copies]]`` table of a profile."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z0-9_-]+$", description="a word for lists, for example master")
    title: str = Field(min_length=1, description="what the copy is called in messages")
    folders: tuple[Annotated[str, AfterValidator(_folder)], ...] = Field(
        min_length=1, description="its folders below the batch folder, with * and ?, in any case"
    )
    required: bool = Field(default=True, description="whether a batch that lacks it altogether is incomplete")


class CopyFolders:
    """The folders of all copies, ready for use."""

    def __init__(self, copies: Iterable[CopyOptions]) -> None:
        self._folders = [
            (copy.name, [re.compile(fnmatch.translate(part.casefold())) for part in folder.split("/")])
            for copy in copies
            for folder in copy.folders
        ]

    def split(self, path: str) -> tuple[str, str]:
        """The copy in whose folder a file lies, and its path below that folder; no name outside of them."""
        parts = path.split("/")
        for name, folder in self._folders:
            fits = (glob.match(part.casefold()) for glob, part in zip(folder, parts, strict=False))
            if len(parts) > len(folder) and all(fits):
                return name, "/".join(parts[len(folder) :])
        return "", path
