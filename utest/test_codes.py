"""The code that a person would type, in texts as products send them, and what is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ImapLibrary.errors import CodeNotFound, InvalidArgument
from ImapLibrary.mail.codes import MAX_LENGTH, MOST_LISTED, candidates, find_code
from ImapLibrary.mail.content import visible_text

FOOTER = """
If you didn't request this, call us at +1 (800) 555-0123 or reply to this email.
Example Inc., 1600 Ocean Avenue, Suite 1200, Springfield, IL 62701
Reg. no. 12345678, VAT GB123456789. © 2019-2026 Example. Privacy: https://x.example/p/998877
"""

CODES = [
    # English
    ("Your verification code is 483920.", "483920"),
    ("Your verification code is: 483920", "483920"),
    ("483920 is your verification code", "483920"),
    ("Use 483920 as your login code. It expires in 10 minutes.", "483920"),
    ("Enter this code to continue:\n\n483920\n\nIt expires in 15 minutes.", "483920"),
    ("Here is the code\nyou asked for\n\n  483920  \n", "483920"),
    ("Code: 0071", "0071"),
    ("PIN: 4711", "4711"),
    ("Your PIN is 4711. Never tell anyone your PIN.", "4711"),
    ("Your one-time password (OTP) for login is 55082", "55082"),
    ("OTP 91827364 for your transfer", "91827364"),
    ("Passcode: 20481", "20481"),
    ("[Example] Security code 771204", "771204"),
    ("Your code is **771204**", "771204"),
    ("Your code is [771204]", "771204"),
    ('Your code is "771204"', "771204"),
    ("Your Office365 access code is 771204", "771204"),
    ("Your Apple ID Code is: 771204. Don't share it with anyone.", "771204"),
    ("G-483920 is your Google verification code.", "483920"),
    ("FB-48392 is your Facebook confirmation code", "48392"),
    ("Your code: 483 920", "483920"),
    ("Your code: 483-920", "483920"),
    ("Your code: 483\N{EN DASH}920", "483920"),
    ("Your code: 483 - 920", "483920"),
    ("Your code is 483 \N{EN DASH} 920.", "483920"),
    ("Your code is 4 - 8 - 3 - 9 - 2 - 0", "483920"),
    ("Your code is 4 8 3 - 9 2 0", "483920"),
    ("Your code is 483920 - valid for 10 minutes", "483920"),
    ("Your code is 4839 - 5 days are left", "4839"),
    ("Your code is 1234 5678", "12345678"),
    ("Your code is 48 39 20", "483920"),
    ("Your code is 4 8 3 9 2 0", "483920"),
    ("Your code is 4-8-3-9-2-0", "483920"),
    ("Your code is 123 456 789.", "123456789"),
    ("Your confirmation code: A1B2C3", "A1B2C3"),
    ("Your confirmation code: XK49QZ", "XK49QZ"),
    ("Use code kx7f2a to sign in", "kx7f2a"),
    ("Your device code is WDJB-MJHT", "WDJB-MJHT"),
    ("Enter the code shown below\n\nWDJB-MJHT\n", "WDJB-MJHT"),
    ("Your code: A1B2-C3D4", "A1B2-C3D4"),
    ("Your code: 7QX-K4M", "7QX-K4M"),
    ("Your code: A1B2 C3D4", "A1B2C3D4"),
    ("Your code: QKXPLM", "QKXPLM"),
    ("Your temporary password is: hG7kl2Pq", "hG7kl2Pq"),
    ("YOUR ONE-TIME CODE IS 483920 DO NOT SHARE THIS CODE WITH ANYONE", "483920"),
    ("Your code is 2024", "2024"),
    ("PIN: 1998\n© 2026 Example", "1998"),
    ("Your code is 20241125", "20241125"),
    ("Your verification code is 483920. Order 55512345 will be shipped after that.", "483920"),
    ("Verification code for order 445566: 483920", "483920"),
    ("Your code for card ending 4421 is 483920", "483920"),
    ("Transfer of $1,250.00 to account no. 88776655. Code: 483920", "483920"),
    ("On Nov 25, 2026 at 10:15 you asked for a code: 483920", "483920"),
    ("Code 483920, valid until 23:59 on 2026-11-25", "483920"),
    ("Sign in from 192.168.10.25 with Chrome 131.0.6778.86. Code: 483920", "483920"),
    ("Code: 483920. PUK: 98765432", "483920"),
    ("The code is 483920. Or open https://x.example/verify?code=112233", "483920"),
    ("The code for qa1234@x.example is 483920", "483920"),
    ("Your code: 483920\nYour code: 483920", "483920"),
    ("Your code is 483920.\n" + FOOTER, "483920"),
    ("Dear Ms. 007,\n\nYour code is 483920.\n" + FOOTER * 3, "483920"),
    ("Ticket 55512345: your verification code is 483920", "483920"),
    ("Your code is 483920 (request #778899)", "483920"),
    ("Enter 483920 to verify your email address", "483920"),
    ("<#> 483920 is your Example code. FA+9qCX9VSu", "483920"),
    ("Your temporary password:\nT3mp!Pass2026\n", "T3mp!Pass2026"),
    ("Your new password is: x#9fk2Lw.", "x#9fk2Lw"),
    ("Password: guest2026", "guest2026"),
    ("Here is the code you need to log in to account qa_user99:\nR7KQ2\n", "R7KQ2"),
    ("Meeting ID: 123 4567 8901\nPasscode: 483920\nDial +1 646 555 8656, 12345678901#", "483920"),
    ("Example: 483920. Use this code to prove who you are. Ref 99887766", "483920"),
    ("483920\n\nis the code you need", "483920"),
    ("Code 483920, valid until 2359", "483920"),
    ("Hi 55512, code 48392", "48392"),
    ("You are guest 48213. The code for our door downstairs is 771204", "771204"),
    ("You are guest 48213\nThe code for our door downstairs is 771204", "771204"),
    ("For your order please also use 483920 when you are asked for the code", "483920"),
    ("Welcome back\n\n483920\n\nOrder more in our app.\nEnter the code there.", "483920"),
    ("Thanks for your order. 483920 is what you type when we ask for the code", "483920"),
    ("Your code 2026: 4839", "4839"),
    ("Your code 20261125: 483920", "483920"),
    # German
    ("Ihr Bestätigungscode lautet 483920.", "483920"),
    ("Ihr Code zur Bestellung: 483920", "483920"),
    ("Ihr Bestätigungscode zur Bestellung Nr. 55512345 lautet: 483920.", "483920"),
    ("Your code for house no. 12 in street no. 3 with door no. 4 is 48392", "48392"),
    ("Ihre TAN lautet: 483920. Betrag: 1.250,00 EUR, IBAN DE89370400440532013000", "483920"),
    ("mTAN 483920 für Ihre Überweisung über 250,00 €", "483920"),
    ("483 920 ist Ihr Einmalpasswort", "483920"),
    (
        "Ihr Sicherheitscode:\n483920\nExample GmbH, Musterstraße 1234, 10115 Berlin, HRB 123456",
        "483920",
    ),
    ("Dein Passwort lautet: Xy7kP2qa", "Xy7kP2qa"),
    ("Die PIN zu Ihrer Karte lautet 4711. Kundennummer: 88776655", "4711"),
    # French
    ("Votre code de vérification est 483920", "483920"),
    ("Voici votre code à usage unique : 483 920", "483920"),
    ("Code confidentiel : 483920\nCommande n° 55512345\n75001 Paris", "483920"),
    ("Votre mot de passe provisoire : Xy7kP2qa", "Xy7kP2qa"),
    # Spanish
    ("Tu código de verificación es 483920", "483920"),
    ("483920 es tu código de acceso. Pedido 55512345.", "483920"),
    ("Su clave de un solo uso: 4839", "4839"),
    ("Tu co\N{COMBINING ACUTE ACCENT}digo es 4839", "4839"),
    # Italian
    ("Il tuo codice di verifica è 483920", "483920"),
    ("Ecco il codice OTP: 483920. Ordine n. 55512345, 20121 Milano", "483920"),
    # Portuguese
    ("Seu código de verificação é 483920", "483920"),
    ("A sua palavra-passe temporária: Xy7kP2qa. CEP 01310-100", "Xy7kP2qa"),
    ("Use a senha 483920 para entrar", "483920"),
    # Dutch
    ("Je verificatiecode is 483920", "483920"),
    ("Uw toegangscode: 483920. Klantnummer 88776655. 1012 AB Amsterdam", "483920"),
    # Polish
    ("Twój kod weryfikacyjny to 483920", "483920"),
    ("Hasło jednorazowe: 483920. Zamówienie 55512345", "483920"),
    # Swedish, Danish, Norwegian, Finnish
    ("Din engångskod är 483920", "483920"),
    ("Din verifieringskod: 483920. Ordernummer: 55512345", "483920"),
    ("Din engangskode er 483920", "483920"),
    ("Koden din er 483920. Ordrenr. 55512345", "483920"),
    ("Vahvistuskoodisi on 483920", "483920"),
    ("Kertakäyttöinen salasana: 483920. Tilausnumero 55512345", "483920"),
    # Czech, Slovak, Hungarian, Romanian, Turkish
    ("Váš ověřovací kód je 483920", "483920"),
    ("Váš jednorazový kód: 483920", "483920"),
    ("Az ellenőrző kódja: 483920", "483920"),
    ("Codul dvs. de verificare este 483920", "483920"),
    ("Doğrulama kodunuz: 483920", "483920"),
    ("483920 tek kullanımlık şifrenizdir. Sipariş No: 55512345", "483920"),
    ("DOĞRULAMA KODU: 483920 İSTANBUL", "483920"),
    # Russian, Ukrainian, Bulgarian, Greek
    ("Ваш код подтверждения: 483920", "483920"),
    ("483920 — ваш код для входа. Никому его не сообщайте.", "483920"),
    ("Код: 4839. Заказ № 55512345 на сумму 1250 руб.", "4839"),
    ("Ваш одноразовый пароль 483920", "483920"),
    ("Ваш код підтвердження: 483920. Замовлення 55512345", "483920"),
    ("Вашият код за потвърждение е 483920", "483920"),
    ("Ο κωδικός επαλήθευσης είναι 483920", "483920"),
    # Japanese, Chinese, Korean
    ("認証コード:483920", "483920"),
    ("認証コードは「483920」です。有効期限は10分です。", "483920"),
    ("確認コード\n\n４８３９２０\n\nご注文番号:55512345", "483920"),
    ("認証コード：Ａ１Ｂ２Ｃ３", "A1B2C3"),
    ("ワンタイムパスワード: 483 920", "483920"),
    ("暗証番号は4839です。電話03-1234-5678", "4839"),
    ("您的验证码是483920,10分钟内有效。", "483920"),
    ("【示例】验证码：483920，请勿泄露。客服电话4001234567", "483920"),
    ("您的驗證碼為 483920,訂單編號55512345", "483920"),
    ("尾号1234的账户，动态密码483920", "483920"),
    ("인증번호 [483920]를 입력해 주세요.", "483920"),
    ("인증 코드는 483920입니다. 주문번호 55512345", "483920"),
    # Arabic, Persian, Hebrew, Hindi, Thai, Vietnamese, Indonesian
    ("رمز التحقق الخاص بك هو 483920", "483920"),
    ("رمز التحقق: ٤٨٣٩٢٠", "483920"),
    ("کد تأیید شما: ۴۸۳۹۲۰", "483920"),
    ("קוד האימות שלך הוא 483920", "483920"),
    ("הסיסמה החד-פעמית: 483920. מספר הזמנה 55512345", "483920"),
    ("आपका सत्यापन कोड 483920 है", "483920"),
    ("आपका ओटीपी ४८३९२० है", "483920"),
    ("รหัส OTP ของคุณคือ 483920", "483920"),
    ("Mã xác minh của bạn là 483920", "483920"),
    ("Kode verifikasi Anda: 483920. Nomor pesanan 55512345", "483920"),
    # Others
    ("El teu codi de verificació és 483920", "483920"),
    ("Sinu parool: 483920", "483920"),
    ("Jūsų patvirtinimo kodas: 4839", "4839"),
    ("Jūsu kods ir 4839", "4839"),
    ("Vaša lozinka je 4839", "4839"),
    ("Vaše geslo je 4839", "4839"),
    ("Ваш код је 4839", "4839"),
    ("আপনার ওটিপি 4839", "4839"),
    ("உங்கள் குறியீடு 4839", "4839"),
    ("మీ కోడ్ 4839", "4839"),
    ("آپ کا کوڈ 4839 ہے", "4839"),
    ("Kata laluan anda: 4839", "4839"),
    # Times of day
    ("Support hours 09:00-17:30\nYour code is below.\n\n\n483920", "483920"),
    ("您的验证码是 483920。服务时间：9:00-21:00", "483920"),
    ("Your code at 15h30 is 4h8k2x", "4h8k2x"),
    ("Requested: 26 Nov 2026 15:30:45.123456 +0100\n\nThe code:\n483920", "483920"),
    # Postal addresses
    ("Your Example code\n48392 Example is glad to have you.", "48392"),
    ("Hello Jane, your PIN 48392, Jane", "48392"),
    ("Hello Jane, Your Code 48392, valid today", "48392"),
    ("Hello Jane, Code 483920, Jane", "483920"),
    ("Hello Jane, Your Code AB 48392", "48392"),
    ("YOUR OTP TO LOGIN IS 48392", "48392"),
    ("Your code - 48392 Example", "48392"),
    ("Ваш код:\n483920, никому его не сообщайте", "483920"),
    ("Code: 48392\nExample AG | Bahnhofstrasse 12 | 8001 Zürich", "48392"),
    # Discounts, and codes of other kinds
    (
        "Dein Anmeldecode lautet 483920\n\nMit dem Code HERBST2026 sparst du 10 %",
        "483920",
    ),
    ("Save 15% this week.\n\nYour login code is ABC123.", "ABC123"),
    ("Save 15% when you log in with code 483920", "483920"),
    ("Confirm the transfer of 150 € with code XKC123", "XKC123"),
    ("To turn off two-step verification, use code XKC123", "XKC123"),
    ("Save this code: XKC123", "XKC123"),
    ("Ihre TAN zur Rechnung über 1.250,00 EUR lautet 483920", "483920"),
    ("Your PIN for parcel 00340434161094022222 is 483920", "483920"),
    ("Code 483920\nAmount 4500", "483920"),
    ("TAN: 483920\nBetrag 4500", "483920"),
    ("Product code: A12345. Login code: 483920", "483920"),
    ("Código de cliente: 884422. Código de acceso: 483920", "483920"),
    # Words that are not known: what stands alone on its line
    ("Staðfestu innskráninguna:\n\n483920\n\nTakk fyrir.", "483920"),
]


@pytest.mark.parametrize(("text", "code"), CODES)
def test_the_code_that_a_person_would_type(text: str, code: str) -> None:
    assert find_code([text]) == code


NO_CODES = [
    "",
    "Welcome to Example! Please confirm your address.",
    "Your code has been sent by SMS.",
    "Reset your password: https://x.example/reset/483920",
    "Your password was changed on 25 November 2026 at 10:15.",
    "Your password was changed.\n\n© 2026 Example Inc.",
    "Copyright (c) 2019 - 2026. All codes are subject to change.",
    "Your security code settings changed in 2026.",
    "Order 55512345 was shipped.",
    "Your order number: 55512345",
    "Your order\n55512345\nis on its way.",
    "Invoice no. 20260815 over 1250 EUR",
    "Booking code: XK49QZ",
    "Use the promo code SAVE2026 at checkout",
    "Your discount code: SUMMER25",
    "Use code THANKS15 for 15% off your next order.",
    "A password reset was requested for account 12345678.",
    "Password rules: at least one of !#$%, such as in my@Pass9word or so.",
    "The meeting code word was to verify and to confirm 4 things.",
    "Zip code 94107",
    "The area code is 0301",
    "Error code: 80070005",
    "Tracking code 1Z999AA10123456784",
    "Call us: 0800 123456 if you forgot your password",
    "Password support: +49 30 1234567",
    "Password support: 030/1234567 or (030) 1234567",
    "Text STOP to 12345 to end verification messages",
    "Your account no. 88776655 has a new password.",
    "Card ending in 4421: verification needed",
    "Card **** 4421: verification needed",
    "Verification of xx4421 failed",
    "Verification costs $1250 or 1,250.00 EUR, 1250 kr or ¥1250",
    "Verification fee: 1250円, 1250 руб., 1.250 €",
    "Passwords need 8 characters and expire after 1440 minutes",
    "Code coverage rose by 1250 points, to 82.50%",
    "Verification is done by Example, 1600 Amphitheatre Parkway, Mountain View, CA 94043",
    "Verification is done by Example GmbH, Hauptstraße 1234, 10115 Berlin",
    "Verification at 10 Downing Street, London SW1A 2AA",
    "Verification: .code{color:#483920;width:1200px} @media(max-width:600px){td{padding:1234px}}",
    "Our code of conduct follows ISO 27001 and RFC 6238",
    "Verification IP: 10.20.30.40, version 2026.11.25, build 483920",
    "Verification on 2026-11-25, 25.11.2026, 11/25/2026 at 12:34:56",
    "Verification by qa483920@x.example or www.x483920.example or shop483920.example/code/771204",
    "DO NOT SHARE YOUR PASSWORD WITH ANYONE",
    "Password: see below\nEXAMPLE TEAM",
    "Verification of DE123456789 (VAT)",
    "IBAN DE89 3704 0044 0532 0130 00 needs verification",
    "Verification by Chrome 131.0.6778.86",
    "Verification fee: 1250,50",
    "Vérification : 1234 rue de la Paix",
    "Verificatie: 1012 AB Amsterdam",
    "Verification: W1A 1AA, London",
    "Verification: K1A 0B1, Ottawa",
    "Password policy 2019-2026",
    "2026年のパスワード",
    "密码有效期1440分钟",
    "Passwords are stored with SHA256",
    "Code for Office365",
    "Password for INV-483920",
    "Verification of ORD-48392-A",
    "Verification of 4839204839",
    "Password 123 is old",
    "To confirm, take bus 48213 from there.",
    (
        "A code was sent to the phone that you gave us when you signed up with our shop in the spring and "
        "that we have known since, which has 4839 contacts"
    ),
    "Innskráning:\n\n4839\n",
    "Innskráning:\n\n20261125\n",
    "x" * MAX_LENGTH + " code: 483920",
    "Ihr Gutscheincode: SOMMER2026",
    "Ihr Passwort wurde geändert. Kundennummer 88776655, Rechnung 20260815",
    "Votre code postal : 75001. Votre code promo : PROMO2026",
    "Su código postal es 28013",
    "Il suo codice fiscale: RSSMRA85T10A562S",
    "Kod pocztowy 00-950, kod rabatowy LATO2026",
    "Ваш промокод: LETO2026. Почтовый индекс 101000",
    "您的订单号：55512345。优惠码SAVE2026",
    "ご注文番号:55512345 クーポンコード:SAVE2026",
    "주문번호 55512345, 쿠폰 코드 SAVE2026",
    "رقم الطلب: 55512345",
    "מספר הזמנה 55512345",
    "ऑर्डर 55512345, पिन कोड 110001",
    FOOTER,
    # Discounts, and codes of other kinds
    "Save 15% with code WELCOME10",
    "Get 15% off your first order with the code WELCOME10.",
    "Enjoy $10 off with code SAVE10NOW",
    "Free shipping with code FREESHIP26",
    "15 % Rabatt mit dem Code SOMMER26",
    "Mit dem Code SOMMER26 sparst du 15 %",
    "Spare 10 € mit Code HERBST2026",
    "-10% avec le code BIENVENUE10",
    "10% de descuento con el código VERANO26",
    "сэкономьте 20% с кодом SALE2026",
    "コード SALE2026 で20%OFF",
    "Product code: A12345",
    "Company code 1000, cost center 4711",
    "HS code 851712, country of origin CN",
    "EAN code 4006381",
    "Build failed: exit code 1370",
    "HTTP response code 5003",
    "Code client : 884422",
    "Code article : 48211",
    "Código de cliente: 884422",
    "Código do produto: 48211",
    "Codice cliente: 884422",
    "Codice articolo 48211",
    "Codice SDI: M5UXCR1",
    "Код товара: 48211\nКод заказа 998877",
    "상품코드: 48211",
    "商品コード：48211",
    "COD amount 1250. Delivery by Friday.",
    "Payment: COD\nAmount payable: 1250",
    "Colour: tan\nStyle 48211",
    "Leather shoes, tan, size 4212",
    *(
        f"Your password was changed.\n\n{address}"
        for address in [
            "Example AG • Bahnhofstrasse 12 • 8001 Zürich",
            "Example AG | Bahnhofstrasse 12 | 8001 Zürich | Schweiz",
            "Example GmbH \N{EN DASH} Hauptstr. 12 \N{EN DASH} 10115 Berlin",
            "Example GmbH - Hauptstr. 12 - 10115 Berlin - Deutschland",
            "Example GmbH · Postfach 10 20 30 · 10115 Berlin",
            "Example GmbH, Am Markt 1, 10115 Berlin. Alle Rechte vorbehalten.",
            "Example SL | Calle Mayor 12 | 28013 Madrid",
            "SARL au capital de 50 000 euros - RCS Paris 552 100 554 - 75002 Paris",
            "1 Hacker Way\nMenlo Park CA 94025",
            "1601 Hacker Way",
            "221B Baker Street",
            "One Microsoft Way, Redmond, Washington 98052",
            "548 Market St #12345, San Francisco, California 94104",
            "Cape Cod, MA 02601",
            "1 Raffles Place, Singapore 048616",
            "MG Road, Bengaluru 560001, India",
            "MG Road, Bengaluru - 560 001, Karnataka",
            "MG Road\nBengaluru 560001, India",
            "Oosterdokskade 163, 1011 DL, Amsterdam",
            "12 George St, Sydney NSW 2000, ABN 12 345 678 901",
            "ООО «Ромашка», 119021, Москва, ул. Льва Толстого, 16",
            "119021, Москва",
            "경기도 성남시 분당구 불정로 6 (우) 13561",
            "Registered in England and Wales with number 08765432.",
            "Company registered in England 08765432.",
        ]
    ),
    # Ranges
    "Verification takes 10 - 20 business trips",
    "Verification takes 1 - 2 - 3 trips",
    "Verification of the numbers 1000 - 1800",
    # Times of day
    "Your password was changed.\nSupport hours: 10:00-18:00",
    "Your password was changed. Open 10:00 \N{EN DASH} 18:00",
    "Your password was changed. Open 10h00-18h00",
    "Your password was changed on Thu, 26 Nov 2026 15:30:45 +0100 (CET) from Berlin.",
    "Your password was changed on 2026-11-26 15:30:45.123456 +0530",
    "Your password was changed at 3:30 PM -0800",
    "Your password was changed at 15h30.",
    "Your password was changed at 1530 UTC, and at 1530 hrs",
    "Ihr Passwort wurde um 1530 Uhr geändert.",
    "密码已修改。服务时间：9:00-21:00",
    "비밀번호가 변경되었습니다. 상담시간 09:00~18:00",
]


@pytest.mark.parametrize("text", NO_CODES)
def test_what_is_no_code(text: str) -> None:
    with pytest.raises(CodeNotFound):
        find_code([text])


@pytest.mark.parametrize(
    "text",
    [
        "Your codes are 483920 and 771204",
        "Old code: 483920, new code: 771204",
        "Your backup codes:\n48392011\n77120422\n12903433",
        "Your backup codes:\na1b2-c3d4\ne5f6-g7h8\n",
        "Password: Xy7kP2qa\nPIN: 4711",
        "483920 is your code. 771204 is your code.",
        "Innskráning:\n\n483920\n\n771204\n",
    ],
)
def test_codes_of_which_none_stands_out(text: str) -> None:
    with pytest.raises(CodeNotFound, match="none of which stands out"):
        find_code([text])


def test_codes_in_html_are_those_that_one_sees() -> None:
    digits = "".join(f'<td style="padding:9px;color:#1a73e8">{digit}</td>' for digit in "483920")
    html = (
        "<style>.code123456{color:#771204}</style><title>Code 112233</title>"
        '<div style="display:none">Your code is 665544</div>'
        f"<p>Your code:</p><table><tr>{digits}</tr></table><a href=https://x.example/998877>Go</a>"
    )
    assert find_code([visible_text(html)]) == "483920"
    halves = "<p>Your code is <b>483</b><span>&nbsp;-&nbsp;</span><b>920</b></p>"
    assert find_code([visible_text(halves)]) == "483920"
    boxes = "".join(f'<div style="display:inline-block">{digit}</div>' for digit in "483920")
    assert find_code([visible_text(f"<p>Your code is</p>{boxes}")]) == "483920"
    items = "".join(f"<div>{digit}</div>" for digit in "483920")
    row = f'<div style="display:flex;gap:8px">{items}</div>'
    assert find_code([visible_text(f"<p>Your code is</p>{row}<p>Bye</p>")]) == "483920"
    floats = "".join(f'<div style="float:left">{digit}</div>' for digit in "483920")
    assert find_code([visible_text(f"<p>Your code is</p>{floats}<p>Bye</p>")]) == "483920"


def test_the_first_text_that_has_a_code_decides() -> None:
    assert find_code(["See the subject.", "Code: 483920", "Code: 771204"]) == "483920"
    with pytest.raises(CodeNotFound, match="none of which stands out"):
        find_code(["", "Codes: 483920, 771204", "Code: 112233"])


def test_what_is_far_from_a_word_gives_way_to_what_is_near_one_in_another_text() -> None:
    far = "Use the code that we show you in HTML.\n\nExample Ltd, 4839 members"
    assert find_code([far]) == "4839"
    assert find_code([far, "Hello!"]) == "4839"
    assert find_code([far, "Code: 771204", "Code: 112233"]) == "771204"
    assert find_code([f"{far}, 5921 fans", "", "Your code: 771204"]) == "771204"
    assert find_code([far, far.replace("4839", "5921")]) == "4839"
    assert find_code([far, "Code: 771204"], r"\d{4,6}") == "4839"


@pytest.mark.parametrize(
    ("pattern", "code"),
    [
        (r"[A-Z]{2}\d{4}", "XY2026"),
        (r"ref (\d+)", "1234567890123"),
        (r"\b\d{6}\b", "483920"),
        (r"(?i)xy(\d{4})", "2026"),
        (r"#(\w+)", "42"),
    ],
)
def test_a_pattern_of_ones_own_finds_what_is_no_code(pattern: str, code: str) -> None:
    text = (
        "Booking XY2026, ref 1234567890123, no. #42. Code: 483920. "
        "See https://x.example/b?id=XY9999&ref 5."
    )
    assert find_code([text.replace("&ref 5", "&ref=5")], pattern) == code


def test_what_matches_a_pattern_stands_out_or_not_like_any_code() -> None:
    assert find_code(["Your code is 11-22. Other things are 33-44."], r"\d\d-\d\d") == "11-22"
    assert find_code(["Room 11-22 and room 11-22 again"], r"\d\d-\d\d") == "11-22"
    with pytest.raises(CodeNotFound) as failure:
        find_code(["Rooms 11-22 and 33-44"], r"\d\d-\d\d")
    assert str(failure.value) == (
        "This email has 2 codes, none of which stands out. Let the pattern "
        r"'\\d\\d-\\d\\d' match only the right one."
        "\n  '11-22': no word such as 'code' is near"
        "\n  '33-44': no word such as 'code' is near"
    )
    with pytest.raises(CodeNotFound):
        find_code(["See https://x.example/483920"], r"See (\S+)")
    with pytest.raises(CodeNotFound) as failure:
        find_code(["Code: 483920"], "[A-Z]{9}")
    assert str(failure.value) == "Nothing in this email matches the pattern '[A-Z]{9}'."
    with pytest.raises(InvalidArgument) as refused:
        find_code(["Code: 483920"], "[A-Z")
    assert str(refused.value).startswith(
        "The argument pattern is no regular expression: unterminated character set"
    )
    with pytest.raises(InvalidArgument, match="pattern is empty"):
        find_code(["Code: 483920"], "")


def test_failures_list_the_candidates_with_the_reasons() -> None:
    with pytest.raises(CodeNotFound) as failure:
        find_code(["Your codes: 483920 and 771204. Order 55512345."])
    assert str(failure.value) == (
        "This email has 2 codes, none of which stands out. Say what the right one is like by "
        "pattern=, a regular expression."
        "\n  '483920': near 'codes'"
        "\n  '771204': near 'codes'"
    )
    with pytest.raises(CodeNotFound) as failure:
        find_code(
            [
                "Machine ID4711 is on",
                "Order 55512345 of 2026-11-25 over 1250 EUR. Password: NONE so far",
            ]
        )
    assert str(failure.value) == (
        "There is no code in this email. If one of these is it, say what it is like by pattern=, a "
        "regular expression:"
        "\n  'ID4711': no word such as 'code' is near"
        "\n  '55512345': belongs to 'Order'"
        "\n  'NONE': may as well be a word"
        "\n  '1250 EUR': an amount"
        "\n  '2026-11-25': a date"
    )
    with pytest.raises(CodeNotFound) as failure:
        find_code(["Hello!", "<p>Hello"])
    assert str(failure.value) == "There is no code in this email, and nothing that looks like one."


def test_a_failure_does_not_list_hundreds() -> None:
    text = "\n".join(f"Order {number}" for number in range(100_000, 100_100))
    with pytest.raises(CodeNotFound) as failure:
        find_code([text])
    assert str(failure.value).count("\n") == MOST_LISTED + 1
    assert str(failure.value).endswith(f"\n  ... and {100 - MOST_LISTED} more")


@pytest.mark.parametrize(
    "piece",
    [
        *("code 123456 ", "code: ABCDEF ", "123456 ", "1 ", "123 ", "a-", "1-", "A1 ", "AB1-", "0"),
        *("x", "$1", "1.234", "{", "a.", "a@", "(12)", "+1", "*1", "12:34", "\n1", "code", "jan "),
        *("© ", "A", "a1!", "12/", "1 €", "AB12 ", "Rua ", "\N{ARABIC-INDIC DIGIT ONE} ", "验证码"),
        *(
            "*",
            "•",
            "· ",
            "…",
            "Aaa ",
            ", Aaa",
            "1234 Aaa ",
            "12:34:56.",
            "Code 12345, ",
            "%",
            "AAA1",
        ),
        *("% AAA ", "1 - ", "123 - "),
    ],
)
def test_hostile_text_is_read_in_time(piece: str) -> None:
    # What takes the square of the length would take minutes here.
    text = piece * (2 * MAX_LENGTH // len(piece))
    assert isinstance(candidates(text), list)


TOKENS = st.sampled_from(
    [
        *"0123456789 \n-.:,#+€",
        "code",
        "Code: ",
        "order",
        "PIN",
        "123456",
        "AB12",
        "验证码",
        "İ",
        "٣",
    ]
)


@given(st.lists(TOKENS | st.text(max_size=3), max_size=40).map("".join))
def test_any_text_has_a_code_or_has_none(text: str) -> None:
    try:
        code = find_code([text])
    except CodeNotFound:
        return
    assert code
    assert not code.isspace()


@given(st.text(max_size=60), st.from_regex(r"[0-9]{6}", fullmatch=True))
def test_a_code_by_its_word_is_found_whatever_comes_before(text: str, code: str) -> None:
    before = "".join(character for character in text if not character.isnumeric())
    found = [each.code for each in candidates(f"{before}\n\nYour code: {code}\n")]
    assert code in found
