"""Single words that stand as values in messages and can be said in the reader's language.

Only the fields named here are looked at: a file that somebody called ``left`` keeps its name.
"""

import re

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
        "counts",
        "expected",
        "field",
        "kinds",
        "missing",
        "mode",
        "numbers",
        "part",
        "places",
        "present",
        "side",
        "sides",
        "stage",
        "tint",
        "usual",
        "widths",
    }
)
"""Fields whose values are words or lists of words, with comma and blank between, also with a count each."""

WORDS = (
    # colour modes
    _("bitonal"),
    _("grey"),
    _("palette"),
    _("grey-alpha"),
    _("rgb"),
    _("rgba"),
    _("cmyk"),
    _("ycck"),
    _("lab"),
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
    # parts of archival codes, and what they may be
    _("fonds 全宗号"),
    _("category 门类"),
    _("class 类别"),
    _("project 项目号"),
    _("list 案卷目录号"),
    _("year 年度"),
    _("retention 保管期限"),
    _("organisation 机构"),
    _("volume 案卷号"),
    _("item 件号"),
    _("class 类别号"),
    _("item or page 件(页)号"),
    _("page 页号"),
    _("a year of 4 digits"),
    _("2 letters"),
    _("2 letters or digits"),
    _("3 letters or digits"),
    _("4 letters or digits"),
    _("3 digits"),
    _("4 digits"),
    _("3 or 4 digits"),
    _("up to 3 digits"),
    _("up to 3 letters"),
    _("letters or 2 to 3 digits or Chinese characters"),
    # fields of the catalogue
    _("code 档号"),
    _("document_number 文号"),
    _("author 责任者"),
    _("title 题名"),
    _("date 日期"),
    _("security 密级"),
    _("pages 页数"),
    # what files of media lack
    _("data"),
    _("data length"),
    _("end of codestream"),
    _("end of image"),
    _("footer partition"),
    _("last page"),
    _("RIFF length"),
    _("trailer"),
    # copies of a delivery
    _("masters 保存件"),
    _("access copies 利用件"),
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
SYSTEM_FIELDS = frozenset({"detail", "reason"})
"""Fields whose values may be what the operating system says of an error; other values stay as they are."""
SYSTEM_ERRORS = (
    _("No such file or directory"),
    _("Permission denied"),
    _("Operation not permitted"),
    _("No space left on device"),
    _("Disk quota exceeded"),
    _("Read-only file system"),
    _("Input/output error"),
    _("Is a directory"),
    _("Not a directory"),
    _("File exists"),
    _("Directory not empty"),
    _("File name too long"),
    _("File too large"),
    _("Too many levels of symbolic links"),
    _("Too many open files"),
    _("Invalid cross-device link"),
    _("Invalid argument"),
    _("Device or resource busy"),
    _("Stale file handle"),
    _("Transport endpoint is not connected"),
    _("Host is down"),
    _("No route to host"),
    _("Network is unreachable"),
    _("Connection refused"),
    _("Connection reset by peer"),
    _("Connection timed out"),
    _("Address already in use"),
    _("Cannot assign requested address"),
    _("Name or service not known"),
)

LIST_FIELDS = frozenset({"codes", "keys", "known", "languages"})
"""Fields whose values are lists of names, with comma and blank between; the names are not translated."""

COMMA, COLON = _(", "), _(": ")
"""Between the parts of a list, and between a name and what is said of it."""

COUNTED = re.compile(r"(?P<word>.+): (?P<count>[0-9]+)", re.DOTALL)

COPY_FIELD = "item"
"""Field whose value is an item, with the copy of a delivery in brackets where there are several."""
ITEM_OF_COPY = re.compile(r"(?P<item>.+) \((?P<copy>[^()]+)\)", re.DOTALL)
IN_COPY = _("{item} ({copy})")

PLACE_FIELDS = frozenset({"place", "row", "rows"})
"""Fields whose values are rows of the catalogue 目录, several with semicolon and blank between."""
PLACE = re.compile(r"row (?P<row>[0-9]+)(?: of (?P<sheet>.+))?", re.DOTALL)
ROW = _("row {row}")
ROW_OF_SHEET = _("row {row} of {sheet}")
