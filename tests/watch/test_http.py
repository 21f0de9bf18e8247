"""The port, over real sockets."""

import http.client
import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.watch.told import GONE, page_news, station_news
from ybda_qc.errors import ExitCode, InputError
from ybda_qc.watch.config import HttpAddress
from ybda_qc.watch.health import Health
from ybda_qc.watch.http import HttpServer
from ybda_qc.watch.metrics import Metrics

ANY_PORT = HttpAddress(host="127.0.0.1", port=0)


@pytest.fixture
def health() -> Health:
    return Health()


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
def port(health: Health, metrics: Metrics) -> Iterator[int]:
    with HttpServer(ANY_PORT, health, metrics) as server:
        yield server.port


def ask(port: int, path: str, method: str = "GET") -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path)
        response = connection.getresponse()
        return response.status, dict(response.getheaders()), response.read()
    finally:
        connection.close()


def test_healthz(port: int, health: Health) -> None:
    status, headers, body = ask(port, "/healthz")
    assert (status, json.loads(body)["status"]) == (200, "ok")
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    assert headers["Cache-Control"] == "no-store"
    health.hear(station_news("收件", trouble=GONE))
    status, _, body = ask(port, "/healthz?verbose=1")
    assert status == 503
    assert json.loads(body)["inboxes"]["收件"]["trouble"] == "the folder /srv/收件 is not there"


def test_metrics(port: int, metrics: Metrics) -> None:
    metrics.hear(page_news("收件"))
    status, headers, body = ask(port, "/metrics")
    assert status == 200
    assert headers["Content-Type"].startswith("text/plain")
    families = {family.name: family for family in text_string_to_metric_families(body.decode())}
    (sample,) = (s for s in families["ybda_qc_pages"].samples if s.name == "ybda_qc_pages_total")
    assert (sample.labels, sample.value) == ({"inbox": "收件", "verdict": "pass"}, 1)


@pytest.mark.parametrize("path", ["/healthz", "/metrics"])
def test_head_is_get_without_a_body(port: int, path: str) -> None:
    status, headers, body = ask(port, path, "HEAD")
    assert (status, body) == (200, b"")
    assert int(headers["Content-Length"]) > 0


@pytest.mark.parametrize("path", ["/", "/metrics/", "/healthz/x", "/favicon.ico", "/%2e%2e/etc/passwd"])
def test_nothing_else_is_there(port: int, path: str) -> None:
    assert ask(port, path)[0] == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
def test_nothing_else_is_done(port: int, method: str) -> None:
    status, headers, _ = ask(port, "/metrics", method)
    assert (status, headers["Allow"]) == (405, "GET, HEAD")


def test_a_port_in_use_is_a_mistake_of_the_user(port: int, health: Health, metrics: Metrics) -> None:
    with pytest.raises(
        InputError, match=rf"cannot listen at 127\.0\.0\.1:{port}: .*another address"
    ) as raised:
        HttpServer(HttpAddress(host="127.0.0.1", port=port), health, metrics)
    assert raised.value.exit_code is ExitCode.INPUT


def test_a_host_that_is_not_this_one(health: Health, metrics: Metrics) -> None:
    with pytest.raises(InputError, match=r"cannot listen at 192\.0\.2\.1:0"):
        HttpServer(HttpAddress(host="192.0.2.1", port=0), health, metrics)


def test_ipv6(health: Health, metrics: Metrics) -> None:
    if not socket.has_ipv6:
        pytest.skip("no IPv6")
    try:
        server = HttpServer(HttpAddress(host="::1", port=0), health, metrics)
    except InputError:
        pytest.skip("no IPv6")
    with server, socket.create_connection(("::1", server.port), timeout=30) as client:
        client.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
        assert client.recv(64).startswith(b"HTTP/1.0 200 OK")


def test_silent_clients_hold_nobody_up(port: int) -> None:
    with ExitStack() as stack:
        for _ in range(8):
            client = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=30))
            client.sendall(b"GET /metr")
        assert ask(port, "/healthz")[0] == 200


def test_a_silent_client_is_let_go(health: Health, metrics: Metrics) -> None:
    with (
        HttpServer(ANY_PORT, health, metrics, silent_seconds=0.3) as server,
        socket.create_connection(("127.0.0.1", server.port), timeout=60) as client,
    ):
        client.sendall(b"GET /metr")
        assert client.recv(64) == b"", "the server hangs up by itself"


def test_a_client_that_dribbles_is_let_go(health: Health, metrics: Metrics) -> None:
    with (
        HttpServer(ANY_PORT, health, metrics, whole_seconds=0.5) as server,
        socket.create_connection(("127.0.0.1", server.port), timeout=60) as client,
    ):
        with pytest.raises((BrokenPipeError, ConnectionResetError)):
            for _ in range(600):
                client.sendall(b"G")
                time.sleep(0.1)
        assert ask(server.port, "/healthz")[0] == 200


def test_a_crowd_is_turned_away_and_room_comes_back(health: Health, metrics: Metrics) -> None:
    with HttpServer(ANY_PORT, health, metrics, silent_seconds=0.3) as server, ExitStack() as stack:
        clients = [
            stack.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=60))
            for _ in range(40)
        ]
        assert [client.recv(16) for client in clients] == [b""] * 40
        assert ask(server.port, "/healthz")[0] == 200


@pytest.mark.parametrize("sent", [b"\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00", b"GET\r\n", b"G" * 70_000])
def test_what_is_no_http_is_survived(port: int, sent: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as client:
        client.sendall(sent + b"\r\n\r\n")
        client.shutdown(socket.SHUT_WR)
        try:
            while client.recv(4096):
                pass
        except ConnectionResetError:
            pass
    assert ask(port, "/healthz")[0] == 200
    assert capfd.readouterr().err == ""


def test_the_port_is_free_again_afterwards(health: Health, metrics: Metrics) -> None:
    with HttpServer(ANY_PORT, health, metrics) as server:
        port = server.port
        assert ask(port, "/healthz")[0] == 200
    with HttpServer(HttpAddress(host="127.0.0.1", port=port), health, metrics) as again:
        assert ask(again.port, "/healthz")[0] == 200
