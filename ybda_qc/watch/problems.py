"""What can be wrong with the configuration of the service; templates with the fields ``file`` and ``key``."""

HEADLINE = "the configuration {profile} of the service cannot be used; mistakes to mend: {count}"

MISSING_KEY = "{file}: {key}: missing; set it"
UNKNOWN_TABLE = "{file}: {key}: unknown table; known here: {known}"
UNKNOWN_TABLE_NEAR = "{file}: {key}: unknown table; did you mean '{near}'?"
NOT_A_LIST_OF_TABLES = "{file}: {key}: must be written in double brackets, [[inbox]], once for each folder"

SAME_INBOX = "{file}: {key}: {inbox} is watched twice; each folder once"
NESTED_INBOX = "{file}: {key}: {inbox} lies inside {other}, which is watched too; watch one of the two"
SAME_NAME = "{file}: {key}: two inboxes are called '{name}'; give each a name of its own (name = \"…\")"
SAME_OUT = "{file}: {key}: {out} is also the output folder of {inbox}; each inbox needs its own"
NESTED_OUT = "{file}: {key}: {out} lies inside {other}, the output folder of {inbox}; put it beside it"
OUT_IN_INBOX = (
    "{file}: {key}: the output folder {out} lies inside the inbox {inbox} and would be taken in with it; "
    "choose a folder outside it"
)
INBOX_IN_OUT = "{file}: {key}: the inbox {inbox} lies inside the output folder {out}; choose another for out"

TARGET_HOLDS_INBOX = (
    "{file}: {key}: {target} is the watched folder {inbox}, or holds it, so that moved items could come back "
    'into it; name a folder beside it, for example "accepted"'
)
TARGET_IN_OTHER = (
    "{file}: {key}: {target} and {inbox}, which is watched too, lie in one another or are the same, so that "
    "moved items would be taken in there; name a folder of its own"
)
TARGET_IN_OUT = (
    "{file}: {key}: {target} and the output folder {out} lie in one another or are the same; name a folder "
    "beside it, or choose another output folder"
)
SAME_TARGET = (
    "{file}: {key}: {target} is also accepted_folder, so that accepted and rejected items could not be told "
    "apart; name two folders"
)

NOT_AN_ADDRESS = (
    "{file}: {key}: '{value}' is no address to listen at; write host:port, for example 127.0.0.1:9178"
)
NOT_A_URL = "{file}: {key}: '{value}' is no address of a web server; write http://… or https://…"
URL_WITH_LOGIN = "{file}: {key}: no name and password in the address: deliveries are signed instead"
NO_KEY = (
    "{file}: {key}: missing, so deliveries could not be signed; name a file that holds the secret, or set "
    "the environment variable {variable}"
)
EMPTY_KEY = (
    "{file}: {key}: the secret is empty; put 24 to 64 random bytes in Base64 there, with whsec_ in front if "
    "the receiver shows it so"
)
NOT_A_KEY = (
    "{file}: {key}: the secret is not Base64; 24 to 64 random bytes in Base64 are wanted, with whsec_ in "
    "front if the receiver shows it so"
)
SHORT_KEY = (
    "{file}: {key}: the secret is only {bytes} bytes long; at least {least} random bytes in Base64 are wanted"
)
NO_KEY_FILE = "{file}: {key}: there is no file {name}; write the secret to it, readable by the service only"
UNREADABLE_KEY_FILE = "{file}: {key}: {name} cannot be read: {detail}"
NO_EVENTS = "{file}: {key}: empty, so nothing would ever be delivered; name at least one event"
