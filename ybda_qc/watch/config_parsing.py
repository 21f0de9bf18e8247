"""Words of the configuration file that have a form of their own: addresses and the secret."""

import base64
import binascii
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from ybda_qc.profile.validation import Check
from ybda_qc.watch import problems as say
from ybda_qc.watch.config_values import HttpAddress

SECRET_VARIABLE = "YBDA_QC_WEBHOOK_SECRET"  # noqa: S105 - the name of a variable
_SECRET_PREFIX = "whsec_"  # noqa: S105
_LEAST_SECRET_BYTES = 24  # Standard Webhooks asks for 24 to 64
_LOOPBACK = "127.0.0.1"
_ADDRESS = re.compile(r"(?:(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<host>[^\s:\[\]/]+)):)?(?P<port>\d{1,5})")
_KEPT = "/%:?#[]@!$&'()*+,;=~"


def parse_address(text: str) -> HttpAddress | None:
    """``host:port``; the port alone means this machine only. None if it is neither."""
    found = _ADDRESS.fullmatch(text.strip())
    if found is None or int(found["port"]) > 65535:
        return None
    return HttpAddress(host=found["v6"] or found["host"] or _LOOPBACK, port=int(found["port"]))


def read_url(text: str, check: Check) -> str | None:
    """The address of a web server as it travels, in ASCII; None with a mistake noted."""
    try:
        parts = urlsplit(text.strip())
        host, port = parts.hostname, parts.port
    except ValueError:  # brackets or a port that are none
        host, port = None, None
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not host or " " in host:
        check.add(say.NOT_A_URL, ("url",), value=text)
        return None
    if parts.username is not None or parts.password is not None:
        check.add(say.URL_WITH_LOGIN, ("url",))
        return None
    try:
        name = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        check.add(say.NOT_A_URL, ("url",), value=text)
        return None
    shown = f"[{name}]" if ":" in name else name
    netloc = shown if port is None else f"{shown}:{port}"
    return urlunsplit((parts.scheme, netloc, quote(parts.path or "/", _KEPT), quote(parts.query, _KEPT), ""))


def read_secret(file: Path | None, environ: Mapping[str, str], check: Check) -> bytes | None:
    """The secret that signs deliveries, from its file or else the environment, decoded.

    Parameters
    ----------
    file
        The file, None where none is named.
    environ
        The environment.
    check
        Takes what is wrong with it.

    Returns
    -------
    bytes | None
        None if there is no secret that can be used.
    """
    if file is None:
        if SECRET_VARIABLE not in environ:
            check.add(say.NO_KEY, ("secret_file",), variable=SECRET_VARIABLE)
            return None
        text: str | None = environ[SECRET_VARIABLE]
    else:
        text = _secret_text(file, check)
    return None if text is None else _decoded(text.strip(), check)


def _secret_text(file: Path, check: Check) -> str | None:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        check.add(say.NO_KEY_FILE, ("secret_file",), name=str(file))
    except OSError as error:
        detail = error.strerror or str(error)
        check.add(say.UNREADABLE_KEY_FILE, ("secret_file",), name=str(file), detail=detail)
    except UnicodeDecodeError:
        check.add(say.NOT_A_KEY, ("secret_file",))
    return None


def _decoded(text: str, check: Check) -> bytes | None:
    if not text:
        check.add(say.EMPTY_KEY, ("secret_file",))
        return None
    try:
        key = base64.b64decode(text.removeprefix(_SECRET_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        check.add(say.NOT_A_KEY, ("secret_file",))
        return None
    if len(key) < _LEAST_SECRET_BYTES:
        check.add(say.SHORT_KEY, ("secret_file",), bytes=len(key), least=_LEAST_SECRET_BYTES)
        return None
    return key
