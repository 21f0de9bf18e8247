"""Which checks there are: our own in explicit, sorted tuples, and those that other packages bring."""

from importlib.metadata import EntryPoint, entry_points
from typing import Any, Final

from ybda_qc.checks._base import BatchCheck, Check, PageCheck
from ybda_qc.checks.batch.archival_code import ArchivalCodeCheck
from ybda_qc.checks.batch.catalogue_fields import CatalogueFieldsCheck
from ybda_qc.checks.batch.catalogue_link import CatalogueLinkCheck
from ybda_qc.checks.batch.declared_blank import DeclaredBlankCheck
from ybda_qc.checks.batch.duplicate_page import DuplicatePageCheck
from ybda_qc.checks.batch.file_name import FileNameCheck
from ybda_qc.checks.batch.fixity import FixityCheck
from ybda_qc.checks.batch.layout import LayoutCheck
from ybda_qc.checks.batch.media_format import MediaFormatCheck
from ybda_qc.checks.batch.page_count import PageCountCheck
from ybda_qc.checks.batch.page_number_order import PageNumberOrderCheck
from ybda_qc.checks.batch.page_outlier import PageOutlierCheck
from ybda_qc.checks.batch.scanner_health import ScannerHealthCheck
from ybda_qc.checks.batch.sequence import SequenceCheck
from ybda_qc.checks.batch.title_match import TitleMatchCheck
from ybda_qc.checks.batch.uniformity import UniformityCheck
from ybda_qc.checks.page.active_content import ActiveContentCheck
from ybda_qc.checks.page.blank_page import BlankPageCheck
from ybda_qc.checks.page.colour_mode import ColourModeCheck
from ybda_qc.checks.page.cropped_content import CroppedContentCheck
from ybda_qc.checks.page.dark_border import DarkBorderCheck
from ybda_qc.checks.page.encoding import EncodingCheck
from ybda_qc.checks.page.exposure import ExposureCheck
from ybda_qc.checks.page.file_format import FileFormatCheck
from ybda_qc.checks.page.file_size import FileSizeCheck
from ybda_qc.checks.page.fingerprint import FingerprintCheck
from ybda_qc.checks.page.folded_corner import FoldedCornerCheck
from ybda_qc.checks.page.metadata import MetadataCheck
from ybda_qc.checks.page.orientation import OrientationCheck
from ybda_qc.checks.page.paper_size import PaperSizeCheck
from ybda_qc.checks.page.readable import ReadableCheck
from ybda_qc.checks.page.resolution import ResolutionCheck
from ybda_qc.checks.page.scanner_line import ScannerLineCheck
from ybda_qc.checks.page.sharpness import SharpnessCheck
from ybda_qc.checks.page.show_through import ShowThroughCheck
from ybda_qc.checks.page.skew import SkewCheck
from ybda_qc.checks.page.speckle import SpeckleCheck
from ybda_qc.checks.page.text_confidence import TextConfidenceCheck
from ybda_qc.checks.page.text_layer import TextLayerCheck
from ybda_qc.checks.page.true_colour import TrueColourCheck
from ybda_qc.checks.page.true_resolution import TrueResolutionCheck
from ybda_qc.errors import UsageError

ENTRY_POINT_GROUP: Final = "ybda_qc.checks"
"""Group under which other packages offer check classes."""

PAGE_CHECKS: Final[tuple[type[PageCheck], ...]] = (
    ActiveContentCheck,
    BlankPageCheck,
    ColourModeCheck,
    CroppedContentCheck,
    DarkBorderCheck,
    EncodingCheck,
    ExposureCheck,
    FileFormatCheck,
    FileSizeCheck,
    FingerprintCheck,
    FoldedCornerCheck,
    MetadataCheck,
    OrientationCheck,
    PaperSizeCheck,
    ReadableCheck,
    ResolutionCheck,
    ScannerLineCheck,
    SharpnessCheck,
    ShowThroughCheck,
    SkewCheck,
    SpeckleCheck,
    TextConfidenceCheck,
    TextLayerCheck,
    TrueColourCheck,
    TrueResolutionCheck,
)
BATCH_CHECKS: Final[tuple[type[BatchCheck], ...]] = (
    ArchivalCodeCheck,
    CatalogueFieldsCheck,
    CatalogueLinkCheck,
    DeclaredBlankCheck,
    DuplicatePageCheck,
    FileNameCheck,
    FixityCheck,
    LayoutCheck,
    MediaFormatCheck,
    PageCountCheck,
    PageNumberOrderCheck,
    PageOutlierCheck,
    ScannerHealthCheck,
    SequenceCheck,
    TitleMatchCheck,
    UniformityCheck,
)


def load_checks() -> tuple[tuple[type[PageCheck], ...], tuple[type[BatchCheck], ...]]:
    """Our own checks and those of plug-ins (entry points of the group ``ybda_qc.checks``).

    Returns
    -------
    page_checks, batch_checks
        Each sorted by id.

    Raises
    ------
    UsageError
        A plug-in fails to load (the cause is chained and named), is no check, or takes an id that is in use.
        A run must not go on without a check that somebody relies on.
    """
    found: dict[str, type[Check]] = {check.id: check for check in (*PAGE_CHECKS, *BATCH_CHECKS)}
    for entry in sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda entry: (entry.name, entry.value)):
        check = _load(entry)
        other = found.get(check.id)
        if other is not None:
            raise UsageError(
                'the check plug-in {plugin} takes the id "{id}", which {other} has already',
                plugin=entry.value,
                id=check.id,
                other=f"{other.__module__}:{other.__name__}",
            )
        found[check.id] = check
    ordered = [check for _, check in sorted(found.items())]
    return (
        tuple(check for check in ordered if issubclass(check, PageCheck)),
        tuple(check for check in ordered if issubclass(check, BatchCheck)),
    )


def _load(entry: EntryPoint) -> type[Check]:
    try:
        check: Any = entry.load()
    except Exception as error:
        raise UsageError(
            "the check plug-in {plugin} cannot be loaded: {cause}",
            plugin=entry.value,
            cause=f"{type(error).__name__}: {error}",
        ) from error
    if not (isinstance(check, type) and issubclass(check, PageCheck | BatchCheck)):
        raise UsageError(
            "the check plug-in {plugin} is neither a page check nor a batch check", plugin=entry.value
        )
    missing = [name for name in ("id", "title", "version", "codes") if not hasattr(check, name)]
    if missing:
        raise UsageError(
            "the check plug-in {plugin} declares no {missing}", plugin=entry.value, missing=", ".join(missing)
        )
    return check
