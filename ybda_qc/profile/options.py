"""The tables of a profile that belong to no check: limits of a page, blanks, text, acceptance, evidence.

The models carry no defaults: every number stands in ``profiles/base.toml``, where an archivist can read it.
"""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from ybda_qc.model import LimitSource

OcrEngine = Literal["off", "auto", "rapidocr", "tesseract"]
Weighed = Literal["review", "fail", "error"]


class Options(BaseModel):
    """A table of a profile: frozen, and nothing in it that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class PageLimits(Options):
    """``[limits]``: what one page may cost a worker before it is given up."""

    cpu_seconds: float = Field(gt=0, description="computing time of a page")
    wall_seconds: float = Field(gt=0, description="time on the clock, generous: it also counts waiting")
    memory_mb: int = Field(gt=0, description="memory of a worker process, in MiB")
    max_megapixels: float = Field(gt=0, description="a larger page is not decoded")
    max_file_mb: float = Field(gt=0, description="a larger file is not opened, in MiB")

    @model_validator(mode="after")
    def _the_clock_is_generous(self) -> Self:
        if self.wall_seconds < self.cpu_seconds:
            raise PydanticCustomError("wall_seconds", "wall_seconds is shorter than cpu_seconds")
        return self


def _page_pattern(text: str) -> str:
    path, _, frame = text.rpartition("#")
    never = not text or text.startswith(("/", "#")) or "\\" in text
    if never or (path and frame.isdecimal() and int(frame) == 0):
        raise PydanticCustomError("page_pattern", "no page of a batch", {"value": text})
    return text


PagePattern = Annotated[str, AfterValidator(_page_pattern)]


class BlankOptions(Options):
    """``[blanks]``: pages that are blank on purpose 已申报空白页.

    A list only: nobody has to declare any, so this is the one table whose key may be left out.
    """

    declared: tuple[PagePattern, ...] = Field(
        default=(),
        description="paths of pages in the batch, with * and ?; of multi-page files with #, page number",
    )


class OcrOptions(Options):
    """``[ocr]``: whether and by which engine text is read."""

    engine: OcrEngine = Field(
        description="off: no text is read; auto: rapidocr, or tesseract where that is not installed"
    )
    languages: tuple[str, ...] = Field(
        min_length=1, description="language packs of tesseract; rapidocr reads Chinese and English"
    )


class AcceptanceOptions(Options):
    """``[acceptance]``: which verdicts reject a batch and which hold it, and what it may not lack.

    A verdict that stands in neither list would be passed over without a word, so all three that weigh must
    be named. What shall not weigh is made a note, where the code stands.
    """

    scope: Literal["machine"] = Field(description="machine: the machine's part only, no sample by people")
    reject: tuple[Weighed, ...] = Field(description="verdicts that reject the batch")
    hold: tuple[Weighed, ...] = Field(description="verdicts that hold it until a person has looked")
    catalogue: Literal["required", "optional"] = Field(
        description="required: without a catalogue 目录 the batch is held; optional: it is said, no more"
    )
    sample: Literal["required", "optional"] = Field(
        description="required: the batch is held until people have inspected a sample 抽检, which this "
        "program neither draws nor records yet; optional: the machine's part is decided by itself"
    )
    source: LimitSource = Field(description="rule, local-rule or project-choice")
    clause: str = Field(default="", description="the clause of the rule, or why the project chose it")

    @model_validator(mode="after")
    def _every_weight_is_named_once(self) -> Self:
        named = (*self.reject, *self.hold)
        if wrong := [verdict for verdict in ("review", "fail", "error") if named.count(verdict) != 1]:
            raise PydanticCustomError("weighed_once", "each verdict once", {"verdicts": ", ".join(wrong)})
        return self

    @model_validator(mode="after")
    def _rule_names_its_clause(self) -> Self:
        if self.source is not LimitSource.PROJECT_CHOICE and not self.clause:
            raise PydanticCustomError("rule_without_clause", "a limit taken from a rule must name the clause")
        return self


def _month_and_day(text: str) -> str:
    if text:
        date.fromisoformat(f"2023-{text}")  # 29 February is no day of most years
    return text


class HandoverBody(Options):
    """A body that hands over, and where its archives go."""

    name: str = Field(min_length=1, description="the body")
    fonds: str = Field(description="its fonds number 全宗号, or the placeholder that stands for it")
    archive: str = Field(min_length=1, description="the archive that receives the originals")


class HandoverRound(Options):
    """A round of work after whose end everything is handed over."""

    title: str = Field(min_length=1, description="the round")
    ends: date = Field(description="the day on which the next round took over")
    fonds: tuple[str, ...] = Field(default=(), description="fonds numbers concerned; empty: all")


class HandoverOptions(Options):
    """``[handover]``: who hands over to which archive, and by when; shown in reports as dates due."""

    bodies: tuple[HandoverBody, ...] = Field(default=(), description="bodies, fonds and archives")
    documents_due: Annotated[str, AfterValidator(_month_and_day)] = Field(
        default="", description="month and day, MM-DD, of the next year by which documents of a year are due"
    )
    round_months: int = Field(default=0, ge=0, le=120, description="months after the end of a round; 0: none")
    rounds: tuple[HandoverRound, ...] = Field(default=(), description="rounds that have ended or will end")
    clause: str = Field(default="", description="the clause of the rule")


class NatureOptions(Options):
    """``[natures]``: under which of the four natures 四性 reports show each check; the rest stand last."""

    authenticity: tuple[str, ...] = Field(default=(), description="真实性: ids of checks")
    integrity: tuple[str, ...] = Field(default=(), description="完整性: ids of checks")
    usability: tuple[str, ...] = Field(default=(), description="可用性: ids of checks")
    security: tuple[str, ...] = Field(default=(), description="安全性: ids of checks")
    image_parameters: tuple[str, ...] = Field(
        default=(), description="图像技术参数, outside the four natures: ids of checks"
    )

    @model_validator(mode="after")
    def _each_check_once(self) -> Self:
        named = [check for field in type(self).model_fields for check in getattr(self, field)]
        if twice := sorted({check for check in named if named.count(check) > 1}):
            raise ValueError(f"named more than once: {', '.join(twice)}")
        return self


class WatchOptions(Options):
    """``[watch]``: how a watched folder is taken in; plays no part in how pages are judged."""

    settle_seconds: float = Field(
        default=0.5, ge=0.1, le=60, description="a complete file that stood still so long is examined"
    )
    doubtful_seconds: float = Field(
        default=5.0, ge=0.1, le=3600, description="as long a file whose format does not tell where it ends"
    )
    give_up_seconds: float = Field(
        default=600.0,
        ge=1,
        description="a file that stood still so long is examined though it is not complete, and is a finding",
    )
    rest_seconds: float = Field(
        default=120.0, ge=1, description="an item is closed when no page of it came for so long"
    )
    next_item_closes: bool = Field(
        default=False, description="whether an item is closed when pages of the next one come"
    )
    markers: tuple[str, ...] = Field(
        default=("*.done", "*.ok", "_COMPLETE", "完成.txt"),
        description="names, with * and ?, of files that say that the item of their folder is complete; "
        "CODE.done beside the folder says so of the item CODE",
    )
    unfinished: tuple[str, ...] = Field(
        default=("*.tmp", "*.temp", "*.part", "*.partial", "*.crdownload", "~*", ".*"),
        description="names, with * and ?, that programs give to files they are still writing",
    )
    accepted_folder: str = Field(
        default="", description="folder to which accepted items are moved; empty: nothing is moved"
    )
    rejected_folder: str = Field(
        default="", description="folder to which rejected items are moved; empty: nothing is moved"
    )

    @model_validator(mode="after")
    def _patience_grows(self) -> Self:
        if not self.settle_seconds <= self.doubtful_seconds <= self.give_up_seconds:
            raise ValueError(
                "settle_seconds, doubtful_seconds and give_up_seconds must not fall in this order"
            )
        return self


class EvidenceOptions(Options):
    """``[evidence]``: pictures of defects in reports."""

    thumbnail_px: int = Field(ge=64, le=4096, description="longer side of a picture")
