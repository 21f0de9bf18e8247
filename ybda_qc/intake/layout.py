"""The layout of a batch: which files are pages, and how item and page number stand in their paths."""

import fnmatch
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from ybda_qc.intake.copies import CopyFolders, CopyOptions
from ybda_qc.intake.pattern import (
    Extension,
    LayoutPattern,
    compile_pattern,
    item_in,
    prove_pattern,
    split_extension,
)
from ybda_qc.model import BatchFile, DeliveryCopy
from ybda_qc.model.folding import fold

ROOT_ITEM = "."  # the item of pages that lie in the batch folder itself, where no pattern says otherwise

# A page number has at most nine digits; longer runs are dates, identity numbers, digests.
_LAST_NUMBER = re.compile(r"(?<![0-9])[0-9]{1,9}$")
_MAX_NUMBER_DIGITS = 9

_MEDIA: Final = (  # of the formats in use, wanted or not: which are, a check says
    *("wav", "mp3", "wma", "aac", "m4a", "flac", "ogg", "amr"),
    *("mp4", "mov", "mxf", "avi", "wmv", "mkv", "mpg", "mpeg", "flv", "rmvb", "m4v", "3gp", "ts", "vob"),
    *("cr2", "cr3", "nef", "nrw", "arw", "dng", "orf", "rw2", "raf", "pef", "srw", "raw", "x3f"),
    *("heic", "heif", "webp", "gif", "psd"),
)


def _part_name(name: str) -> str:
    if not re.fullmatch("[a-z_]+", name) or name in ("folders", "number"):
        raise ValueError("a part is named by small letters; folders and number are already taken")
    return name


