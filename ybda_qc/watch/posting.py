"""A delivery to a webhook: its body, its signature, and the attempt to hand it over.

Signed as Standard Webhooks (https://www.standardwebhooks.com, specification 1.0) asks: HMAC-SHA256 over
identifier, time and body, so that the receiver knows who sent it and that nobody sends it again later.
"""

import base64
import hashlib
import hmac
import http.client
import json
import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from ybda_qc import __version__
from ybda_qc.model.watching import Event

_DIGITS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of an attempt.

    Parameters
    ----------
    status
        Of the receiver's answer, 0 where there was none.
    detail
        Its phrase, or why there was none.
    retry_after
        Seconds after which the receiver asks to be tried again, None where it does not say.
    """

    status: int
    detail: str
    retry_after: float | None = None

    @property
    def is_taken(self) -> bool:
        """Whether the receiver has the event."""
        return 200 <= self.status < 300

    @property
    def is_refusal(self) -> bool:
        """Whether it says that it does not want it: any 4xx but those that ask for patience."""
        return 400 <= self.status < 500 and self.status not in (408, 425, 429)


def delivery_id(inbox: str, event: Event) -> str:
    """The same for every attempt at an event, and another for every other event of any folder."""
    text = json.dumps([inbox, event.id, event.at.isoformat(), event.kind.value, event.subject])
    return f"msg_{hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]}"


def body_of(inbox: str, event: Event) -> bytes:
    """The event as JSON in UTF-8."""
    data = {**event.document, "inbox": inbox, "subject": event.subject, "id": event.id}
    document = {"type": event.kind.value, "timestamp": event.at.isoformat(), "data": data}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def signature(key: bytes, identifier: str, timestamp: int, body: bytes) -> str:
    """The value of ``webhook-signature``."""
    signed = b"%s.%d.%s" % (identifier.encode("ascii"), timestamp, body)
    return f"v1,{base64.b64encode(hmac.digest(key, signed, 'sha256')).decode('ascii')}"


def headers(key: bytes, identifier: str, timestamp: int, body: bytes) -> dict[str, str]:
    """All headers of an attempt but those of HTTP itself."""
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": f"ybda-qc/{__version__}",
        "Connection": "close",
        "webhook-id": identifier,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(key, identifier, timestamp, body),
    }


class Attempt:
    """One request on a thread of its own, so that whoever waits for it can turn away at any moment.

    No operation on the way can be relied on to come back in time: the look-up of the name, the handshake,
    or a server that sends its answer letter by letter.

    Parameters
    ----------
    url, headers, body
        What is sent, by POST. Redirects are not followed: the signature is meant for one receiver.
    seconds
        After which a single operation on the socket is given up.
    tls
        How the receiver of an ``https`` address is verified.
    wake
        Set when there is an answer.
    """

    def __init__(
        self,
        url: str,
        headers: dict[str, str],
        body: bytes,
        *,
        seconds: float,
        tls: ssl.SSLContext | None,
        wake: threading.Event,
    ) -> None:
        self._url = urlsplit(url)
        self._headers = headers
        self._body = body
        self._seconds = seconds
        self._tls = tls
        self._wake = wake
        self._connection: http.client.HTTPConnection | None = None
        self._is_abandoned = False
        self.answer: Answer | None = None
        threading.Thread(target=self._run, name="webhook attempt", daemon=True).start()

    def abandon(self) -> None:
        """Wait no longer: cut the connection, where there is one."""
        self._is_abandoned = True
        sock = self._connection.sock if self._connection is not None else None
        if sock is not None:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def _run(self) -> None:
        try:
            self.answer = self._post()
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.answer = Answer(status=0, detail=_reason(error))
        finally:
            self._wake.set()

    def _post(self) -> Answer:
        self._connection = connection = self._connect()
        try:
            connection.connect()
            if self._is_abandoned:  # it would arrive after what was tried next
                return Answer(status=0, detail="abandoned")
            target = f"{self._url.path}?{self._url.query}" if self._url.query else self._url.path
            connection.request("POST", target, body=self._body, headers=self._headers)
            response = connection.getresponse()
            # The body of the answer is of no interest, and may have no end.
            detail = " ".join(response.reason.split()) or http.client.responses.get(response.status, "")
            return Answer(
                status=response.status,
                detail=detail[:100],
                retry_after=_seconds(response.getheader("Retry-After", "")),
            )
        finally:
            connection.close()

    def _connect(self) -> http.client.HTTPConnection:
        assert self._url.hostname is not None, "the configuration has a host"
        if self._url.scheme == "http":
            return http.client.HTTPConnection(self._url.hostname, self._url.port, timeout=self._seconds)
        return http.client.HTTPSConnection(
            self._url.hostname, self._url.port, timeout=self._seconds, context=self._tls
        )


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    text = getattr(error, "verify_message", "") or getattr(error, "strerror", "") or str(error)
    return text or type(error).__name__


def _seconds(text: str | None) -> float | None:
    """``Retry-After`` in seconds; a date is passed over, for the receiver's clock need not be ours."""
    digits = (text or "").strip()
    return float(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 8 else None
