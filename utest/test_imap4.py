"""What imaplib keeps to itself, and we need to hear: announcements, refusals, capabilities."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from interrupts import PATIENCE
from scripted import Handler, ScriptedServer, Session

from ImapLibrary.deadline import Deadline
from ImapLibrary.errors import ConnectionLost
from ImapLibrary.imap.imap4 import Imap4, Refused
from ImapLibrary.imap.wire import Wire


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as running:
        yield running


@pytest.fixture
def imap(server: ScriptedServer) -> Iterator[Imap4]:
    """The protocol over a wire, greeted and not logged in."""
    with closing(Wire("127.0.0.1", server.port, Deadline(PATIENCE))) as wire:
        yield Imap4(wire, "127.0.0.1", server.port)


def saying(*lines: bytes) -> Handler:
    """Return a handler that sends these, and `TAG` as the tag."""

    def handle(session: Session, tag: str, arguments: str) -> None:
        session.send_raw(b"".join(line.replace(b"TAG", tag.encode()) + b"\r\n" for line in lines))

    return handle


class TestAnnouncements:
    @pytest.mark.parametrize(
        ("lines", "exists", "arrivals", "changes"),
        [
            ([], 0, 0, 0),
            ([b"* 3 EXISTS"], 3, 1, 1),
            ([b"* 3 EXISTS", b"* 4 EXISTS"], 4, 2, 2),
            ([b"* 3 EXISTS", b"* 1 RECENT"], 3, 1, 1),
            ([b"* 3 EXISTS", b"* 2 EXPUNGE", b"* 2 EXPUNGE"], 1, 1, 3),
            ([b"* 1 EXPUNGE"], 0, 0, 1),
            ([b"* 5000 EXISTS", *[b"* 1 EXPUNGE"] * 4000, b"* 1001 EXISTS"], 1001, 2, 4002),
            ([b"* 9 EXISTS", b"* 2 EXPUNGE", b"* 2 EXPUNGE", b"* 4 FETCH (FLAGS ())"], 7, 1, 4),
            ([b"* 1 FETCH (FLAGS ())"], 0, 0, 1),
            ([b"* EXISTS many"], 0, 1, 1),
        ],
    )
    def test_are_counted(
        self,
        server: ScriptedServer,
        imap: Imap4,
        lines: list[bytes],
        exists: int,
        arrivals: int,
        changes: int,
    ) -> None:
        server.on["NOOP"] = saying(*lines, b"TAG OK done")
        imap.noop()
        assert (imap.exists, imap.arrivals, imap.changes) == (exists, arrivals, changes)


class TestAnswers:
    @pytest.mark.parametrize(
        ("answer", "text"),
        [
            (b"NO [ALREADYEXISTS] There is one", "NO [ALREADYEXISTS] There is one"),
            (b"BAD Unknown command", "BAD Unknown command"),
            (b"NO ", "NO"),
            (b"NO Gr\xfc\xdfe", "NO Gr\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}e"),
        ],
    )
    def test_a_refusal_is_raised_with_its_text(
        self, server: ScriptedServer, imap: Imap4, answer: bytes, text: str
    ) -> None:
        server.on["NOOP"] = saying(b"TAG " + answer)
        with pytest.raises(Refused) as caught:
            imap.noop()
        assert str(caught.value) == text
        del server.on["NOOP"]
        imap.noop()  # which still works

    def test_capabilities_in_the_answer_to_login_are_kept(
        self, server: ScriptedServer, imap: Imap4
    ) -> None:
        server.capabilities = "IMAP4rev1 IDLE X-SPECIAL"
        imap.login("qa", "xyzzy")
        assert imap.untagged_responses["CAPABILITY"] == [b"IMAP4rev1 IDLE X-SPECIAL"]
        assert imap.state == "AUTH"

    def test_an_answer_in_another_place_is_no_capability(
        self, server: ScriptedServer, imap: Imap4
    ) -> None:
        server.on["NOOP"] = saying(b"TAG OK I could do [CAPABILITY IDLE] too")
        imap.noop()
        assert "CAPABILITY" not in imap.untagged_responses

    def test_lines_may_end_without_carriage_return(
        self, server: ScriptedServer, imap: Imap4
    ) -> None:
        server.on["NOOP"] = lambda session, tag, arguments: session.send_raw(
            f"* 2 EXISTS\n{tag} OK done\n".encode()
        )
        imap.noop()
        assert imap.exists == 2

    def test_the_end_of_the_connection(self, server: ScriptedServer, imap: Imap4) -> None:
        server.on["NOOP"] = lambda session, tag, arguments: session.close()
        with pytest.raises(
            ConnectionLost, match=r"^The server closed the connection without a word\.$"
        ):
            imap.noop()


class TestTrace:
    def test_is_off_for_a_while_whatever_happens(self, imap: Imap4) -> None:
        imap.debug = 4
        with pytest.raises(Refused), imap.untraced():
            assert imap.debug == 0
            raise Refused("NO")
        assert imap.debug == 4

    def test_what_imaplib_remembers_is_not_printed(
        self, server: ScriptedServer, imap: Imap4, capfd: pytest.CaptureFixture[str]
    ) -> None:
        imap.debug = 1  # remember; 4 would print each line at once
        imap.login("qa", "xyzzy")
        server.on["NOOP"] = saying(b"this is no IMAP")
        with pytest.raises(imap.abort):
            imap.noop()
        assert capfd.readouterr() == ("", "")


def test_greeting_and_capabilities_are_all_that_a_new_one_asks_for(
    server: ScriptedServer, imap: Imap4
) -> None:
    assert server.lines == ["CAPABILITY"]
    assert "IDLE" in imap.capabilities
