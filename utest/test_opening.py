"""Where a link leads to, and what stops it: redirects, limits, servers that misbehave."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import trustme
from webserver import Answer, WebServer, page, redirect

from ImapLibrary.deadline import Deadline
from ImapLibrary.errors import InvalidArgument, LinkNotOpened
from ImapLibrary.web.opening import MOST_REDIRECTS, OpenedLink, open_link

SIZE = 100_000


def opened(address: str, seconds: float = 10, **arguments: bool | Path) -> OpenedLink:
    return open_link(address, deadline=Deadline(seconds), max_size=SIZE, **arguments)


def failure(address: str, seconds: float = 10, **arguments: bool | Path) -> str:
    """Return the text with which a link can't be opened, in time."""
    begin = time.monotonic()
    with pytest.raises(LinkNotOpened) as caught:
        opened(address, seconds, **arguments)
    assert time.monotonic() - begin < seconds + 2
    return str(caught.value)


def serve(answer: Answer) -> WebServer:
    return WebServer({"/": answer})


def test_a_page_is_read_like_an_email() -> None:
    html = "<style>p{}</style><p>Thank&nbsp;you,\n J\N{LATIN SMALL LETTER O WITH DIAERESIS}rg</p>"
    with WebServer({"/confirm?id=42&x=y": page(html)}) as server:
        link = opened(f"{server.url}/confirm?id=42&x=y#top")
        assert link == OpenedLink(
            status=200,
            address=f"{server.url}/confirm?id=42&x=y#top",
            redirects=(),
            text="Thank you, Jörg",
            source=html,
        )
        ((request, *fields),) = server.requests
        assert request == "GET /confirm?id=42&x=y HTTP/1.1"
        assert f"Host: 127.0.0.1:{server.port}" in fields
        assert any(field.startswith("User-Agent: Mozilla/5.0 ") for field in fields)


@pytest.mark.parametrize("status", [201, 204, 304, 400, 404, 410, 500, 503])
def test_a_page_is_returned_whatever_its_status(status: int) -> None:
    with serve(page("" if status in (204, 304) else "Gone", f"{status} So")) as server:
        assert opened(f"{server.url}/").status == status


@pytest.mark.parametrize(
    ("content_type", "body", "text"),
    [
        ("text/html", b"<p>gr\xc3\xbcn", "grün"),
        ("text/html", b"<p>gr\xfcn", "grün"),
        ("text/html; charset=iso-8859-5", b"<p>\xda\xde\xd4", "код"),
        ("text/html", b"<meta charset=windows-1251><p>\xea\xee\xe4", "код"),
        ("text/html; charset=nonsense", b"<p>gr\xc3\xbcn", "grün"),
        ('text/html; charset*=nonsense"', b"<p>a", "a"),
        ("text/plain; charset=koi8-r", b"\xcb\xcf\xc4 <p>", "код <p>"),
        ("application/xhtml+xml", b"<p>a</p>", "a"),
        ("application/json", b'{"a": "<b>"}', '{"a": "<b>"}'),
        ("", b"a<b>", "a<b>"),
        ("\xff", b"a", "a"),
    ],
)
def test_a_page_in_any_charset_has_a_text(content_type: str, body: bytes, text: str) -> None:
    with serve(page(body, content_type=content_type)) as server:
        assert opened(f"{server.url}/").text == text


@pytest.mark.parametrize("interim", ["100 Continue", "102 Processing", "103 Early Hints"])
def test_interim_answers_are_not_the_page(interim: str) -> None:
    ahead = f"HTTP/1.1 {interim}\r\nLink: </style.css>; rel=preload\r\n\r\n".encode()
    with serve(ahead + ahead + page("Hello")) as server:
        link = opened(f"{server.url}/")
        assert (link.status, link.source) == (200, "Hello")
    with serve(page("", "101 Switching Protocols")) as server:
        assert opened(f"{server.url}/").status == 101


PACKED = gzip.compress(b"Hello", mtime=0)
MEMBERS = gzip.compress(b"Hel", mtime=0) + gzip.compress(b"lo", mtime=0)


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", PACKED),
        ("X-GZip", PACKED),
        ("gzip", MEMBERS),
        ("gzip", PACKED + b"\0\0\n"),
        ("Deflate", zlib.compress(b"Hello")),
        ("deflate", zlib.compress(b"Hello")[2:-4]),
        ("deflate", PACKED),
    ],
    ids=["gzip", "old name", "members", "more at the end", "zlib", "raw", "misnamed"],
)
def test_what_is_compressed_unasked_is_read(encoding: str, packed: bytes) -> None:
    with serve(page(packed, content_encoding=encoding)) as server:
        assert opened(f"{server.url}/").source == "Hello"


