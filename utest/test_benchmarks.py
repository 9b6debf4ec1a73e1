"""The benchmarks: that they can be imported, and that they count right."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from scripted import ScriptedServer, message

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"

sys.path.append(str(BENCHMARKS))

from proxy import Piece, Proxy, Traffic
from rawsocket import Place, RawSocket
from table import FLOOR, OURS, Row, table
from waiting import most_in_a_second

CLIENT, SERVER = True, False


def traffic(*pieces: tuple[bool, bytes]) -> Traffic:
    """Return what passed by, a piece a second."""
    return Traffic(
        Piece(float(at), from_client, len(data), data)
        for at, (from_client, data) in enumerate(pieces)
    )


@pytest.mark.parametrize("name", sorted(path.stem for path in BENCHMARKS.glob("*.py")))
def test_modules_can_be_imported(name: str) -> None:
    import_module(name)


class TestTraffic:
    def test_commands_in_whatever_pieces(self) -> None:
        seen = traffic(
            (SERVER, b"* OK ready\r\n"),
            (CLIENT, b"A1 ID"),
            (CLIENT, b"LE\r\n"),
            (SERVER, b"+ idling\r\n"),
            (CLIENT, b"DONE\r\nA2 uid fetch 1 (FLAGS)\r\n\r\nA3 NOOP"),
        )
        assert seen.commands() == [(2.0, "IDLE"), (4.0, "DONE"), (4.0, "UID FETCH")]

    def test_round_trips_are_times_that_the_client_speaks_after_it_has_listened(self) -> None:
        seen = traffic(
            (CLIENT, b"A1 SEARCH "),
            (CLIENT, b"ALL\r\n"),
            (SERVER, b"* SEARCH\r\n"),
            (SERVER, b"A1 OK\r\n"),
            (CLIENT, b"A2 NOOP\r\n"),
            (SERVER, b"A2 OK\r\n"),
        )
        assert seen.round_trips() == 2
        assert seen.since(2).round_trips() == 1
        assert seen.since(5).round_trips() == 0

    def test_after_the_push(self) -> None:
        seen = traffic(
            (CLIENT, b"A1 IDLE\r\n"),
            (SERVER, b"+ idling\r\n* 7 EXISTS\r\n"),
            (CLIENT, b"DONE\r\n"),
            (SERVER, b"A1 OK\r\n* 8 EXISTS\r\n"),
            (CLIENT, b"A2 FETCH 7 (UID)\r\n"),
        )
        assert [name for _, name in seen.after_push().commands()] == ["DONE", "FETCH"]
        assert seen.after_push().round_trips() == 2
        assert seen.since(4).after_push() == []

    def test_bytes_count_both_ways(self) -> None:
        assert traffic((CLIENT, b"12345"), (SERVER, b"678")).bytes() == 8


class TestProxy:
    @pytest.fixture
    def server(self) -> Iterator[ScriptedServer]:
        with ScriptedServer(message()) as running:
            yield running

    def test_sees_what_passes_by(self, server: ScriptedServer) -> None:
        with Proxy(server.port) as proxy:
            session = RawSocket()
            session.open(Place("127.0.0.1", proxy.port, "qa"))
            session.close()
            assert [name for _, name in proxy.traffic.commands()] == ["LOGIN", "SELECT", "LOGOUT"]
            assert proxy.traffic.round_trips() == 3

    def test_takes_its_time_each_way(self, server: ScriptedServer) -> None:
        with Proxy(server.port, 0.05) as proxy:
            session = RawSocket()
            session.open(Place("127.0.0.1", proxy.port, "qa"))
            session.close()
            (login, _), (select, _), _ = proxy.traffic.commands()
        assert select - login >= 0.1


class TestRow:
    @pytest.mark.parametrize(
        ("times", "limit", "met"),
        [
            (None, None, True),
            (3, None, True),
            (2.9, None, False),
            (None, 6, True),
            (None, 5.9, False),
            (3, 5.9, False),
        ],
    )
    def test_goals(self, times: float | None, limit: float | None, met: bool) -> None:
        assert Row("this", "ms", {FLOOR: 2, OURS: 6}, times, limit).met is met

    def test_no_floor_no_multiple_of_it(self) -> None:
        assert not Row("this", "ms", {OURS: 1}, times=2).met

    def test_table(self) -> None:
        rows = [
            Row("wait", "ms", {FLOOR: 0.5, OURS: 1.25, "peer": 9876.5}, 3, 5, "a note"),
            Row("count", "commands", {OURS: 3}, limit=2),
            Row("shown", "ms", {FLOOR: 0, OURS: 1}),
        ]
        assert table(rows, ["peer"]) == (
            "what   unit      floor  ours  ratio  goal          met  peer\n"
            "-----  --------  -----  ----  -----  ------------  ---  ----\n"
            "wait   ms          0.5  1.25   2.50  3 x floor, 5  yes  9876\n"
            "count  commands            3         2             NO\n"
            "shown  ms            0     1\n"
            "\n"
            "wait: a note"
        )


@pytest.mark.parametrize(
    ("times", "most"),
    [([0.0], 1), ([0.0, 1.0, 2.0], 1), ([0.0, 0.5, 0.9, 1.3, 1.4, 1.6], 4)],
)
def test_most_in_a_second(times: list[float], most: int) -> None:
    assert most_in_a_second(times) == most
