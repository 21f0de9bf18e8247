"""Frozen values of the domain; standard library only."""

from ybda_qc.model.archival_code import ArchivalCode, CodeProblem, CodeReading, LookAlike
from ybda_qc.model.catalogue import Catalogue, CatalogueIdentity, CatalogueTable, Record
from ybda_qc.model.drawing import Drawing
from ybda_qc.model.facts import Facts
from ybda_qc.model.file_facts import (
    DIGEST_HEX_DIGITS,
    ChecksumEntry,
    ChecksumList,
    ChecksumProblem,
    FileFacts,
)
from ybda_qc.model.finding import Correction, Finding, LimitSource, Scalar
from ybda_qc.model.hit import Found, TextHit
from ybda_qc.model.measurement import Box, Measured, Measurement, NotApplicable, Observation, Unit, stepped
from ybda_qc.model.media import MEDIA_FORMATS, MediaCategory, MediaFormat
from ybda_qc.model.page import Batch, BatchFile, DeliveryCopy, FileRole, Item, PageId, Stray
from ybda_qc.model.pair import Candidates, Compared, PageContent, PagePair, PairedPage, Pairing, PairKey
from ybda_qc.model.report import (
    CheckCard,
    Coverage,
    Decision,
    DueDate,
    LimitCard,
    ProfileIdentity,
    Reason,
    RunInfo,
    Summary,
    Totals,
)
from ybda_qc.model.result import BatchOutcome, CheckResult, JudgedPage, PageFault, PageResult, Stage, State
from ybda_qc.model.stored import stored
from ybda_qc.model.text import PageText, QuarterTurn, TextLine, Word, WritingDirection, join_boxes
from ybda_qc.model.verdict import Outcome, Scope, Verdict, worst

__all__ = [
    "DIGEST_HEX_DIGITS",
    "MEDIA_FORMATS",
    "ArchivalCode",
    "Batch",
    "BatchFile",
    "BatchOutcome",
    "Box",
    "Candidates",
    "Catalogue",
    "CatalogueIdentity",
    "CatalogueTable",
    "CheckCard",
    "CheckResult",
    "ChecksumEntry",
    "ChecksumList",
    "ChecksumProblem",
    "CodeProblem",
    "CodeReading",
    "Compared",
    "Correction",
    "Coverage",
    "Decision",
    "DeliveryCopy",
    "Drawing",
    "DueDate",
    "Facts",
    "FileFacts",
    "FileRole",
    "Finding",
    "Found",
    "Item",
    "JudgedPage",
    "LimitCard",
    "LimitSource",
    "LookAlike",
    "Measured",
    "Measurement",
    "MediaCategory",
    "MediaFormat",
    "NotApplicable",
    "Observation",
    "Outcome",
    "PageContent",
    "PageFault",
    "PageId",
    "PagePair",
    "PageResult",
    "PageText",
    "PairKey",
    "PairedPage",
    "Pairing",
    "ProfileIdentity",
    "QuarterTurn",
    "Reason",
    "Record",
    "RunInfo",
    "Scalar",
    "Scope",
    "Stage",
    "State",
    "Stray",
    "Summary",
    "TextHit",
    "TextLine",
    "Totals",
    "Unit",
    "Verdict",
    "Word",
    "WritingDirection",
    "join_boxes",
    "stepped",
    "stored",
    "worst",
]