class LayoutOptions(BaseModel):
    """The ``[layout]`` table of a profile."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    extensions: tuple[Extension, ...] = Field(
        default=("tif", "tiff", "jpg", "jpeg", "jp2", "j2k", "jpf", "jpx", "png", "bmp", "pdf"),
        min_length=1,
        description="files with these extensions are pages",
    )
    media: tuple[Extension, ...] = Field(
        default=_MEDIA, description="files with these extensions are audio, video or pictures without pages"
    )
    media_items: tuple[str, ...] = Field(
        default=(),
        description="codes, with * and ?, of items whose images are photographs, not pages (but PDF is)",
    )
    ignored: tuple[str, ...] = Field(
        default=("说明文件.TXT", "bagit.txt", "bag-info.txt"),
        description="names, with * and ?, that belong to a delivery and are not looked at",
    )
    catalogues: tuple[str, ...] = Field(
        default=("*.xlsx", "*.xls", "*.ods", "*.csv"),
        description="names, with * and ?, of catalogues in the batch folder itself",
    )
    checksums: tuple[str, ...] = Field(
        default=(
            *("*.md5", "*.sha1", "*.sha224", "*.sha256", "*.sha384", "*.sha512", "*.sm3"),
            *("md5sum*", "sha1sum*", "sha224sum*", "sha256sum*", "sha384sum*", "sha512sum*", "sm3sum*"),
            *("*checksum*.txt", "*校验*.txt", "manifest-*.txt", "tagmanifest-*.txt"),
        ),
        description="names, with * and ?, of checksum lists",
    )
    max_depth: int = Field(default=16, ge=0, description="how many folders deep pages may lie")
    number_widths: tuple[Annotated[int, Field(ge=1, le=_MAX_NUMBER_DIGITS)], ...] = Field(
        default=(), description="how many digits a page number may have; empty: any"
    )
    copies: tuple[CopyOptions, ...] = Field(
        default=(),
        description="copies, such as masters and access copies, in folders of their own; empty: one copy",
    )
    parts: dict[Annotated[str, AfterValidator(_part_name)], str] = Field(
        default_factory=dict, description="named pieces of the patterns, as regular expressions"
    )
    patterns: tuple[LayoutPattern, ...] = Field(
        default=(), description="how pages are named and placed, the first that fits counts; empty: any way"
    )

    @model_validator(mode="after")
    def _copies_differ(self) -> "LayoutOptions":
        names = [copy.name for copy in self.copies]
        if len(names) == 1 or len(set(names)) < len(names):
            raise ValueError("there must be two copies or more, each of another name")
        return self

    @model_validator(mode="after")
    def _patterns_compile(self) -> "LayoutOptions":
        mistakes: list[str] = []
        for pattern in self.patterns:
            try:
                prove_pattern(pattern, self.pieces)
            except ValueError as error:
                mistakes.append(str(error))
        if mistakes:
            raise ValueError("; ".join(mistakes))
        return self

    @property
    def pieces(self) -> dict[str, str]:
        """The named pieces of the patterns, as regular expressions."""
        number = "|".join(f"[0-9]{{{width}}}" for width in sorted(set(self.number_widths), reverse=True))
        return {**self.parts, "number": f"(?:{number})" if number else f"[0-9]{{1,{_MAX_NUMBER_DIGITS}}}"}


@dataclass(frozen=True, slots=True, kw_only=True)
class NameReading:
    """What the path of a page file says.

    Parameters
    ----------
    copy, folder
        The copy in whose folder it lies, if any, and its folder below that one.
    item
        None where no pattern gives one.
    number, number_width
        Page number and the count of its digits.
    matches
        Whether a pattern fits; None where the layout has no patterns.
    """

    copy: str = ""
    folder: str = ROOT_ITEM
    item: str | None = None
    number: int | None = None
    number_width: int | None = None
    matches: bool | None = None


class Layout:
    """A layout ready for use: `LayoutOptions` with everything compiled."""

    def __init__(self, options: LayoutOptions) -> None:
        self.options = options
        self._extensions = frozenset(options.extensions)
        self._copies = CopyFolders(options.copies)
        self._media = frozenset(options.media) - self._extensions
        self._images = self._extensions - {"pdf"}
        self._patterns = [
            (pattern, compile_pattern(pattern, options.pieces), self._held_by(pattern))
            for pattern in options.patterns
        ]

    def _held_by(self, pattern: LayoutPattern) -> frozenset[str]:
        """Extensions that a pattern holds for. Media follow each that names none of theirs."""
        named = frozenset(pattern.extensions)
        if not named:
            return self._extensions | self._media
        return named if named & self._media else named | self._media

    def copies_in(self, files: Iterable[BatchFile]) -> tuple[DeliveryCopy, ...]:
        """The copies that a batch of these files should hold: those required, and others it has files of."""
        found = {file.copy for file in files}
        return tuple(
            DeliveryCopy(name=copy.name, title=copy.title)
            for copy in self.options.copies
            if copy.required or copy.name in found
        )

    @cached_property
    def _ignored(self) -> re.Pattern[str]:
        return _any_of(self.options.ignored)

    @cached_property
    def _catalogues(self) -> re.Pattern[str]:
        return _any_of(self.options.catalogues)

    @cached_property
    def _media_items(self) -> re.Pattern[str]:
        return _any_of(tuple(map(fold, self.options.media_items)))

    @cached_property
    def _checksums(self) -> re.Pattern[str]:
        return _any_of(self.options.checksums)

    def is_page(self, path: str) -> bool:
        """Whether a file or folder of that path has the extension of a page."""
        return split_extension(path)[1] in self._extensions

    def is_media(self, path: str) -> bool:
        """Whether a file of that path has the extension of audio, video or the like."""
        return split_extension(path)[1] in self._media

    def is_photograph(self, path: str, item: str) -> bool:
        """Whether a file of that path is an image of an item whose images are media, not pages."""
        return split_extension(path)[1] in self._images and _fits(self._media_items, fold(item))

    def is_ignored(self, path: str) -> bool:
        """Whether the profile names the file as belonging to a delivery."""
        return _fits(self._ignored, path) or _fits(self._ignored, path.rpartition("/")[2])

    def is_catalogue(self, path: str) -> bool:
        """Whether the file is named like a catalogue 目录 and lies in the batch folder itself."""
        return "/" not in path and _fits(self._catalogues, path)

    def is_checksum_list(self, path: str) -> bool:
        """Whether the file is named like a list of checksums."""
        return _fits(self._checksums, path.rpartition("/")[2])

    def read(self, path: str) -> NameReading:
        """Item and page number as the path of a file of pages, or of media, gives them.

        Where the layout has patterns and none fits, the digits at the end of the name still count as a
        number, provided that they are as many as the layout allows: a hint that the page is there.
        """
        copy, below = self._copies.split(path)
        return replace(self._read(below), copy=copy, folder=folder_of(below))

    def _read(self, path: str) -> NameReading:
        stem, extension = split_extension(path)
        for pattern, compiled, extensions in self._patterns:
            is_for_all_media = self._media <= extensions
            if extension not in extensions and not is_for_all_media:
                continue
            match = compiled.fullmatch(stem)
            reading = self._reading(pattern, match) if match else None
            if reading and (extension in extensions or self.is_photograph(path, reading.item or "")):
                return reading
        matches = False if self._patterns else None
        digits = _LAST_NUMBER.search(stem)
        if not digits or not self._allows(digits[0]):
            return NameReading(matches=matches)
        return NameReading(number=int(digits[0]), number_width=len(digits[0]), matches=matches)

    def item_of_folder(self, folder: str) -> str | None:
        """The item that numbered pages in a folder would belong to; None where no pattern tells.

        The folder is that of `NameReading`: below the folder of its copy.
        """
        for width in self.options.number_widths or (1,):
            page = f"{folder}/{1:0{width}}"
            for pattern, compiled, _ in self._patterns:
                match = compiled.fullmatch(page)
                reading = self._reading(pattern, match) if match else None
                if reading and reading.item and reading.number is not None:
                    return reading.item
        return None

    def _reading(self, pattern: LayoutPattern, match: re.Match[str]) -> NameReading | None:
        item, number = item_in(pattern, match), match.groupdict().get("number")
        if number is None:
            return NameReading(item=item, matches=True)
        if not number.isdecimal() or not self._allows(number):
            return None
        return NameReading(item=item, number=int(number), number_width=len(number), matches=True)

    def _allows(self, digits: str) -> bool:
        widths = self.options.number_widths
        return len(digits) in widths if widths else len(digits) <= _MAX_NUMBER_DIGITS


def folder_of(path: str) -> str:
    """Return the folder of a batch-relative path; `ROOT_ITEM` for the batch folder itself."""
    return path.rpartition("/")[0] or ROOT_ITEM


def _any_of(globs: tuple[str, ...]) -> re.Pattern[str]:
    # An empty list must fit nothing; "(?!)" is the expression that never does.
    return re.compile("|".join(fnmatch.translate(glob.casefold()) for glob in globs) or "(?!)")


def _fits(globs: re.Pattern[str], name: str) -> bool:
    return globs.fullmatch(name.casefold()) is not None
