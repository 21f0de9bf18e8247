"""Single words that stand as values in messages and can be said in the reader's language.

Only the fields named here are looked at: a file that somebody called ``left`` keeps its name.
"""

from ybda_qc.report.mark import mark as _

FIELDS = frozenset(
    {
        "allowed",
        "appearance",
        "cause",
        "channel",
        "compression",
        "content",
        "corners",
        "kinds",
        "missing",
        "mode",
        "side",
        "sides",
        "stage",
        "tint",
        "usual",
    }
)
"""Fields whose values are words or lists of words, with comma and blank between."""

WORDS = (
    # colour modes
    _("bitonal"),
    _("grey"),
    _("palette"),
    _("grey-alpha"),
    _("other"),
    # hues, and tints of paper
    _("red"),
    _("green"),
    _("blue"),
    _("bluish"),
    _("greenish"),
    _("pinkish"),
    _("yellowish"),
    # what is on a page that is blank or nearly so
    _("bare"),
    _("all-dark"),
    _("tinted paper"),
    _("show-through or stains"),
    _("holes"),
    _("broad tones"),
    _("page number"),
    _("red seal"),
    _("red stamp or writing"),
    _("stamp or writing in colour"),
    _("pencil or faint writing"),
    _("dark marks"),
    _("writing or pictures"),
    # sides
    _("left"),
    _("right"),
    _("top"),
    _("bottom"),
    # corners
    _("top left"),
    _("top right"),
    _("bottom left"),
    _("bottom right"),
    # compression
    _("none"),
    _("mixed"),
    _("vector"),
    # active content of PDF files
    _("javascript"),
    _("launch"),
    _("uri"),
    _("submit-form"),
    _("import-data"),
    _("remote-go-to"),
    _("embedded-go-to"),
    _("rich-media"),
    _("embedded-file"),
    # metadata
    _("icc-profile"),
    _("make"),
    _("model"),
    _("software"),
    _("datetime"),
    _("artist"),
    _("description"),
    _("document-name"),
    _("host-computer"),
    _("copyright"),
    _("comment"),
    # faults of the program
    _("exception"),
    _("crashed"),
    _("timeout"),
    _("memory"),
    _("open"),
    _("header"),
    _("decode"),
    _("measure"),
    _("evidence"),
)
COMMA = _(", ")
