"""Another product under test: accounts are confirmed, and passwords reset, by links for one use."""

import secrets
import smtplib
import threading
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_accounts = set()
_links = {}


class _Site(BaseHTTPRequestHandler):
    def do_GET(self):
        page = _links.pop(self.path, None)
        self.send_response(200 if page else 410)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(f"<h1>{page or 'This link was used before.'}</h1>".encode())

    def log_message(self, *_):
        """Say nothing."""


def sign_up(address, host, port):
    """Become a customer. The shop asks whether the address is right."""
    _accounts.add(address)
    link = _link("confirm", "Thank you!")
    _send(host, port, address, "Confirm your address", "Welcome!", "Confirm my address", link)


def forget_password(address, host, port):
    """Ask for a new password. Nobody learns here who has an account and who has not."""
    if address in _accounts:
        link = _link("reset", "Choose a new password")
        text = "Somebody, hopefully you, forgot the password."
        _send(host, port, address, "Reset your password", text, "Choose a new one", link)


def _link(purpose, page):
    site = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    path = f"/{purpose}?token={secrets.token_hex(8)}"
    _links[path] = page
    return f"http://127.0.0.1:{site.server_port}{path}"


def _send(host, port, address, subject, text, button, link):
    email = EmailMessage()
    email["From"] = "The Shop <noreply@shop.example>"
    email["To"] = address
    email["Subject"] = subject
    email.set_content(f"{text}\n\n{button}: {link}\n")
    email.add_alternative(
        f'<p>{text}</p><p><a class="button" href="{link}">{button}</a></p>'
        '<p>Questions? <a href="https://shop.example/help">We help.</a></p>',
        subtype="html",
    )
    with smtplib.SMTP(host, int(port)) as smtp:
        smtp.send_message(email)
