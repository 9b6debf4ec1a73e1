"""The mail servers that the acceptance tests run on: one module each, with `running()`."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from servers import courier, cyrus, dovecot, embedded, greenmail
from servers.base import Running

SERVERS: dict[str, Callable[[], AbstractContextManager[Running]]] = {
    "embedded": embedded.running,
    "greenmail": greenmail.running,
    "dovecot": dovecot.running,
    "cyrus": cyrus.running,
    "courier": courier.running,
}
