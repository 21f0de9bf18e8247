"""The words the script of the HTML report uses."""

from ybda_qc.report.translate import mark as _

SCRIPT_WORDS: dict[str, str] = {
    "batch": _("Whole batch"),
    "outside": _("Files outside items"),
    "pages": _("{n} pages"),
    "rework": _("{n} to act on"),
    "notes": _("{n} notes"),
    "shown": _("{n} of {total} findings, in {items} items"),
    "none": _("No finding fits this filter."),
    "clean": _("Nothing was found."),
    "more": _("Show {n} more of this item"),
    "place": _("Items {first}-{last} of {total}"),
    "previous": _("Previous"),
    "next": _("Next"),
    "measured": _("Measured"),
    "limit": _("Limit"),
    "frame": _("page {n} of the file"),
    "andmore": _("and {n} more pages"),
    "manual": _("Why, and how to mend it"),
    "why": _("Why"),
    "remedy": _("Remedy"),
    "enlarge": _("Enlarge picture"),
    "close": _("Close"),
    "picture": _("Evidence: {defect}, {page}"),
    "linked": _("picture in the evidence folder"),
    "all": _("All checks"),
    "expand": _("Open all"),
    "collapse": _("Close all"),
}
