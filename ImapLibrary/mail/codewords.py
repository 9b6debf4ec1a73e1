"""The words by which people are told what a number is, in the languages that emails are written in.

Some name a code that is to be typed, such as "verification code". Others name numbers that are
not: orders, phones, postal codes, discounts. Each stands in its table as a pattern for text in
lower case, since most have several forms.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_CODES = r"""
English: pass[ -]?(?:words?|phrases?) / pins? / otps? / one[ -]time / [23]fa
English: verification / authentication
German: (?:sms-|chip|photo|push|[im])?tans? / verifizierung / authentifizierung
Dutch: verificatie / authenticatie
French: mots? de passe / v[ée]rification / usage unique
Spanish: c[óo]digos? / contrase[ñn]as? / claves? / verificaci[óo]n
Portuguese: senhas? / palavras?-passe / verifica[cç][ãa]o
Catalan: codi / contrasenya / verificaci[óo]
Italian: codic[ei] / verifica
Romanian: cod(?:ul)? / parol[aăe]
Swedish: l[öo]senord(?:et)? / eng[åa]ngs\w{0,20}
Norwegian: passord(?:et)?
Finnish: salasana\w{0,5} / tunnusluku\w{0,3}
Estonian: parool
Polish: kod(?:u|em|y)? / has[łl][oa] / weryfikac\w{1,5} / jednorazow\w{1,4}
Czech, Slovak: hesl[oa] / ov[ěe][řr]ovac\w{1,3}
Croatian, Slovene: koda? / lozink[aeu] / geslo
Hungarian: jelsz[óo]\w{0,4}
Lithuanian, Latvian: kodas / slapta\w{0,8} / kods / parole
Turkish: kod(?:u|unuz|unu|un|lar) / [şs]ifre\w{0,6} / parola\w{0,4} / do[ğg]rulama
Russian, Ukrainian: парол[ьяюіие]\w{0,3} / пин / одноразов\w{1,4} / верификаци\w{1,2}
Bulgarian, Serbian: парола / еднократн\w{1,3} / лозинк\w{1,2}
Greek: κωδικ(?:ός|ό|ού|οί|ος|ο|ου) / συνθηματικό / επαλήθευσης?
Vietnamese: mã / mật khẩu
Indonesian, Malay: kod / kata sandi / sandi / kata laluan
"""
"""Whole words for codes."""

_CODES_WITHIN = r"""
English, French, German, Dutch: code[sn]?\b / passwor[dt]e?s?\b / (?<=[a-zäöü-])pin\b
German, Dutch: kennwort(?:es)?\b / wachtwoord\b
Swedish, Danish, Norwegian: kod(?:en|er|erna|e|ene)?\b
Finnish: koodi(?:si|nsa|t|n|a|lla)?\b
Czech, Slovak, Hungarian: k[óo]d(?:u|em|om|ja|od|ot)?\b
Russian, Ukrainian, Bulgarian: код(?:а|у|ом|е|ы|ът|ове|от)?\b
Arabic: رمز / كود / كلمة (?:المرور|السر) / الرقم السري
Persian, Urdu: کد\b / گذرواژه / کوڈ / پاس ?ورڈ
Hebrew: קוד\b / סיסמ[האת]\b
Hindi: कोड / ओटीपी / पासवर्ड / सत्यापन
Bengali, Tamil, Telugu: কোড / ওটিপি / পাসওয়ার্ড / குறியீடு / கடவுச்சொல் / కోడ్
Thai: รหัส / โอทีพี
Japanese: コード / パスワード / ワンタイム / (?:認証|暗証|確認)番号
Chinese: (?:验证|校验|动态|安全|确认|识别|激活|登录|认证)码 / (?:動態)?密碼 / 密码 / 口令
Chinese: (?:驗證|校驗|動態|安全|確認|識別|啟用|登入|認證)碼
Korean: (?:인증|확인|보안)\s?번호 / 코드 / 비밀번호 / 일회용 / 암호
"""
"""The ends of compound words for codes, and words of scripts that put no blanks between words."""

_BEHIND_CODES = r"""
English: to (?:verify|confirm|continue|proceed|sign in|log ?in|finish|complete)
German: zur (?:bestätigung|anmeldung|verifizierung)
French: pour (?:confirmer|vérifier|continuer|vous connecter)
Spanish, Portuguese: para (?:confirmar|verificar|continuar|entrar|iniciar)
Italian: per (?:confermare|verificare|continuare|accedere)
Dutch: om (?:te bevestigen|in te loggen|door te gaan)
"""
"""What follows right behind a code, as in "Enter 123456 to confirm"."""

_NUMBERED = r"""
English: orders? / invoices? / receipts? / tickets? / bookings? / reservations? / tracking
English: shipments? / parcels? / references? / refs?\.? / transactions? / payments? / policy / contract
English: quote / claim / batch / serial / version / build / release / article / item / sku / model
English: session / extension / ext / suite / room / flat / card / permit / coupon / voucher
English: amount / style / size
French: commande / facture / r[ée]f(?:[ée]rence|\.)? / dossier / colis / suivi / r[ée]servation / billet
Spanish: pedidos? / facturas? / referencia / reserva / expediente / env[íi]o / seguimiento / cup[óo]n
Portuguese: encomenda / fatura / referência / protocolo / rastreio / cupo[mn]
Italian: ordine / fattura / riferimento / prenotazione / spedizione / pratica
"""
"""Words for other numbers, with "number" or "code" behind them or without."""

_ONLY_NUMBERED = r"""
English: account / customer / client / member(?:ship)? / user / case / request / meeting / employee
English: registration / licen[cs]e / company / confirmation / student / patient / device / vat / tax
English: product / flight / bank / phone
"""
"""Words that stand for another number only with "number" behind them."""

_OTHER_CODES = r"""
English: promo(?:tion(?:al)?)? / discount / coupon / voucher / gift / referral / zip / postal / post
English: qr / area / country / dial(?:l?ing)? / bar / source / error / status / sort / swift / dress
English: colou?r / airport / product / company / customer / client / employee / vat / tax / bank
English: exit / response / hs / ean / upc / ifsc / naf
"""
"""What a code is for that one doesn't type, or not once."""

