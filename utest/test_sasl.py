"""What is sent in a log-in: byte for byte as the mechanisms have it."""

from __future__ import annotations

from base64 import b64decode, b64encode

import pytest

from ImapLibrary.imap.sasl import Dialogue, by_login, by_plain, by_token, hidden, spellings

HOST, PORT = "imap.example.com", 993


def token_dialogue(*offered: str, user: str = "qa@example.com") -> Dialogue | None:
    return by_token(user, "ya29.x", HOST, PORT, lambda name: name in offered)


def first(dialogue: Dialogue | None) -> bytes:
    assert dialogue
    greeting = dialogue.greeting()
    assert greeting
    return b64decode(greeting)


def test_plain() -> None:
    assert first(by_plain("qa", "schlüssel")) == "\0qa\0schlüssel".encode()


def test_login_waits_for_each_question() -> None:
    dialogue = by_login("qa", "schlüssel")
    assert dialogue.greeting() is None
    assert b64decode(dialogue.respond(b64encode(b"User Name"))) == b"qa"
    assert b64decode(dialogue.respond(b64encode(b"Password"))).decode() == "schlüssel"
    assert dialogue.respond(b"") == b"*"


def test_oauthbearer_is_as_in_rfc_7628() -> None:
    dialogue = token_dialogue("AUTH=XOAUTH2", "AUTH=OAUTHBEARER")
    assert dialogue
    assert dialogue.mechanism == "OAUTHBEARER"
    assert first(dialogue) == (
        b"n,a=qa@example.com,\x01host=imap.example.com\x01port=993\x01auth=Bearer ya29.x\x01\x01"
    )
    assert dialogue.respond(b64encode(b'{"status":"invalid_token"}')) == b"AQ=="
    assert dialogue.told == '{"status":"invalid_token"}'


def test_what_has_a_meaning_in_a_user_is_escaped() -> None:
    assert first(token_dialogue("AUTH=OAUTHBEARER", user="a,b=c")).startswith(b"n,a=a=2Cb=3Dc,\x01")


def test_xoauth2_is_as_google_has_it() -> None:
    dialogue = token_dialogue("AUTH=XOAUTH2")
    assert dialogue
    assert dialogue.mechanism == "XOAUTH2"
    assert first(dialogue) == b"user=qa@example.com\x01auth=Bearer ya29.x\x01\x01"
    assert dialogue.respond(b64encode(b'{"status":"400"}')) == b""
    assert dialogue.respond(b"") == b"*"
    assert dialogue.told == '{"status":"400"}'


def test_without_sasl_ir_the_first_answer_waits_for_a_challenge() -> None:
    assert b64decode(by_plain("qa", "x").respond(b"")) == b"\0qa\0x"


@pytest.mark.parametrize(
    ("dialogue", "shown"),
    [
        (by_plain("qa", "xyzzy"), ["***", "*"]),
        (by_login("qa", "xyzzy"), ["cWE=", "***"]),
        (by_token("qa", "xyzzy", HOST, PORT, "AUTH=OAUTHBEARER".__eq__), ["***", "AQ=="]),
        (by_token("qa", "xyzzy", HOST, PORT, "AUTH=XOAUTH2".__eq__), ["***", ""]),
    ],
)
def test_whatever_is_sent_can_be_hidden(dialogue: Dialogue, shown: list[str]) -> None:
    secrets = list(spellings("qa", "xyzzy", HOST, PORT))
    assert [hidden(dialogue.respond(b"").decode(), secrets) for _ in shown] == shown
    assert hidden("Who is xyzzy?", secrets) == "Who is ***?"


@pytest.mark.parametrize(
    "repeated",
    [
        'LOGIN "qa" "Plugh\\"42\\\\\u00fc!"',  # as it was sent
        'LOGIN qa Plugh"42\\ü!',
        "user=qa&password=Plugh%2242%5C%C3%BC%21",
        repr('Plugh"42\\ü!'.encode()),
        repr('"Plugh\\"42\\\\ü!"'.encode()),
        'Plugh"42\\ü!'.encode("latin-1").decode(errors="replace"),
    ],
)
def test_however_it_is_repeated_it_is_hidden(repeated: str) -> None:
    assert "42" not in hidden(repeated, spellings("qa", 'Plugh"42\\ü!', HOST, PORT))
