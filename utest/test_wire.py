"""The byte stream: lines that come in pieces, late or never, and every wait that ends in time."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass

import pytest
import trustme
from interrupts import PATIENCE, interrupted

from ImapLibrary.deadline import Deadline
from ImapLibrary.errors import ConnectionFailed, ConnectionLost
from ImapLibrary.imap import wire
from ImapLibrary.imap.wire import Wire

FOREVER = 3600.0
SHORT = 0.3
LATE = r"^The server did not answer within 0\.3 seconds\.$"


@dataclass
class Line:
    """Both ends of a connection: ours, and the server's bare socket."""

    wire: Wire
    server: socket.socket


@pytest.fixture
def line() -> Iterator[Line]:
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        closing(Wire("127.0.0.1", listener.getsockname()[1], Deadline(PATIENCE))) as ours,
        listener.accept()[0] as server,
    ):
        yield Line(ours, server)


@contextmanager
def sending(server: socket.socket, data: bytes, pause: float = 0.0) -> Iterator[None]:
    """Send data again and again from a thread, without ever coming to an end."""
    stop = threading.Event()

    def send() -> None:
        with suppress(OSError):
            while not stop.wait(pause):
                server.sendall(data)

    thread = threading.Thread(target=send, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)
        thread.join()


class TestReading:
    def test_several_lines_of_one_segment(self, line: Line) -> None:
        line.server.sendall(b"one\r\ntwo\n\r\nthr")
        assert [line.wire.readline() for _ in range(3)] == [b"one\r\n", b"two\n", b"\r\n"]
        line.server.sendall(b"ee\r\n")
        assert line.wire.readline() == b"three\r\n"

    def test_a_line_of_several_segments(self, line: Line) -> None:
        for byte in b"* 1 EXISTS\r\n":
            line.server.sendall(bytes([byte]))
            time.sleep(0.001)
        assert line.wire.readline() == b"* 1 EXISTS\r\n"

    def test_a_literal_between_lines(self, line: Line) -> None:
        literal = bytes(range(256)) * 4096
        threading.Thread(
            target=line.server.sendall, args=[b"{1048576}\r\n" + literal + b")\r\n"], daemon=True
        ).start()
        assert line.wire.readline() == b"{1048576}\r\n"
        assert line.wire.read(len(literal)) == literal
        assert line.wire.read(0) == b""
        assert line.wire.readline() == b")\r\n"

    def test_bytes_after_a_line_that_was_waited_for_in_vain(self, line: Line) -> None:
        line.server.sendall(b"abcdef")
        assert not line.wire.wait_for_line(Deadline(0.05))
        line.server.sendall(b"gh\nij")
        assert line.wire.read(8) == b"abcdefgh"
        assert line.wire.readline() == b"\n"

    def test_the_end_of_the_stream(self, line: Line) -> None:
        line.server.sendall(b"* BYE\r\nhalf a li")
        line.server.close()
        assert line.wire.readline() == b"* BYE\r\n"
        assert line.wire.readline() == b"half a li"
        assert line.wire.readline() == b""
        assert line.wire.read(5) == b""

    def test_the_end_within_a_literal(self, line: Line) -> None:
        line.server.sendall(b"half")
        line.server.close()
        assert line.wire.read(8) == b"half"

    def test_a_line_that_does_not_end(self, line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(wire, "LONGEST_LINE", 1000)
        line.server.sendall(b"x" * 999 + b"\n")
        assert len(line.wire.readline()) == 1000
        line.server.sendall(b"x" * 1001)
        with pytest.raises(ConnectionLost, match=r"^The server sent a line that does not end\.$"):
            line.wire.readline()

    def test_a_connection_that_breaks(self, line: Line) -> None:
        line.server.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        line.server.close()
        with pytest.raises(ConnectionLost, match=r"^The connection broke: [^\[]+\.$"):
            line.wire.readline()


class TestWaitForLine:
    def test_one_that_is_here_already(self, line: Line) -> None:
        line.server.sendall(b"+ idling\r\n* 1 EXISTS\r\n")
        line.wire.readline()
        assert line.wire.wait_for_line(Deadline(0))
        assert line.wire.readline() == b"* 1 EXISTS\r\n"

    def test_one_that_comes(self, line: Line) -> None:
        threading.Timer(0.2, line.server.sendall, [b"* 1 EXISTS\r\n"]).start()
        assert line.wire.wait_for_line(Deadline(PATIENCE))
        assert line.wire.readline() == b"* 1 EXISTS\r\n"

    def test_one_that_comes_in_two_segments(self, line: Line) -> None:
        line.server.sendall(b"* 1 EX")
        assert not line.wire.wait_for_line(Deadline(0.05))
        line.server.sendall(b"ISTS\r\n")
        assert line.wire.wait_for_line(Deadline(PATIENCE))
        assert line.wire.readline() == b"* 1 EXISTS\r\n"

    def test_none_is_no_failure(self, line: Line) -> None:
        assert not line.wire.wait_for_line(Deadline(0.05))
        assert not line.wire.wait_for_line(Deadline(0))

    def test_the_end_of_the_stream_is_an_empty_one(self, line: Line) -> None:
        line.server.close()
        assert line.wire.wait_for_line(Deadline(PATIENCE))
        assert line.wire.readline() == b""

    def test_a_connection_that_breaks(self, line: Line) -> None:
        line.server.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        line.server.close()
        with pytest.raises(ConnectionLost, match=r"^The connection broke: "):
            line.wire.wait_for_line(Deadline(PATIENCE))


class TestDeadline:
    def test_silence(self, line: Line) -> None:
        line.wire.deadline = Deadline(SHORT)
        with pytest.raises(ConnectionLost, match=LATE):
            line.wire.readline()

    def test_dribbling_does_not_put_it_off(self, line: Line) -> None:
        line.wire.deadline = Deadline(SHORT)
        with sending(line.server, b".", 0.02), pytest.raises(ConnectionLost, match=LATE):
            line.wire.readline()

    def test_neither_does_a_flood(self, line: Line) -> None:
        line.wire.deadline = Deadline(SHORT)
        with sending(line.server, b"* OK\r\n" * 100), pytest.raises(ConnectionLost, match=LATE):
            while line.wire.readline():
                pass

    def test_nor_a_flood_while_waiting_for_a_line(self, line: Line) -> None:
        line.wire.deadline = Deadline(SHORT)
        with sending(line.server, b"* OK\r\n" * 100), pytest.raises(ConnectionLost, match=LATE):
            while line.wire.wait_for_line(Deadline(FOREVER)):
                line.wire.readline()

    def test_what_came_in_time_is_not_read_beyond_it(self, line: Line) -> None:
        line.server.sendall(b"* OK\r\n" * 1000)
        assert line.wire.readline() == b"* OK\r\n"
        line.wire.deadline = Deadline(0)
        with pytest.raises(ConnectionLost, match="within 0 seconds"):
            line.wire.readline()

    def test_a_server_that_reads_nothing(self, line: Line) -> None:
        line.wire.deadline = Deadline(SHORT)
        with pytest.raises(ConnectionLost, match=LATE):
            line.wire.send(b"x" * 50_000_000)

    def test_after_one_that_passed_there_can_be_another(self, line: Line) -> None:
        line.server.sendall(b"half ")
        line.wire.deadline = Deadline(0.05)
        with pytest.raises(ConnectionLost):
            line.wire.readline()
        line.wire.deadline = Deadline(PATIENCE)
        line.server.sendall(b"and half\r\n")
        assert line.wire.readline() == b"half and half\r\n"

    def test_handshake(self, line: Line) -> None:
        line.wire.deadline = Deadline(SHORT)
        with pytest.raises(ConnectionLost, match=LATE):
            line.wire.start_tls(ssl.create_default_context(), "127.0.0.1")


class TestSending:
    def test_more_than_the_system_takes_at_once(self, line: Line) -> None:
        data = bytes(range(256)) * 40_000
        received = bytearray()

        def receive() -> None:
            while len(received) < len(data):
                received.extend(line.server.recv(65536))

        thread = threading.Thread(target=receive, daemon=True)
        thread.start()
        line.wire.send(data)
        thread.join(PATIENCE)
        assert received == data

    def test_to_a_server_that_has_left(self, line: Line) -> None:
        line.server.close()
        with pytest.raises(ConnectionLost, match=r"^The connection broke: "):
            while True:
                line.wire.send(b"NOOP\r\n")

    def test_after_the_end(self, line: Line) -> None:
        line.wire.close()
        line.wire.close()
        with pytest.raises(ConnectionLost, match=r"^The connection broke: "):
            line.wire.send(b"NOOP\r\n")


class TestSendingUntilALine:
    def test_none_comes(self, line: Line) -> None:
        assert line.wire.send_until_line(b"x" * 1000) == 1000
        assert line.server.recv(1000, socket.MSG_WAITALL) == b"x" * 1000

    def test_one_that_is_here_already(self, line: Line) -> None:
        line.server.sendall(b"one\r\ntwo\r\n")
        assert line.wire.wait_for_line(Deadline(PATIENCE))
        assert line.wire.send_until_line(b"x") == 0
        assert [line.wire.readline(), line.wire.readline()] == [b"one\r\n", b"two\r\n"]
        assert line.wire.send_until_line(b"x") == 1

    def test_one_that_comes_while_nothing_is_read(self, line: Line) -> None:
        interrupt(line)

    def test_of_half_a_line_the_rest_is_awaited(self, line: Line) -> None:
        line.server.sendall(b"half")
        line.wire.deadline = Deadline(SHORT)
        with pytest.raises(ConnectionLost, match=LATE):
            line.wire.send_until_line(b"x" * 50_000_000)

    def test_the_end_of_the_stream_is_an_empty_one(self, line: Line) -> None:
        line.server.shutdown(socket.SHUT_WR)
        assert line.wire.wait_for_line(Deadline(PATIENCE))
        assert line.wire.send_until_line(b"x" * 1000) == 0
        assert line.wire.readline() == b""

    def test_one_that_came_before_the_connection_broke(self, line: Line) -> None:
        line.server.sendall(b"refused\r\n")
        line.server.close()
        for _ in range(3):  # the second is answered by a reset, of which the third hears
            with suppress(ConnectionLost):
                line.wire.send(b"x")
            time.sleep(0.05)
        assert line.wire.send_until_line(b"x") == 0
        assert line.wire.readline() == b"refused\r\n"

    def test_a_connection_that_breaks_without_one(self, line: Line) -> None:
        line.wire.close()
        with pytest.raises(ConnectionLost, match=r"^The connection broke: "):
            line.wire.send_until_line(b"x")


def interrupt(line: Line) -> None:
    """Check that a line is heard although the server has stopped reading."""
    timer = threading.Timer(0.1, lambda: line.server.sendall(b"stop\r\n"))
    timer.start()
    assert line.wire.send_until_line(b"x" * 50_000_000) < 50_000_000
    assert line.wire.readline() == b"stop\r\n"
    timer.join()


@pytest.fixture
def deaf() -> Iterator[tuple[str, int]]:
    """An address that lets nobody in and turns nobody away: its queue is full."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        queued: list[socket.socket] = []
        try:
            for _ in range(20):
                queued.append(socket.socket())
                queued[-1].settimeout(0.2)
                queued[-1].connect(listener.getsockname())
            pytest.skip("this system's queues never fill")
        except ConnectionRefusedError:
            pytest.skip("this system turns away whom its queues can't take")
        except TimeoutError:
            yield listener.getsockname()
        finally:
            for each in queued:
                each.close()


def resolve_to(monkeypatch: pytest.MonkeyPatch, *addresses: tuple[str, int]) -> None:
    """Let every name stand for these addresses."""
    stream = (socket.AF_INET, socket.SOCK_STREAM, 0, "")
    resolved = [(*stream, address) for address in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: resolved)


class TestConnecting:
    def test_an_address_that_swallows_everything_leaves_time_for_the_next(
        self, deaf: tuple[str, int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            resolve_to(monkeypatch, deaf, deaf, listener.getsockname())
            with (
                closing(Wire("mail.example.com", 143, Deadline(3.0))) as ours,
                listener.accept()[0] as server,
            ):
                assert not ours.deadline.passed
                ours.send(b"here\r\n")
                assert server.recv(100) == b"here\r\n"

    def test_one_deadline_for_all_addresses(
        self, deaf: tuple[str, int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        resolve_to(monkeypatch, deaf, deaf, deaf)
        deadline = Deadline(0.9)
        with pytest.raises(
            ConnectionFailed,
            match=r"^Could not connect to mail\.example\.com port 143: no answer within 0\.\d+ "
            r"seconds\. Is the server running, and are host and port right\?$",
        ):
            Wire("mail.example.com", 143, deadline)
        assert deadline.remaining() < 0.1

    def test_the_last_failure_is_told(
        self, deaf: tuple[str, int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            refused = listener.getsockname()
        resolve_to(monkeypatch, deaf, refused)
        with pytest.raises(ConnectionFailed, match="port 143: connection refused"):
            Wire("mail.example.com", 143, Deadline(0.6))

    def test_a_name_server_that_does_not_answer(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(2))
        begin = time.monotonic()
        with pytest.raises(ConnectionFailed) as caught:
            Wire("mail.example.com", 143, Deadline(0.3))
        assert time.monotonic() - begin < 1
        assert str(caught.value) == (
            "Could not connect to mail.example.com port 143: the name server did not answer within "
            "0.3 seconds. Is the network up, and is the host name right?"
        )

    @pytest.mark.parametrize(
        "error", [socket.gaierror(-2, "Name unknown"), UnicodeError("too long")]
    )
    def test_a_name_that_is_unknown(
        self, error: Exception, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_: object, **__: object) -> None:
            raise error

        monkeypatch.setattr(socket, "getaddrinfo", fail)
        with pytest.raises(ConnectionFailed) as caught:
            Wire("mail.example.com", 143, Deadline(PATIENCE))
        reason = error.strerror if isinstance(error, OSError) else error
        assert str(caught.value) == (
            f"Could not connect to mail.example.com port 143: the host name is unknown ({reason}). "
            "Is it spelled right?"
        )

    def test_what_else_goes_wrong_with_a_name_is_not_hidden(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            Wire("mail.example.com", 143, Deadline(PATIENCE))

    def test_ipv6(self) -> None:
        try:
            listener = socket.create_server(("::1", 0), family=socket.AF_INET6)
        except OSError:
            pytest.skip("this machine has no IPv6")
        with listener, closing(Wire("::1", listener.getsockname()[1], Deadline(PATIENCE))):
            pass

    def test_small_sends_are_not_held_back_and_dead_peers_are_noticed(self, line: Line) -> None:
        ours = line.wire._socket
        assert ours.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert ours.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)


class TestInterruptions:
    """Each wait is made of short ones, or nobody could end it on Windows."""

    def test_reading(self, line: Line) -> None:
        line.wire.deadline = Deadline(FOREVER)
        assert interrupted(line.wire.readline)

    def test_waiting_for_a_push(self, line: Line) -> None:
        line.wire.deadline = Deadline(FOREVER)
        assert interrupted(lambda: line.wire.wait_for_line(Deadline(FOREVER)))

    def test_sending(self, line: Line) -> None:
        line.wire.deadline = Deadline(FOREVER)
        assert interrupted(lambda: line.wire.send(b"x" * 50_000_000))

    def test_looking_up_a_name(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(5))
        assert interrupted(lambda: Wire("mail.example.com", 143, Deadline(FOREVER)))

    def test_connecting(self, deaf: tuple[str, int]) -> None:
        assert interrupted(lambda: Wire(*deaf, Deadline(FOREVER)))

    def test_shaking_hands(self, line: Line) -> None:
        line.wire.deadline = Deadline(FOREVER)
        context = ssl.create_default_context()
        assert interrupted(lambda: line.wire.start_tls(context, "127.0.0.1"))


@pytest.fixture
def secure(line: Line) -> Iterator[Line]:
    """The same line after both have gone on in TLS."""
    authority = trustme.CA()
    ours = ssl.create_default_context()
    authority.configure_trust(ours)
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(theirs)
    wrapped: list[ssl.SSLSocket] = []
    thread = threading.Thread(
        target=lambda: wrapped.append(theirs.wrap_socket(line.server, server_side=True)),
        daemon=True,
    )
    thread.start()
    line.wire.start_tls(ours, "127.0.0.1")
    thread.join()
    with wrapped[0] as server:
        yield Line(line.wire, server)


class TestTls:
    def test_lines_that_share_a_record(self, secure: Line) -> None:
        secure.server.sendall(b"+ idling\r\n* 1 EXISTS\r\n")
        assert secure.wire.readline() == b"+ idling\r\n"
        assert secure.wire.wait_for_line(Deadline(PATIENCE))
        assert secure.wire.readline() == b"* 1 EXISTS\r\n"

    def test_much_in_both_directions(self, secure: Line) -> None:
        data = bytes(range(256)) * 10_000

        def echo() -> None:
            left = len(data)
            while left:
                received = secure.server.recv(65536)
                left -= len(received)
                secure.server.sendall(received)

        threading.Thread(target=echo, daemon=True).start()
        for start in range(0, len(data), 100_000):
            chunk = data[start : start + 100_000]
            secure.wire.send(chunk)
            assert secure.wire.read(len(chunk)) == chunk

    def test_a_line_while_nothing_is_read(self, secure: Line) -> None:
        interrupt(secure)

    def test_a_server_that_is_slow_to_read(self, secure: Line) -> None:
        data = bytes(range(256)) * 80_000
        received = bytearray()

        def receive() -> None:
            time.sleep(0.3)
            while len(received) < len(data):
                received.extend(secure.server.recv(65536))

        thread = threading.Thread(target=receive, daemon=True)
        thread.start()
        secure.wire.send(data)
        thread.join(PATIENCE)
        assert received == data

    def test_silence(self, secure: Line) -> None:
        assert not secure.wire.wait_for_line(Deadline(0.05))
        secure.wire.deadline = Deadline(SHORT)
        with pytest.raises(ConnectionLost, match=LATE):
            secure.wire.readline()

    def test_an_end_without_a_farewell_of_tls(self, secure: Line) -> None:
        secure.server.sendall(b"* BYE\r\n")
        secure.server.shutdown(socket.SHUT_WR)
        assert secure.wire.readline() == b"* BYE\r\n"
        assert secure.wire.readline() == b""