_NUMBER = r"[ -]*(?:numbers?|num\.?|no\.?|nr\.?|n[°º]|id|ref\.?|#)"

_OTHERS = r"""
English: end(?:s|ing)(?: in| with)? / id(?=\s*[:#=]|\s+\d) / iban / bic / vat / puk / imei / isbn / zip
English: (?:tele)?phone / tel\.? / fax / mobile / hotline / call(?: us)? / whatsapp / p\.? ?o\.? box
English: (?:account|customer|client|member|user)(?= \d)
English: registered in \w+(?: and \w+)?
English: (?:text|reply|sms) (?:\w+ )?to / port / rfc / iso / cve
German: (?:bestell|rechnungs|kunden|auftrags|vorgangs|buchungs|sendungs|vertrags)-?(?:nummer|nr\.?|code)
German: (?:ticket|konto|karten|artikel|order|beleg|paket|serien|telefon|handy|steuer)-?(?:nummer|nr\.?|id)
German: (?:mitglieds?|referenz|reservierungs|transaktions|policen|fall)-?(?:nummer|nr\.?|code|id)
German: (?:bestellung|rechnung|auftrag|buchung|sendung|reservierung)(?: (?:nr\.?|nummer))? / hr[ab]
German: (?:gutschein|rabatt|aktions|promo)\w{0,10}(?:-?codes?)? / aktenzeichen / ust-?id\w{0,6}
German: betrag / plz / postleitzahl / postfach / telefon / durchwahl / endet auf
French: code (?:postal|promo(?:tionnel)?|r[ée]duction|de r[ée]duction|barres?) / t[ée]l(?:[ée]phone|\.)?
Romance languages: c[óo]d(?:e|ice|igo)? (?:d\w{1,2} )?(?:client[ei]?|art[íi]c\w+|prod\w+|sdi)
French: num[ée]ro (?:client|de (?!code|s[ée]cu)\w+) / siret / siren / rcs / tva / cedex / bp
Spanish: c[óo]digo (?:postal|promocional|de descuento|de barras) / cif / nif / tel[ée]fono
Spanish: n[úu]mero de (?:cliente|cuenta|orden|pedido|tel[ée]fono)
Portuguese: c[óo]digo (?:promocional|de desconto) / cep / cnpj / cpf / telefone / n[úu]mero da conta
Italian: codice (?:postale|promozionale|sconto|fiscale|a barre) / cap / p\.? ?iva / partita iva
Italian: telefono
Dutch: (?:bestel|order|factuur|klant|dossier|zending|boekings|reserverings)nummer / kvk / btw
Dutch: bestelling / factuur / boeking / reservering / telefoon / postcode / kortingscode / referentie
Swedish: (?:best[äe]llnings?|order|faktura|kund|boknings?|post|telefon|org)[ .-]?(?:nummer|nr\.?)
Swedish: best[äe]llning / faktura / rabattkod(?:en)?
Danish, Norwegian: (?:ordre|faktura|kunde|bestillings?|booking|post|telefon|org)[ .-]?(?:nummer|nr\.?)
Danish, Norwegian: ordre / bestilling / tlf\.? / cvr / rabatt?kode(?:n)?
Finnish: (?:tilaus|asiakas|posti|viite|puhelin|lasku)numero / tilaus / tilauksen / laskun? / viite
Finnish: puh / y-tunnus / alennuskoodi / varaus
Polish: zam[óo]wieni\w{1,4} / faktur\w{1,3} / rezerwacj\w{1,2} / przesy[łl]k\w{1,2}
Polish: kod (?:pocztowy|rabatowy) / nip / regon / krs
Czech: objedn[áa]v\w{1,4} / faktur\w{1,3} / slevov[ýy] k[óo]d / psč / ičo / dič
Turkish: sipari[şs]\w{0,6} / fatura\w{0,4} / (?:posta|indirim|promosyon) kodu
Turkish: (?:m[üu][şs]teri|takip) (?:no\.?|numara\w{0,3}|kodu)
Russian: заказ\w{0,3} / сч[её]т\w{0,3} / тел(?:ефон\w{0,3}|\.)? / (?:почтовый )?индекс / инн / огрн / кпп
Russian: код (?:товара|клиента) / промо-?код\w{0,3} / бронирован\w{1,3} / договор\w{0,3} / номер (?:клиента|карты)
Ukrainian: замовленн\w{1,3} / рахун\w{2,4} / єдрпоу
Bulgarian: поръчк\w{1,3} / фактур\w{1,3}
Greek: παραγγελί\w{1,3} / τιμολόγι\w{1,3} / τηλ(?:έφων\w{1,3}|\.)? / τ\.?κ / αφμ / κωδικός έκπτωσης
Hebrew: \w?הזמנה / חשבונית / טל(?:פון)? / מיקוד / קוד (?:קופון|הנחה)
Vietnamese: mã (?:đơn hàng|giảm giá|bưu chính) / đơn hàng
Indonesian: kode (?:pos|pesanan|promo|voucher) / pesanan
"""
"""Whole words for other numbers."""