def test_nothing_compressed_is_nothing() -> None:
    with serve(page("", content_encoding="gzip")) as server:
        assert opened(f"{server.url}/").source == ""


def test_members_without_end_take_no_square_time() -> None:
    begin = time.monotonic()
    packed = gzip.compress(b"", mtime=0) * (SIZE // 20) + PACKED
    with serve(page(packed[:SIZE], content_encoding="gzip")) as server:
        assert opened(f"{server.url}/").source == ""
    assert time.monotonic() - begin < 2


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
@pytest.mark.parametrize("cut", [1, 9])
def test_what_is_compressed_and_cut_off_is_told(encoding: str, cut: int) -> None:
    packed = PACKED if encoding == "gzip" else zlib.compress(b"Hello")
    with serve(page(packed[:-cut], content_encoding=encoding)) as server:
        assert failure(f"{server.url}/") == (
            f"The page at {server.url}/ did not come to its end: it was sent compressed "
            f"({encoding}), and the end of that is missing."
        )


def test_a_page_in_pieces_is_read() -> None:
    chunks = b"5\r\nHello\r\n6;x=y\r\n World\r\n0\r\nTrailer: x\r\n\r\n"
    with serve(page(chunks, transfer_encoding="chunked")) as server:
        assert opened(f"{server.url}/").source == "Hello World"
    until_the_end = b"HTTP/1.0 200 OK\r\n\r\nHello"
    with serve(until_the_end) as server:
        assert opened(f"{server.url}/").source == "Hello"


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("", "/"),
        ("?a=b", "/?a=b"),
        ("/a b?c d", "/a%20b?c%20d"),
        ("/grün?ü=ß#ä", "/gr%C3%BCn?%C3%BC=%C3%9F"),
        ("/a%2Fb%zz?x=%26", "/a%2Fb%zz?x=%26"),
        ("/?q=[a]|{b}", "/?q=[a]|%7Bb%7D"),
    ],
)
def test_addresses_go_out_as_browsers_send_them(path: str, asked: str) -> None:
    with WebServer({}) as server:
        opened(server.url + path)
        assert server.paths == [asked]


@pytest.mark.parametrize("user", ["qa@", "qa:secret@"])
def test_a_user_in_the_address_is_left_out(user: str) -> None:
    with serve(page("Hello")) as server:
        opened(server.url.replace("://", f"://{user}") + "/")
        assert f"Host: 127.0.0.1:{server.port}" in server.requests[0]


@pytest.mark.parametrize("status", ["301 M", "302 F", "303 S", "307 T", "308 P"])
def test_redirects_are_followed_and_reported(status: str) -> None:
    answers = {
        "/c/1": redirect("../to?x=1", status),
        "/to?x=1": redirect("//127.0.0.1:PORT/gr\N{LATIN SMALL LETTER U WITH DIAERESIS}n", status),
        "/gr%C3%BCn": page("Here"),
    }
    with WebServer({}) as server:
        port = str(server.port).encode()
        server.answers = {path: each.replace(b"PORT", port) for path, each in answers.items()}
        link = opened(f"{server.url}/c/1")
        assert link.redirects == (f"{server.url}/c/1", f"{server.url}/to?x=1")
        assert (link.address, link.source) == (f"{server.url}/grün", "Here")
        assert str(link) == f"{' -> '.join([*link.redirects, link.address])}: status 200"
        assert server.paths == ["/c/1", "/to?x=1", "/gr%C3%BCn"]


def test_a_fragment_goes_along_unless_there_is_another() -> None:
    with WebServer({"/1": redirect("/2"), "/3": redirect("/2#b")}) as server:
        assert opened(f"{server.url}/1#a").address == f"{server.url}/2#a"
        assert opened(f"{server.url}/3#a").address == f"{server.url}/2#b"


def test_cookies_are_kept_on_the_way_and_no_longer() -> None:
    with WebServer({"/1": redirect("/2", set_cookie="session=42; Path=/")}) as server:
        opened(f"{server.url}/1")
        assert "Cookie: session=42" in server.requests[1]
        opened(f"{server.url}/2")
        assert not any(field.startswith("Cookie:") for field in server.requests[2])


def test_a_redirect_to_nowhere_is_the_page() -> None:
    with serve(page("Choose", "302 Found")) as server:
        assert opened(f"{server.url}/").source == "Choose"


