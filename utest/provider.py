"""A scripted server that asks who one is, in each of the ways there are."""

from __future__ import annotations

from base64 import b64decode, b64encode

from scripted import ScriptedServer, Session, message

TOKEN = "ya29.Plugh-xyzzy"


class Provider(ScriptedServer):
    """A server that knows one user, by a password or a token, in several mechanisms.

    good: the password or token that it takes
    reason: what it says of a token that it does not take, before it refuses it; None for nothing
    """

    good = TOKEN
    reason: str | None = '{"status":"401","schemes":"Bearer"}'

    def __init__(self) -> None:
        super().__init__(message("Hello"))
        self.on["AUTHENTICATE"] = self._authenticate
        self.mechanisms: list[str] = []
        self.said: list[str] = []

    def _authenticate(self, session: Session, tag: str, arguments: str) -> None:
        mechanism, _, initial = arguments.partition(" ")
        self.mechanisms.append(mechanism)
        said = [initial] if initial else []
        for prompt in {"LOGIN": ["User Name", "Password"]}.get(mechanism, [""]):
            if not initial:
                session.send(f"+ {b64encode(prompt.encode()).decode()}")
                said.append(session.readline())
        self.said += said
        if self.good.encode() in b64decode(said[-1]):
            session.send(f"{tag} OK [CAPABILITY {self.capabilities}] in")
            return
        if self.reason is not None and mechanism in ("XOAUTH2", "OAUTHBEARER"):
            session.send(f"+ {b64encode(self.reason.encode()).decode()}")
            self.said.append(session.readline())
        session.send(f"{tag} NO [AUTHENTICATIONFAILED] No")
