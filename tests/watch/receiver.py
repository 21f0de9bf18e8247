"""A web server that receives deliveries, and misbehaves as it is told."""

import base64
import hashlib
import hmac
import json
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

KEY = bytes(range(1, 33))
PATIENCE = 60.0  # seconds, for whatever is waited for

Answer = int | Callable[["Handler"], None]


@dataclass
class Delivery:
    """A request as it came in."""

    path: str
    headers: dict[str, str]
    body: bytes
    at: float = field(default_factory=time.time)

    @property
    def event(self) -> int:
        return int(json.loads(self.body)["data"]["id"])

    @property
    def is_signed(self) -> bool:
        """Verified as the receiver's documentation would say, not as the sender does it."""
        content = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode() + self.body
        expected = base64.b64encode(hmac.new(KEY, content, hashlib.sha256).digest()).decode()
        versions = [given.split(",", 1) for given in self.headers["webhook-signature"].split(" ")]
        fresh = abs(self.at - int(self.headers["webhook-timestamp"])) < 60
        return fresh and any(
            name == "v1" and hmac.compare_digest(value, expected) for name, value in versions
        )


class Handler(BaseHTTPRequestHandler):
    server: "Server"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.server.receiver.take(Delivery(self.path, headers, body))
        if callable(answer):
            answer(self)
        else:
            self.send_response(answer)
            self.send_header("Content-Length", "0")
            self.end_headers()

    def log_message(self, *args: Any) -> None:
        pass


class Server(ThreadingHTTPServer):
    receiver: "Receiver"
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass  # clients that hang up


class Receiver:
    """Listens while the context lasts; `answers` are used up one by one, then it is `answer`."""

    def __init__(self, *answers: Answer, answer: Answer = 204, port: int = 0) -> None:
        self._answers = list(answers)
        self._answer = answer
        self._changed = threading.Condition()
        self.deliveries: list[Delivery] = []
        self.over = threading.Event()
        self._server = Server(("127.0.0.1", port), Handler)
        self._server.receiver = self
        self.port = self._server.server_port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?x=1"

    @property
    def events(self) -> list[int]:
        return [delivery.event for delivery in self.deliveries]

    def speak_tls(self, certificate: str, key: str) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)

    def take(self, delivery: Delivery) -> Answer:
        with self._changed:
            self.deliveries.append(delivery)
            self._changed.notify_all()
            return self._answers.pop(0) if self._answers else self._answer

    def wait_for(self, count: int) -> list[Delivery]:
        """The deliveries, once there are so many."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.deliveries) >= count, PATIENCE), self.events
            return list(self.deliveries)

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()


def hang(handler: Handler) -> None:
    """Never answer."""
    handler.server.receiver.over.wait(PATIENCE)


def dribble(handler: Handler) -> None:
    """Answer letter by letter, without an end."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Letters: ")
    while not handler.server.receiver.over.wait(0.05):
        handler.wfile.write(b"x")
        handler.wfile.flush()


def redirect(handler: Handler) -> None:
    """Send the client elsewhere."""
    handler.send_response(302)
    handler.send_header("Location", "/elsewhere")
    handler.end_headers()


def busy(handler: Handler) -> None:
    """Ask for patience."""
    handler.send_response(429)
    handler.send_header("Retry-After", "0")
    handler.end_headers()


def babble(handler: Handler) -> None:
    """Answer what is no HTTP."""
    handler.wfile.write(b"\x00\x01 hello\r\n\r\n")
