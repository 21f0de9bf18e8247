"""What keeps a file from being taken for complete; nothing but templates, in English, with fields."""

EMPTY = "empty"
NO_HEADER = "no header yet"
HEADER_CUT = "ends within its header"
END_MISSING = "end marker missing"
SHORTER = "shorter than its header says: {size} of {expected} bytes"
PART_EMPTY = "a part of it is not filled yet"
NO_DIRECTORY = "its directory is not written yet"
PART_LACKING = "{part} is missing"

HAS_HOLES = "parts of it were never written"
ZEROS_AT_END = "ends with zeros"
ZEROS_WITHIN = "holds long runs of zeros"
GOES_ON = "goes on after its end"
DAMAGED = "damaged, or not finished"
TOO_MANY_PARTS = "has too many parts to look at"

NO_END = "nothing in this format tells its end"
UNKNOWN_FORMAT = "of no known format"

NOT_A_FILE = "not a regular file"
UNREADABLE = "cannot be read: {reason}"
