"""Arguments of the older libraries -> those of today.

Suites written for the ImapLibrary of 2012 and 2016, and for ImapLibrary2, call keywords that live
on with arguments that do not. Whatever these are called, and in which case they are written, is
known here alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from ImapLibrary.arguments import Security, reveal
from ImapLibrary.errors import InvalidArgument
from ImapLibrary.imap.proxy import Proxy, ProxyKind

CRITERIA = {
    "recipient": "recipient",
    "to_email": "recipient",
    "toemail": "recipient",
    "sender": "sender",
    "from_email": "sender",
    "fromemail": "sender",
    "cc": "cc",
    "cc_email": "cc",
    "ccemail": "cc",
    "subject": "subject",
    "text": "text",
    "status": "status",
    "since": "since",
    "before": "before",
    "on": "on",
    "sentsince": "sent_since",
    "sentbefore": "sent_before",
    "senton": "sent_on",
}
"""Criteria of the older libraries in lower case, and what they are called today."""

NEEDLESS = frozenset({"utf-8"})
"""What can be left out: text in any language finds its way into SEARCH by itself."""

EMAIL = "email_index"
"""What the email itself was called."""

HOST = "server"
IS_SECURE = "is_secure"
SSL = "ssl"
"""No argument of any of them, but suites carry it, and it was ignored."""

PROXY = (
    "proxy_host",
    "proxy_port",
    "proxy_user",
    "proxy_username",
    "proxy_password",
    "proxy_type",
)
"""One of them by two names: ImapLibrary2 had `proxy_user`, and its docs `proxy_username`."""

_FALSE = frozenset({"FALSE", "NO", "OFF", "0", "NONE", ""})
"""The words that Robot Framework takes for false, in upper case."""

_TEXTS = frozenset({"recipient", "sender", "cc", "subject", "text", "status"})
"""The criteria that are text; Robot Framework converts no argument that it does not know."""


def to_criteria(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return criteria by their names of today. What nobody knows stays as it is.

    Raises InvalidArgument if one is given by two names with different values.
    """
    translated: dict[str, Any] = {}
    names: dict[str, str] = {}
    for name, value in given.items():
        if name.lower() in NEEDLESS:
            continue
        today = CRITERIA.get(name.lower(), name)
        if today in _TEXTS and value is not None:
            value = str(value)
        if translated.get(today) is None:
            translated[today], names[today] = value, name
        elif value is not None and value != translated[today]:
            raise InvalidArgument(
                f"The arguments {names[today]} and {name} are the same criterion. Give one of them."
            )
    return translated


def to_email(email: Any, given: Mapping[str, Any]) -> tuple[Any, dict[str, Any]]:
    """Return the email that a keyword is about, None if none was given, and all else.

    email: what was given for it by position, or by its name of today
    """
    others = dict(given)
    for name in given:
        if name.lower() == EMAIL:
            index = others.pop(name)
            email = index if email is None else email
    return email, others


@dataclass(frozen=True)
class Opening:
    """What old arguments of `Open Mailbox` mean.

    host, security: the same as given where no old argument says otherwise
    others: what is left, which nobody knows
    proxy: what to connect through
    remark: what to warn of, empty if nothing
    """

    host: str
    security: Security
    others: dict[str, object]
    proxy: Proxy | None = None
    remark: str = ""


def to_opening(host: str | None, security: Security, given: Mapping[str, object]) -> Opening:
    """Return what the arguments of `Open Mailbox` mean. Raises InvalidArgument if they mean nothing."""
    old = {
        name.lower(): value
        for name, value in given.items()
        if name.lower() in (HOST, IS_SECURE, SSL, *PROXY)
    }
    others = {name: value for name, value in given.items() if name.lower() not in old}
    remark = ""
    if SSL in old and IS_SECURE not in old:
        tls = _is_true(old[SSL])
        remark = (
            f"The argument ssl={old[SSL]} is taken as {'TLS' if tls else 'plain text'}. Older "
            f"libraries ignored it. Write security={'TLS' if tls else 'NONE'} instead."
        )
    if IS_SECURE in old or SSL in old:
        security = _security(security, _is_true(old.get(IS_SECURE, old.get(SSL))))
    return Opening(host or str(old.get(HOST, "")), security, others, _proxy(old), remark)


def _is_true(value: object) -> bool:
    return value.upper() not in _FALSE if isinstance(value, str) else bool(value)


def _security(security: Security, tls: bool) -> Security:
    if security is not Security.TLS:
        raise InvalidArgument(
            "The argument security says how the connection is protected, so is_secure and ssl must "
            "be left out."
        )
    return Security.TLS if tls else Security.NONE


def _proxy(old: Mapping[str, Any]) -> Proxy | None:
    """Return the proxy that old arguments name, None if they name none."""
    host, port = old.get("proxy_host"), old.get("proxy_port")
    if not host and not port:
        return None
    if not host or not port:
        raise InvalidArgument(
            "The arguments proxy_host and proxy_port belong together. Give both, or the address of "
            "the proxy as proxy=."
        )
    kind = str(old.get("proxy_type") or ProxyKind.HTTP.value).lower()
    user = quote(str(old.get("proxy_user") or old.get("proxy_username") or ""), safe="")
    password = quote(reveal(old.get("proxy_password") or ""), safe="")
    place = f"[{host}]:{port}" if ":" in str(host) else f"{host}:{port}"
    return Proxy.parse(f"{kind}://{user}:{password}@{place}" if user else f"{kind}://{place}")
