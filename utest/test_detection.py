"""Bytes that nobody declared a charset for, in the scripts of the world."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ImapLibrary.mime.charsets import decode
from ImapLibrary.mime.detection import FEWEST_BYTES, detect

RUSSIAN = "Ваш код 482913. Он действует десять минут, никому его не сообщайте."


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("koi8-r", RUSSIAN),
        ("cp1251", RUSSIAN),
        ("iso8859-5", RUSSIAN),
        ("cp866", RUSSIAN),
        ("koi8-u", "Вітаємо! Ваше замовлення їде до вас і буде завтра після обіду."),
        ("cp1253", "Η παραγγελία σας φεύγει σήμερα. Θα την έχετε αύριο το απόγευμα."),
        ("iso8859-7", "Η παραγγελία σας φεύγει σήμερα. Θα την έχετε αύριο το απόγευμα."),
        ("cp1255", "ההזמנה שלך נשלחה היום ותגיע מחר אחר הצהריים. אפשר לעקוב אחריה באתר שלנו."),
        ("cp1256", "تم إرسال طلبك اليوم وسيصل غدا بعد الظهر. يمكنك متابعة الشحنة على موقعنا."),
        ("cp874", "คำสั่งซื้อของคุณถูกส่งแล้ววันนี้ และจะมาถึงพรุ่งนี้ตอนบ่าย ขอบคุณที่ใช้บริการของเรา"),
        ("cp932", "ご注文の商品は本日発送いたしました。明日の午後にお届けする予定です。"),
        ("euc_jp", "ご注文の商品は本日発送いたしました。明日の午後にお届けする予定です。"),
        ("gb18030", "您的订单今天已经发货，预计明天下午送达。感谢您的惠顾，如有问题请联系客服。"),
        ("big5", "您的訂單今天已經出貨，預計明天下午送達。感謝您的惠顧，如有問題請聯絡客服。"),
        ("cp949", "주문하신 상품이 오늘 발송되었습니다. 내일 오후에 도착할 예정입니다."),
    ],
)
def test_scripts_of_the_world(codec: str, text: str) -> None:
    assert decode(text.encode(codec)) == text
    # What a charset is lied about is read in the same way.
    assert decode(text.encode(codec), "utf-8") == text
    assert decode(f"<p style='color: red'>{text}</p>".encode(codec), "us-ascii")[22:-4] == text


@pytest.mark.parametrize(
    "text",
    [
        "Größe und Grüße aus München: für Öl und Überraschungen müssen wir natürlich zahlen.",
        "Où êtes-vous ? À bientôt, l'été dernier à l'hôtel, ça déjà : très léger, près de là.",
        "¿Qué? ¡Mañana el niño comió piñón y jamón! También él añadió más, según dirá ella.",
        "Å i åa ä e ö, räksmörgås på ön. Rødgrød med fløde på Ærø, æblegrød og så på Å.",
        "Það er þó æðislegt að búa á Íslandi, ég á að fá það. Þú átt að fá það líka, já já.",
    ],
)
def test_western_texts_are_no_matter_of_guessing(text: str) -> None:
    assert detect(text.encode("cp1252")) == ""
    assert decode(text.encode("cp1252")) == text


def test_short_texts_are_taken_for_western() -> None:
    long_enough = "Привет, мир! Как дела?".encode("cp1251")
    assert len(long_enough.translate(None, bytes(range(128)))) < FEWEST_BYTES
    assert detect(long_enough) == ""
    assert decode("Åäö".encode("cp1252")) == "Åäö"


def test_what_fits_nothing_is_western() -> None:
    assert detect(bytes(range(128, 256))) == ""
    assert decode(bytes(range(128, 256)))[0x20:].startswith("\N{NO-BREAK SPACE}¡¢")


@given(st.binary(min_size=FEWEST_BYTES).map(lambda data: bytes(byte | 0x80 for byte in data)))
def test_guessing_never_fails(data: bytes) -> None:
    decode(data).encode()


def test_the_detector_is_loaded_only_when_it_is_needed() -> None:
    code = (
        "import sys; from ImapLibrary.mime.charsets import decode; decode('Grüße'.encode('cp1252'))\n"
        "loaded = 'charset_normalizer' in sys.modules; decode(bytes(range(0xC0, 0x100)))\n"
        "print(loaded, 'charset_normalizer' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.split() == ["False", "True"], done.stderr
