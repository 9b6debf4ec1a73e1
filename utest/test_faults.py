"""The fault laboratory in atest/: what its matrix holds, and what of it runs with every test."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ATEST = Path(__file__).parent.parent / "atest"

sys.path.append(str(ATEST))

from faults.choice import Pair, all_pairs, chosen_pairs
from faults.keywords import KEYWORDS
from faults.kinds import KINDS

SERVERS = {"embedded": False, "greenmail": False, "dovecot": True}
"""The servers, and which of them can be restarted."""

WITHOUT_SERVER = {
    "Get Multipart Content Type",
    "Get Multipart Field",
    "Get Multipart Field Names",
    "Get Multipart Param",
    "Get Multipart Payload",
    "Get Unique Email Address",
    "Load Email",
    "Start Mail Server",
    "Stop Mail Server",
    "Switch Mailbox",
}
"""The keywords that send no command, since they are about what is here already."""

LIKE_ANOTHER = {"Open Mailbox Oauth"}
"""Calls `Open Mailbox`, and takes no timeout that would let it end soon."""


def chosen(server: str) -> list[Pair]:
    pairs = all_pairs(server, restarts=SERVERS[server])
    return chosen_pairs(pairs, list(SERVERS).index(server))


def test_every_keyword_that_talks_to_a_server_is_in_it() -> None:
    approved = (Path(__file__).parent / "approved" / "keywords.txt").read_text(encoding="utf-8")
    names = {line for line in approved.splitlines() if line[:1] not in (" ", "_", "(")}
    assert names - WITHOUT_SERVER - LIKE_ANOTHER == {keyword.bare_name for keyword in KEYWORDS}


def test_names_tell_cells_apart() -> None:
    for names in ([keyword.name for keyword in KEYWORDS], [kind.name for kind in KINDS]):
        assert len(names) == len(set(names))


def test_at_least_200_cells_run_with_every_test() -> None:
    assert sum(len(set(chosen(server))) for server in SERVERS) >= 200


@pytest.mark.parametrize("server", SERVERS)
class TestChosen:
    def test_every_keyword_is_among_them(self, server: str) -> None:
        able = {each for each in KEYWORDS if server in (each.servers or SERVERS)}
        assert {keyword for keyword, _ in chosen(server)} == able

    def test_every_fault_is_among_them(self, server: str) -> None:
        able = {kind for kind in KINDS if SERVERS[server] or not kind.restarts}
        assert {kind for _, kind in chosen(server)} == able

    def test_what_changes_a_mailbox_also_loses_its_last_answer(self, server: str) -> None:
        able = {each for each in KEYWORDS if each.changes and server in (each.servers or SERVERS)}
        assert {keyword for keyword, kind in chosen(server) if kind.place == 1} >= able

    def test_they_belong_to_the_matrix_and_none_runs_twice(self, server: str) -> None:
        pairs = chosen(server)
        assert len(pairs) == len(set(pairs))
        assert set(pairs) <= set(all_pairs(server, restarts=SERVERS[server]))


def test_a_keyword_meets_other_faults_on_another_server() -> None:
    every = [pair for server in SERVERS for pair in chosen(server) if pair[1].place < 1]
    assert len(set(every)) > 0.9 * len(every)
