"""The product under test: a shop on the web that lets in who clicks the button in its email."""

import secrets
import smtplib
import threading
from email.message import EmailMessage
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

SIGN_UP = """<form method="post" action="/sign-up">
<input name="address" type="email"> <button>Sign up</button></form>"""

TEXT = """Welcome to The Shop!

Please confirm your address: {link}
"""

HTML = """<h1>Welcome to The Shop!</h1>
<p>Please confirm your address:</p>
<p><a href="{link}" style="background:#1a73e8; color:white; padding:12px">Confirm your address</a></p>
<img src="{shop}/opened.gif" alt="" width="1" height="1">"""


class WebShop:
    """The shop, as a library for suites."""

    ROBOT_LIBRARY_SCOPE = "SUITE"

    def open_shop(self, smtp_host, smtp_port):
        """Start the shop, and return its address. It sends its emails by that server."""
        shop = _Shop(("127.0.0.1", 0), _Pages)
        shop.smtp = (smtp_host, int(smtp_port))
        shop.url = f"http://127.0.0.1:{shop.server_port}"
        shop.tokens, shop.visited = {}, []
        threading.Thread(target=shop.serve_forever, daemon=True).start()
        self._shop = shop
        return shop.url

    def close_shop(self):
        """Stop the shop."""
        self._shop.shutdown()
        self._shop.server_close()

    def visited_pages(self):
        """Return what browsers have asked for."""
        return list(self._shop.visited)


class _Shop(ThreadingHTTPServer):
    def send_email(self, address):
        token = secrets.token_urlsafe()
        self.tokens[token] = address
        link = f"{self.url}/confirm?token={token}"
        email = EmailMessage()
        email["From"] = "The Shop <noreply@shop.example>"
        email["To"] = address
        email["Subject"] = "Confirm your address"
        email.set_content(TEXT.format(link=link))
        email.add_alternative(HTML.format(link=link, shop=self.url), subtype="html")
        with smtplib.SMTP(*self.smtp) as smtp:
            smtp.send_message(email)


class _Pages(BaseHTTPRequestHandler):
    def do_GET(self):
        url = urlsplit(self.path)
        self.server.visited.append(url.path)
        if url.path == "/":
            self.show("Sign up", SIGN_UP)
        elif url.path == "/confirm":
            # A link works once.
            address = self.server.tokens.pop(parse_qs(url.query)["token"][0], None)
            if address:
                self.show("Thank you!", f"<p>{escape(address)} is confirmed.</p>")
            else:
                self.show("This link was used already.", "", status=410)
        else:
            self.show("There is no such page.", "", status=404)

    def do_POST(self):
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.server.send_email(form["address"][0])
        self.show("We sent you an email.", "")

    def show(self, title, content, status=200):
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        page = f"<!doctype html><title>{title}</title><h1>{title}</h1>{content}"
        self.wfile.write(page.encode())

    def log_message(self, *_):
        """Say nothing."""
