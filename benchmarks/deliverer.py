"""Delivers emails in a process of its own, as a product does, so that the clock is not disturbed.

As a program it reads orders from its input, a line of JSON each, and prints for each when the
server had accepted the email. `time.perf_counter()` is the same for all processes of a machine.
"""

from __future__ import annotations

import itertools
import json
import smtplib
import subprocess
import sys
import threading
import time
from concurrent.futures import Future
from email.message import EmailMessage

_numbers = itertools.count(1)


class Deliverer:
    """Starts the process, and gives it orders.

    protocol, port: how and where the server takes emails: "smtp" or "lmtp"
    """

    def __init__(self, protocol: str, port: int) -> None:
        self._accepted: dict[str, Future[float]] = {}
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, __file__, protocol, str(port)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        threading.Thread(target=self._listen, daemon=True).start()

    def later(self, to: str, delay: float) -> tuple[str, Future[float]]:
        """Order an email.

        delay: seconds from now

        Returns its subject, and what will be the time at which the server accepted it.
        """
        subject = f"Benchmark {next(_numbers)}."  # the stop keeps 1 from being found in 12
        accepted = self._accepted[subject] = Future[float]()
        order = {"to": to, "subject": subject, "due": time.perf_counter() + delay}
        if self._process.stdin is None:
            raise RuntimeError("The process has no input.")
        with self._lock:
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
        return subject, accepted

    def _listen(self) -> None:
        for line in self._process.stdout or ():
            answer = json.loads(line)
            self._accepted.pop(answer["subject"]).set_result(answer["accepted"])

    def __enter__(self) -> Deliverer:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()


def compose(to: str, subject: str) -> EmailMessage:
    """Return a small email."""
    email = EmailMessage()
    email["From"] = "The Shop <noreply@shop.example>"
    email["To"] = to
    email["Subject"] = subject
    email.set_content(f"This is the text of {subject}\n")
    return email


def _deliver(protocol: str, port: int, order: dict[str, str | float]) -> None:
    to, subject = str(order["to"]), str(order["subject"])
    data = compose(to, subject).as_bytes()
    kind = {"smtp": smtplib.SMTP, "lmtp": smtplib.LMTP}[protocol]
    time.sleep(max(0.0, float(order["due"]) - time.perf_counter() - 0.05))
    with kind("127.0.0.1", port, local_hostname="localhost") as client:
        client.ehlo_or_helo_if_needed()
        client.mail("bounce@shop.example")
        client.rcpt(to)
        time.sleep(max(0.0, float(order["due"]) - time.perf_counter()))
        client.data(data)
        accepted = time.perf_counter()
        # One write, or lines of several threads could mix.
        sys.stdout.write(json.dumps({"subject": subject, "accepted": accepted}) + "\n")
        sys.stdout.flush()


def main() -> None:
    """Do what is ordered, until the input ends."""
    protocol, port = sys.argv[1], int(sys.argv[2])
    for line in sys.stdin:
        order = (protocol, port, json.loads(line))
        threading.Thread(target=_deliver, args=order, daemon=True).start()


if __name__ == "__main__":
    main()
