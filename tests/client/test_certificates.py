"""A server with a certificate of one's own, over a real TLS connection on the loopback."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import trustme

from pulumi_voice_routing.errors import SettingsError
from pulumi_voice_routing.ringcx.client import RingCX


class _Hello(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"hello": "there"}')

    def log_message(self, format: str, *args: object) -> None:
        pass


class _Server(HTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        pass  # a client that does not trust us hangs up, as it should


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def certificate(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(file)
    return file


@pytest.fixture(scope="module")
def server(authority: trustme.CA) -> Iterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    server = _Server(("127.0.0.1", 0), _Hello)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"https://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_named_authority_is_trusted(server: str, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICE_ROUTING_CA_FILE", str(certificate))
    client = RingCX(server, "123456")
    assert client.request("X-1", "GET", "/path") == {"hello": "there"}
    client.close()


def test_without_it_the_line_says_what_to_do(server: str) -> None:
    client = RingCX(server, "123456")
    with pytest.raises(SettingsError) as raised:
        client.request("X-1", "GET", "/path")
    client.close()
    assert str(raised.value).startswith(
        "ringcx: X-1 GET /path: the server's certificate is not trusted. "
        "If it is your own, name its authority in VOICE_ROUTING_CA_FILE. ("
    )


@pytest.mark.parametrize("variable", ["VOICE_ROUTING_CA_FILE", "SSL_CERT_FILE"])
@pytest.mark.parametrize("content", [None, b"", b"no certificate", b"\xff\x00"])
def test_a_file_without_certificates_is_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None, variable: str
) -> None:
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setenv(variable, str(file))
    with pytest.raises(SettingsError) as raised:
        RingCX("https://vendor.test", "123456")
    assert str(raised.value).startswith(f"{variable} names {file}, which holds no usable certificates (")


def test_a_folder_is_no_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VOICE_ROUTING_CA_FILE", str(tmp_path))
    with pytest.raises(SettingsError, match="holds no usable certificates"):
        RingCX("https://vendor.test", "123456")
