"""Another product under test: it sends an invoice for what was ordered."""

import smtplib
from email.message import EmailMessage


def send_invoice(address, article, host, port):
    """Send an email in HTML with a PDF attached."""
    email = EmailMessage()
    email["From"] = "The Shop <noreply@shop.example>"
    email["To"] = address
    email["Subject"] = f"Your invoice: {article}"
    email.set_content(f"<p>Thank you for ordering <b>{article}</b>.</p>", subtype="html")
    email.add_attachment(b"%PDF-1.7", "application", "pdf", filename="invoice.pdf")
    with smtplib.SMTP(host, port) as smtp:
        smtp.send_message(email)
