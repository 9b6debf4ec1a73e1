"""Another product under test: who signs in gets an email with a code and a link, for one use each."""

import smtplib
import threading
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class _Site(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(b"<h1>Welcome back!</h1>")

    def log_message(self, *_):
        """Say nothing."""


def sign_in(address, host, port):
    """Type one's address into the form of the shop, which sends the email."""
    site = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    link = f"http://127.0.0.1:{site.server_port}/sign-in?token=hG7kl2Pq"
    email = EmailMessage()
    email["From"] = "The Shop <noreply@shop.example>"
    email["To"] = address
    email["Subject"] = "Sign in to The Shop"
    email.set_content(f"Your code: 483 920\n\nOr follow this link: {link}\n")
    email.add_alternative(
        f"""<p>Your code:</p><p style="font-size:2em">483 920</p>
        <p>It expires in 10 minutes. Or, with one click:</p>
        <p><a class="button" href="{link}">Sign in</a></p>
        <p>&copy; 2026 The Shop, 1600 Ocean Avenue. <a href="https://shop.example/help">Help</a>""",
        subtype="html",
    )
    with smtplib.SMTP(host, int(port)) as smtp:
        smtp.send_message(email)


def code_is_right(code):
    """Type the code into the form."""
    return code == "483920"
