"""The product under test: a shop that writes to whoever signs up."""

import smtplib
from email.message import EmailMessage


def sign_up(address, host, port, user="", password=""):
    """Become a customer. The shop asks whether the address is right."""
    email = EmailMessage()
    email["From"] = f"The Shop <{user or 'noreply@shop.example'}>"
    email["To"] = address
    email["Subject"] = "Confirm your address"
    email.set_content("Welcome!\n\nPlease confirm: https://shop.example/confirm?id=42\n")
    with smtplib.SMTP(host, int(port)) as smtp:
        if user:
            smtp.starttls()
            smtp.login(user, password)
        smtp.send_message(email)
