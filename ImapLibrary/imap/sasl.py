"""What a client says in a SASL log-in: the mechanisms, and what is sent in them.

    OAUTHBEARER   RFC 7628     an access token
    XOAUTH2       by Google    an access token, before there was a standard
    PLAIN         RFC 4616     user and password
    LOGIN         no standard  user and password, one after the other

None of them hides anything from whoever can read the connection: that is left to TLS.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator
from itertools import product
from urllib.parse import quote

TOKENS = ("OAUTHBEARER", "XOAUTH2")
"""The mechanisms for access tokens, the better one first."""

END = b"*"
"""What ends a dialogue in which there is nothing more to say (RFC 9051, section 6.2.2)."""


class Dialogue:
    """The client's side of one log-in.

    mechanism: its name
    answers: what is said, one answer to each challenge
    greets: whether the first answer needs no challenge, so that it can come with the command
        where the server takes that (SASL-IR, RFC 4959)

    told: what the server's last challenge said, which is the reason of a refusal with tokens
    """

    def __init__(self, mechanism: str, *answers: bytes, greets: bool = True) -> None:
        self.mechanism = mechanism
        self.told = ""
        self._answers = list(answers)
        self._greets = greets

    def greeting(self) -> str | None:
        """Return the first answer, for the command; None if it has to wait for a challenge."""
        if not self._greets:
            return None
        return b64encode(self._answers.pop(0)).decode() or "="

    def respond(self, challenge: bytes) -> bytes:
        """Return the answer to a challenge, as it goes over the wire."""
        if challenge:
            self.told = _decoded(challenge).decode(errors="replace")
        return b64encode(self._answers.pop(0)) if self._answers else END


def by_plain(user: str, password: str) -> Dialogue:
    """Return the log-in by PLAIN."""
    return Dialogue("PLAIN", _plain(user, password))


def by_login(user: str, password: str) -> Dialogue:
    """Return the log-in by LOGIN, the mechanism; the command of that name is older."""
    return Dialogue("LOGIN", user.encode(), password.encode(), greets=False)


def by_token(
    user: str, token: str, host: str, port: int, offered: Callable[[str], bool]
) -> Dialogue:
    """Return the log-in with an access token, for a server that offers one of TOKENS."""
    if offered("AUTH=OAUTHBEARER"):
        # \x01 after a refusal asks for the tagged answer (RFC 7628, section 3.2.3).
        return Dialogue("OAUTHBEARER", _bearer(user, token, host, port), b"\x01")
    return Dialogue("XOAUTH2", _xoauth2(user, token), b"")


def spellings(user: str, secret: str, host: str, port: int) -> Iterator[str]:
    """Yield a password or token in each form in which a server may repeat it, the longest first."""
    in_sasl = (_bearer(user, secret, host, port), _xoauth2(user, secret), _plain(user, secret))
    forms = {b64encode(sent).decode() for sent in (*in_sasl, secret.encode())}
    quoted = secret.replace("\\", "\\\\").replace('"', '\\"')  # as LOGIN sends it
    forms.update({secret, quoted, quote(secret, safe="")})
    for text, charset in product((secret, quoted), ("utf-8", "latin-1")):
        raw = text.encode(charset, errors="replace")
        forms.update({raw.decode(errors="replace"), repr(raw)[2:-1]})
    yield from sorted(forms, key=len, reverse=True)


def hidden(text: str, secrets: Iterable[str]) -> str:
    """Return what a server said without secrets that it repeats."""
    for secret in secrets:
        text = text.replace(secret, "***")
    return text


def _decoded(challenge: bytes) -> bytes:
    try:
        return b64decode(challenge)
    except ValueError:  # "Go ahead", where nothing has to be said
        return challenge


def _plain(user: str, password: str) -> bytes:
    return f"\0{user}\0{password}".encode()


def _bearer(user: str, token: str, host: str, port: int) -> bytes:
    # A comma and an equals sign have a meaning here (RFC 5801, section 4).
    name = user.replace("=", "=3D").replace(",", "=2C")
    return f"n,a={name},\x01host={host}\x01port={port}\x01auth=Bearer {token}\x01\x01".encode()


def _xoauth2(user: str, token: str) -> bytes:
    return f"user={user}\x01auth=Bearer {token}\x01\x01".encode()