def test_redirects_that_go_round_are_given_up() -> None:
    with WebServer({"/a": redirect("/b"), "/b": redirect("/a")}) as server:
        assert failure(f"{server.url}/a") == (
            f"{server.url}/a was redirected {MOST_REDIRECTS + 1} times, at last to {server.url}/b. "
            "It seems to go round in circles."
        )
        assert len(server.requests) == MOST_REDIRECTS + 1


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://x/", "data:,x", "javascript:x", "shop-app://confirm"]
)
def test_other_schemes_are_neither_opened_nor_followed(target: str) -> None:
    assert failure(target) == f"{target!r} can't be opened: only http and https can."
    with WebServer({"/": redirect("/2"), "/2": redirect(target)}) as server:
        assert failure(f"{server.url}/") == (
            f"{server.url}/2 redirects to {target!r}. Only http and https are followed."
        )


def test_a_relative_address_is_no_address() -> None:
    assert failure("/confirm") == "'/confirm' can't be opened: only http and https can."


def hang(connection: socket.socket) -> None:
    connection.recv(1)


def dribble(head: bytes, piece: bytes) -> Callable[[socket.socket], None]:
    """Return what sends something, and then something else again and again, but not quickly."""

    def answer(connection: socket.socket) -> None:
        connection.sendall(head)
        while True:
            connection.sendall(piece)
            time.sleep(0.05)

    return answer


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (hang, "could not be opened"),
        (dribble(b"", b"H"), "could not be opened"),
        (dribble(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"), "could not be opened"),
        (dribble(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", b"x"), "did not come to its"),
        (dribble(b"HTTP/1.1 200 OK\r\n\r\n", b"x"), "did not come to its end"),
        (
            dribble(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
            "did not come to its end",
        ),
    ],
)
def test_a_server_that_takes_too_long_is_given_up_in_time(answer: Answer, reason: str) -> None:
    with serve(answer) as server:
        text = failure(f"{server.url}/", seconds=1)
        assert f"{server.url}/ {reason}" in text
        assert text.endswith(": The server did not answer within 1 second.") or "headers" in text


def test_the_time_is_that_of_all_redirects_together() -> None:
    def slow(connection: socket.socket) -> None:
        time.sleep(0.4)
        connection.sendall(redirect("/"))

    with serve(slow) as server:
        failure(f"{server.url}/", seconds=1)
        assert 1 <= len(server.requests) <= 3


def endless(head: bytes) -> Callable[[socket.socket], None]:
    """Return what sends as fast as it can, for ever."""

    def answer(connection: socket.socket) -> None:
        connection.sendall(head)
        while True:
            connection.sendall(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")

    return answer


@pytest.mark.parametrize(
    "answer",
    [
        page("x" * (SIZE + 1)),
        page(gzip.compress(b"x" * (SIZE + 1)), content_encoding="gzip"),
        page(gzip.compress(b"x" * (SIZE // 2 + 1)) * 2, content_encoding="gzip"),
        endless(b"HTTP/1.1 200 OK\r\n\r\n"),
        endless(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
        endless(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"),
    ],
    ids=["sized", "compressed", "in members", "unsized", "chunked", "announced"],
)
def test_a_page_that_is_too_large_is_given_up(answer: Answer) -> None:
    with serve(answer) as server:
        assert failure(f"{server.url}/") == (
            f"The page at {server.url}/ has more than {SIZE} bytes. If that is right, give a "
            "larger max_size=."
        )


def test_what_unpacks_to_very_much_is_not_unpacked() -> None:
    packed = gzip.compress(bytes(90 * 1024 * 1024))
    assert len(packed) < SIZE
    with serve(page(packed, content_encoding="gzip")) as server:
        tracemalloc.start()
        failure(f"{server.url}/")
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 10 * 1024 * 1024


def test_a_page_of_the_largest_size_is_read() -> None:
    with serve(page("x" * SIZE)) as server:
        assert len(opened(f"{server.url}/").source) == SIZE


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"", "could not be opened: "),
        (b"* OK IMAP4rev1\r\n", "the server's answer is no HTTP (BadStatusLine: "),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n", "no HTTP (HTTPException: got more"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n", "no HTTP (LineTooLong: "),
        (page("x", content_length="5"), "The connection ended 4 bytes before the page did."),
        (page("5\r\nHel", transfer_encoding="chunked"), "no HTTP (IncompleteRead: "),
        (page("zz\r\n", transfer_encoding="chunked"), "no HTTP ("),
        (page("not packed", content_encoding="gzip"), "incorrect header check"),
        (redirect("http://[x"), "Invalid IPv6 URL"),
    ],
)
def test_an_answer_that_makes_no_sense_is_told(answer: bytes, reason: str) -> None:
    with serve(answer) as server:
        text = failure(f"{server.url}/")
        assert text.startswith(f"{server.url}/ could not be opened: ")
        assert reason in text


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://", "it names no host."),
        ("http://[x", "Invalid IPv6 URL."),
        ("http://127.0.0.1:99999/", "Port out of range 0-65535."),
        ("http://127.0.0.1:x/", "Port could not be cast to integer value as 'x'."),
        ("http://a..b/", "no host can be called 'a..b'."),
        ("http://127.0.0.1:1/", "Could not connect to 127.0.0.1 port 1: connection refused. "),
        ("http://nowhere.invalid/", "Could not connect to nowhere.invalid port 80: the host name"),
    ],
)
def test_an_address_that_leads_nowhere_is_told(address: str, reason: str) -> None:
    text = failure(address)
    assert text.startswith(f"{address} could not be opened: ")
    assert reason.lower() in text.lower()


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def tls(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


def test_certificates_are_checked_unless_told_otherwise(
    authority: trustme.CA, tmp_path: Path
) -> None:
    ca = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(ca))
    with WebServer({"/": page("Hello")}, tls(authority, "127.0.0.1")) as server:
        text = failure(f"{server.url}/")
        assert text.startswith(
            f"{server.url}/ could not be opened: its certificate is not trusted: "
        )
        assert "verify=False accepts any certificate" in text
        assert opened(f"{server.url}/", verify=False).text == "Hello"
        assert opened(f"{server.url}/", verify=ca).text == "Hello"
        with pytest.raises(InvalidArgument, match="could not be read as certificates"):
            opened(f"{server.url}/", verify=tmp_path)


def test_tls_to_a_port_for_plain_text_is_told() -> None:
    with serve(page("Hello")) as server:
        address = server.url.replace("http:", "https:") + "/"
        assert failure(address).startswith(
            f"{address} could not be opened: TLS could not be spoken ("
        )


@pytest.fixture
def proxy() -> Iterator[tuple[str, list[str]]]:
    """A proxy that connects to nothing but loopback, and what it was asked for."""
    asked: list[str] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def pump(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        for each in (source, target):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def serve_one(client: socket.socket) -> None:
        request = b""
        while not request.endswith(b"\r\n\r\n"):
            request += client.recv(1)
        line = request.split(b"\r\n")[0].decode()
        asked.append(line)
        port = int(line.rsplit(":", 1)[1].split("/")[0].split()[0])
        try:
            server = socket.create_connection(("127.0.0.1", port))
        except OSError:
            client.close()
            return
        if line.startswith("CONNECT"):
            client.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
        else:
            server.sendall(request.replace(line.split()[1].encode(), b"/", 1))
        threading.Thread(target=pump, args=(client, server), daemon=True).start()
        pump(server, client)
        client.close()
        server.close()

    def accept() -> None:
        with suppress(OSError):
            while True:
                client = listener.accept()[0]
                threading.Thread(target=serve_one, args=(client,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}", asked
    listener.close()


def test_the_proxy_of_the_environment_is_used(
    proxy: tuple[str, list[str]],
    authority: trustme.CA,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url, asked = proxy
    monkeypatch.setenv("http_proxy", url)
    monkeypatch.setenv("https_proxy", url)
    monkeypatch.setenv("no_proxy", "")
    ca = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(ca))
    with serve(page("Plain")) as server:
        assert opened(f"http://bücher.example:{server.port}/").text == "Plain"
        # Browsers take these letters for letters of their own (UTS 46), which once they were not.
        for host in ("faß.example", "βόλος.example", "www。straße.example"):
            assert opened(f"http://{host}:{server.port}/").text == "Plain"
        assert asked == [
            f"GET http://{host}:{server.port}/ HTTP/1.1"
            for host in (
                "xn--bcher-kva.example",
                "xn--fa-hia.example",
                "xn--nxasmm1c.example",
                "www.xn--strae-oqa.example",
            )
        ]
        asked.clear()
    # The certificate is checked for the host, not for the proxy.
    with WebServer({"/": page("Secret")}, tls(authority, "shop.example")) as server:
        assert opened(f"https://shop.example:{server.port}/", verify=ca).text == "Secret"
        assert asked[0].startswith(f"CONNECT shop.example:{server.port} HTTP/1.")
    failure("https://shop.example/")
    assert asked[1].startswith("CONNECT shop.example:443 HTTP/1.")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_there_is_no_proxy_on_the_way_to_this_machine(
    proxy: tuple[str, list[str]], host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, asked = proxy
    monkeypatch.setenv("http_proxy", url)
    monkeypatch.setenv("no_proxy", "")
    with serve(page("Plain")) as server:
        assert opened(f"http://{host}:{server.port}/").text == "Plain"
    assert asked == []
