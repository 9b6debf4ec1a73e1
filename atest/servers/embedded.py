"""The library's own embedded server, in this process."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version

from ImapLibrary.mailserver.server import MailServer
from ImapLibrary.version import __version__
from servers.base import ADDRESS, PASSWORD, Running, Unavailable


@contextmanager
def running() -> Iterator[Running]:
    """Run the embedded server until the block ends.

    Raises Unavailable on Python 3.10, for which pymap does not exist.
    """
    if sys.version_info < (3, 11):
        raise Unavailable("needs Python 3.11")
    with MailServer(host=ADDRESS, password=PASSWORD, tls=True) as server:
        if server.imaps_port is None or server.ca_file is None:
            raise RuntimeError("The embedded server offers no TLS, though asked to.")
        yield Running(
            name="embedded",
            version=f"{__version__}, pymap {version('pymap')}",
            started="in the test process",
            imap_port=server.imap_port,
            imaps_port=server.imaps_port,
            ca_file=server.ca_file,
            delivery="smtp",
            delivery_port=server.smtp_port,
        )
