"""The port of the service: ``/healthz`` for supervisors and ``/metrics`` for Prometheus."""

import json
import logging
import socket
import sys
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from http import HTTPStatus
from socketserver import TCPServer, ThreadingMixIn
from types import TracebackType
from typing import Any, Self
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer
from wsgiref.types import StartResponse, WSGIEnvironment

from ybda_qc.errors import InputError
from ybda_qc.watch.config_values import HttpAddress
from ybda_qc.watch.health import Health
from ybda_qc.watch.metrics import Metrics

_SILENT_SECONDS = 5.0
_WHOLE_SECONDS = 15.0
_MOST_CLIENTS = 16
_POLL_SECONDS = 0.1

_log = logging.getLogger(__name__)


class HttpServer:
    """Answers on threads of its own while the context lasts; nothing a client does reaches the service.

    Parameters
    ----------
    address
        Where to listen; port 0 takes any that is free.
    health, metrics
        What is told.
    silent_seconds, whole_seconds
        A client that says nothing for so long is let go, and one that has not finished by then, however much
        it says.

    Attributes
    ----------
    port
        The port that was taken.

    Raises
    ------
    InputError
        If the port is in use, or the address cannot be had.
    """

    def __init__(
        self,
        address: HttpAddress,
        health: Health,
        metrics: Metrics,
        *,
        silent_seconds: float = _SILENT_SECONDS,
        whole_seconds: float = _WHOLE_SECONDS,
    ) -> None:
        self._server = _listen(address)
        self._server.silent_seconds, self._server.whole_seconds = silent_seconds, whole_seconds
        self._server.set_app(_Pages(health, metrics))
        self.port: int = self._server.server_port
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(_POLL_SECONDS,), name="http", daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Pages:
    """The WSGI application."""

    def __init__(self, health: Health, metrics: Metrics) -> None:
        self._health = health
        self._metrics = metrics

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        status, kind, body = self._answer(environ)
        headers = [
            ("Content-Type", kind),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
        ]
        if status is HTTPStatus.METHOD_NOT_ALLOWED:
            headers.append(("Allow", "GET, HEAD"))
        start_response(f"{status.value} {status.phrase}", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _answer(self, environ: WSGIEnvironment) -> tuple[HTTPStatus, str, bytes]:
        routes: dict[str, Callable[[WSGIEnvironment], tuple[HTTPStatus, str, bytes]]] = {
            "/healthz": self._healthz,
            "/metrics": self._scrape,
        }
        route = routes.get(environ["PATH_INFO"])
        if route is None:
            return _text(HTTPStatus.NOT_FOUND, "only /healthz and /metrics are here\n")
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return _text(HTTPStatus.METHOD_NOT_ALLOWED, "only GET and HEAD\n")
        return route(environ)

    def _healthz(self, _environ: WSGIEnvironment) -> tuple[HTTPStatus, str, bytes]:
        is_well, document = self._health.report()
        body = json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"
        status = HTTPStatus.OK if is_well else HTTPStatus.SERVICE_UNAVAILABLE
        return status, "application/json; charset=utf-8", body

    def _scrape(self, environ: WSGIEnvironment) -> tuple[HTTPStatus, str, bytes]:
        body, kind = self._metrics.exposition(environ.get("HTTP_ACCEPT", ""))
        return HTTPStatus.OK, kind, body


def _text(status: HTTPStatus, text: str) -> tuple[HTTPStatus, str, bytes]:
    return status, "text/plain; charset=utf-8", text.encode()


class _Server(ThreadingMixIn, WSGIServer):
    """A bounded number of clients, each on a thread for a bounded time."""

    silent_seconds = _SILENT_SECONDS
    whole_seconds = _WHOLE_SECONDS
    request_queue_size = 64
    daemon_threads = True
    block_on_close = False
    # On Windows the option would let two processes listen at one port.
    allow_reuse_address = sys.platform != "win32"

    def __init__(self, family: socket.AddressFamily, address: tuple[str, int]) -> None:
        self.address_family = family
        self._free = threading.BoundedSemaphore(_MOST_CLIENTS)
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        """Bind without asking the name service who we are, which may take long and is of no use."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])
        self.setup_environ()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Take a client where there is room, else close."""
        if not self._free.acquire(blocking=False):
            self.shutdown_request(request)
            return
        try:
            super().process_request(request, client_address)
        except RuntimeError:  # no thread is to be had
            self._free.release()
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve a client, and part from it in time."""
        timer = threading.Timer(self.whole_seconds, _hang_up, (request,))
        timer.daemon = True
        try:
            timer.start()
            super().process_request_thread(request, client_address)
        finally:
            timer.cancel()
            self._free.release()

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002
        """A client that goes away is no news."""
        if not isinstance(sys.exception(), OSError):
            _log.exception("a request could not be answered")


class _Handler(WSGIRequestHandler):
    server: _Server
    server_version = "ybda-qc"
    sys_version = ""

    def setup(self) -> None:
        """Give the socket its patience."""
        self.request.settimeout(self.server.silent_seconds)
        super().setup()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the base class
        """Say nothing: a scrape every few seconds is no news."""

    def get_stderr(self) -> Any:
        """Errors go where ours go."""
        return _LogStream()


class _LogStream:
    def write(self, text: str) -> None:
        _log.error("%s", text.rstrip())

    def writelines(self, texts: Iterable[str]) -> None:
        for text in texts:
            self.write(text)

    def flush(self) -> None:
        pass


def _hang_up(request: socket.socket) -> None:
    with suppress(OSError):
        request.shutdown(socket.SHUT_RDWR)


def _listen(address: HttpAddress) -> _Server:
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
        family, _, _, _, place = found[0]
        return _Server(family, (str(place[0]), int(place[1])))
    except (OSError, UnicodeError) as error:
        raise InputError(
            "the service cannot listen at {address}: {detail}; choose another address for http, or end the "
            "program that holds it",
            address=str(address),
            detail=(getattr(error, "strerror", None) or str(error)),
        ) from error
