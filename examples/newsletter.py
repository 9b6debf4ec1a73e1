"""Another product under test: a newsletter, sent to each subscriber alone."""

import smtplib
from email.message import EmailMessage


def send_newsletter(subject, subscribers, host, port):
    """Send the newsletter, in HTML and in plain text."""
    with smtplib.SMTP(host, int(port)) as smtp:
        for address in subscribers:
            smtp.send_message(_newsletter(subject, address))


def _newsletter(subject, address):
    name = address.partition("@")[0].title()
    leave = f"https://shop.example/unsubscribe?who={address}"
    email = EmailMessage()
    email["From"] = "The Shop <news@shop.example>"
    email["To"] = address
    email["Subject"] = subject
    email["List-Unsubscribe"] = f"<{leave}>"
    email["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    email.set_content(
        f"Dear {name},\n\nhere is what is new.\n\n"
        f"The lamps: https://shop.example/lamps\n\nUnsubscribe: {leave}\n"
    )
    email.add_alternative(
        f"""<div style="display:none">Three new lamps, and a sofa</div>
        <h1>What is new</h1><p>Dear {name}, here is what is new.</p>
        <p><a href="https://shop.example/lamps">The lamps</a></p>
        <p><a href="{leave}">Unsubscribe</a></p>""",
        subtype="html",
    )
    return email
