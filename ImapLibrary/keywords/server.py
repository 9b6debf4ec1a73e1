"""Starting and stopping the embedded mail server."""

import logging

from robot.api.deco import keyword

from ImapLibrary.arguments import Secret
from ImapLibrary.errors import InvalidArgument
from ImapLibrary.mailserver.server import MailServer

_log = logging.getLogger(__name__)


class ServerKeywords:
    """Keywords that start and stop mail servers."""

    def __init__(self) -> None:
        self._running: list[MailServer] = []

    @keyword
    def start_mail_server(
        self,
        *,
        host: str = "127.0.0.1",
        smtp_port: int = 0,
        imap_port: int = 0,
        imaps_port: int = 0,
        password: str | Secret | None = None,
        tls: bool = False,
    ) -> MailServer:
        """Starts a mail server inside Robot Framework: SMTP to send to, IMAP to read from.

        Nothing needs to be set up. Every address is an account: it is made when it first gets an
        email or logs in, with the whole address as user name. Upper and lower case make no
        difference, and ``qa+anything@example.com`` belongs to ``qa@example.com``. An email goes
        to the recipients that the product names to SMTP, whatever its headers say, and is kept
        exactly as it came. Emails are kept in memory until the server stops, which it does by
        itself at the end of the run.

        An account has an INBOX, and what other folders `Create Folder` makes. Those called
        ``Archive``, ``Drafts``, ``Junk``, ``Sent`` and ``Trash`` are for that (RFC 6154): emails can
        be deleted ``to_trash`` when there is a ``Trash``.

        | =Argument=                  | =Meaning= |
        | ``host``                    | Address of this machine to listen at. The default, ``127.0.0.1``, is reached from this machine only; ``0.0.0.0`` from others too. |
        | ``smtp_port``, ``imap_port`` | By default free ports are taken. |
        | ``password``                | The password that all accounts have, as text or as Robot Framework's ``Secret``. By default any password is right. It is their access token, too (XOAUTH2). |
        | ``tls``                     | ``True`` offers TLS too: ``STARTTLS`` on both ports, and TLS from the first byte on a third port. The certificate is made at start, for ``host`` and ``localhost``. |
        | ``imaps_port``              | The port for TLS from the first byte, with ``tls=True`` only. By default a free one is taken. |

        Returns an object with ``host``, ``smtp_port`` and ``imap_port``; with ``tls`` also with
        ``imaps_port`` and with ``ca_file``, the file to give to `Open Mailbox` as ``verify``.

        Fails if a port is in use, if the extra is not installed (``pip install
        robotframework-imap[server]``), or if Python is older than 3.11.

        Examples:
        | ${server} = | Start Mail Server | | | | |
        | Configure The Product | ${server.host} | ${server.smtp_port} | | | |
        | Open Mailbox | ${server.host} | qa@example.com | any | port=${server.imap_port} | security=NONE |
        | ${server} = | Start Mail Server | tls=True | password=${PASSWORD} | | |
        | Open Mailbox | ${server.host} | qa@example.com | ${PASSWORD} | port=${server.imaps_port} | verify=${server.ca_file} |
        """
        server = MailServer(
            host=host,
            smtp_port=smtp_port,
            imap_port=imap_port,
            imaps_port=imaps_port,
            password=password,
            tls=tls,
        )
        self._running.append(server)
        _log.info("Started the %s.", server)
        return server

    @keyword
    def stop_mail_server(self, server: MailServer | None = None) -> None:
        """Stops a mail server and forgets its emails: the newest, or the one that is given.

        | =Argument= | =Meaning= |
        | ``server`` | What `Start Mail Server` returned. By default the server that was started last and still runs. |

        Silent when no server runs, as a teardown should be. Mailboxes that are open on the
        server lose their connection; close them first.

        Examples:
        | Suite Teardown | Stop Mail Server | |
        | Stop Mail Server | ${server} | |
        """
        if server is None:
            if not self._running:
                _log.info("No mail server runs.")
                return
            server = self._running[-1]
        if not isinstance(server, MailServer):
            raise InvalidArgument(
                f"The argument server must be what Start Mail Server returned, not {server!r}."
            )
        server.stop()
        if server in self._running:
            self._running.remove(server)
        _log.info("Stopped the %s.", server)

    def close(self) -> None:
        """Stop all servers that still run, at the end of the run."""
        while self._running:
            self._running.pop().stop()