_OTHERS_WITHIN = r"""
Any: № / n[°º](?= ?\d) / \(우\)
Arabic: رقم (?:الطلب|الحساب|الهاتف|الفاتورة|الحجز) / فاتورة / هاتف / الرمز البريدي
Arabic: (?:كود|رمز) (?:ال)?خصم / طلبك رقم
Hindi: ऑर्डर / चालान / फ़ोन / फोन / पिन कोड / कूपन(?: कोड)? / बुकिंग
Japanese: (?:ご?注文|請求書?|お客様|会員|郵便|伝票|予約|受付|問い?合わせ|口座|商品|追跡|電話)番号
Japanese: (?:商品|顧客)コード / ご?注文 / 電話 / 〒 / クーポン(?:コード)?
Chinese: (?:订单|发票|快递|流水|工单|账户?|卡)(?:编)?号 / 编号 / 订单 / 电话 / 热线 / 邮编 / 尾号 / (?:优惠|折扣)码
Chinese: (?:訂單|發票|快遞|帳戶?|卡)(?:編)?號 / 編號 / 訂單 / 電話 / 熱線 / 郵遞區號 / 尾號 / (?:優惠|折扣)碼
Korean: (?:주문|송장|전화|우편|고객|예약|계좌|사업자등록)\s?번호 / 주문 / 전화 / (?:쿠폰|상품)(?:\s?코드)?
"""
"""Words for other numbers in scripts that put no blanks between words."""


@dataclass(frozen=True)
class Label:
    """A word that says what a number near it is.

    start, end: where it is in the text
    word: the word itself
    names_code: whether it names a code that is to be typed
    only_behind: whether it says so only of what it stands right behind
    """

    start: int
    end: int
    word: str
    names_code: bool
    only_behind: bool


def labels(text: str) -> list[Label]:
    """Return the words in a text that say what numbers are, in order."""
    lower = text.replace("\u0130", "i").lower()  # the only letter that grows when it gets small
    return [
        Label(
            match.start(),
            match.end(),
            word=text[match.start() : match.end()],
            names_code=match["other"] is None,
            only_behind=match["behind"] is not None,
        )
        for match in _LABEL.finditer(lower)
    ]


def names_code(text: str) -> bool:
    """Return whether there is a word for a code in a text."""
    return any(label.names_code for label in labels(text))


def _patterns(table: str) -> str:
    """Return the patterns of a table as alternatives."""
    lines = (line.partition(": ")[2] for line in table.strip().splitlines())
    return "|".join(pattern for line in lines for pattern in line.split(" / "))


_LABEL = re.compile(
    rf"(?P<other>\b(?:(?:{_patterns(_NUMBERED)})(?:{_NUMBER}|[ -]code)?"
    rf"|(?:{_patterns(_ONLY_NUMBERED)})(?:{_NUMBER})"
    rf"|(?:{_patterns(_OTHER_CODES)})[ -]?codes?"
    rf"|{_patterns(_OTHERS)})(?!\w)"
    rf"|{_patterns(_OTHERS_WITHIN)})"
    rf"|\b(?:(?P<behind>{_patterns(_BEHIND_CODES)})|{_patterns(_CODES)})(?!\w)"
    rf"|{_patterns(_CODES_WITHIN)}"
)
