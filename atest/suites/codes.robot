*** Settings ***
Documentation    Reading codes, and what HTML shows.

Resource         ../resources/mailbox.resource

Test Setup       Open Test Mailbox
Test Teardown    Close All Mailboxes


*** Test Cases ***
The Code That A Person Would Type
    [Template]    Code Should Be
    483920    Your verification code is 483920. It expires in 10 minutes.\n\n© 2026 Example, 94107 San Francisco
    483920    Order 55512345: enter 483 920 as your code. Call +1 800 555 0123 for help.
    483920    Your code is below.\n\n483920\n\nExample AG • Bahnhofstrasse 12 • 8001 Zürich • 09:00-17:30
    A1B2C3    Your confirmation code: A1B2C3
    483920    Ihr Bestätigungscode zur Bestellung Nr. 55512345 lautet: 483920. Betrag: 1.250,00 €
    483920    Voici votre code : 483 920\nCommande n° 55512345
    483920    Код подтверждения: 483920. Заказ № 55512345 на сумму 1250 руб.
    483920    【示例】您的验证码是483920，10分钟内有效。订单号55512345
    ٤٨٣٩٢٠    رمز التحقق: ٤٨٣٩٢٠

The Code In HTML Is The One That One Sees
    VAR    ${html}
    ...    <style>.c771204{color:#998877}</style><p>Your code:</p>
    ...    <table><tr><td>4</td><td>8</td><td>3</td><td>9</td></tr></table>
    ...    <a href="https://x.example/112233">Go</a>
    ...    separator=${EMPTY}
    Deliver Email    to=${ADDRESS}    subject=HTML    text=${NONE}    html=${html}
    ${email} =    Wait For Email
    ${code} =    Get Email Code    ${email}    mark_as_read=False
    Should Be Equal    ${code}    4839
    ${email} =    Wait For Email    status=UNSEEN    timeout=0
    Get Email Code    ${email.uid}
    Wait For Email    status=SEEN    timeout=0

The Code In Boxes Side By Side Is Whole
    VAR    ${boxes}    <div>4</div><div>8</div><div>3</div><div>9</div>
    VAR    ${html}    <p>Your code:</p><div style="display:flex">${boxes}</div><p>Bye</p>
    Deliver Email    to=${ADDRESS}    text=${NONE}    html=${html}
    ${email} =    Wait For Email
    ${code} =    Get Email Code    ${email}
    Should Be Equal    ${code}    4839

A Code By Its Word In HTML Is It, Whatever Number The Text Has
    VAR    ${text}    Use the code that we show you in HTML.\n\nSupport: 09:00-17:30. 4839 members
    Deliver Email    to=${ADDRESS}    text=${text}    html=<p>Your verification code is <b>583920</b></p>
    ${email} =    Wait For Email
    ${code} =    Get Email Code    ${email}
    Should Be Equal    ${code}    583920

A Code Of One's Own Kind
    Deliver Email    to=${ADDRESS}    text=Your booking XY-2026-0042 is confirmed.
    ${email} =    Wait For Email
    ${code} =    Get Email Code    ${email}    pattern=[A-Z]{2}-\\d{4}-\\d{4}
    Should Be Equal    ${code}    XY-2026-0042
    ${code} =    Get Email Code    ${email}    pattern=booking (\\w+)
    Should Be Equal    ${code}    XY

Codes That Do Not Stand Out Are Listed
    Deliver Email    to=${ADDRESS}    text=Your codes: 483920 and 771204
    ${email} =    Wait For Email
    Run Keyword And Expect Error
    ...    This email has 2 codes, none of which stands out. *\n${SPACE*2}'483920': near 'codes'\n${SPACE*2}'771204': *
    ...    Get Email Code    ${email}

What Is No Code Is Told With The Reasons
    Deliver Email    to=${ADDRESS}    text=Your order 55512345 of 2026-11-25 is on its way.
    ${email} =    Wait For Email
    Run Keyword And Expect Error
    ...    There is no code in this email. *'55512345': belongs to 'order'*'2026-11-25': a date
    ...    Get Email Code    ${email}

The Text Of HTML Is As A Browser Shows It
    VAR    ${html}
    ...    <div style="display:none">Preheader</div><h1>Sale</h1>
    ...    <ul><li>Hats<li><a href="https://x.example/">Shoes</a></ul>
    ...    <table><tr><td>Total</td><td>5&nbsp;€</td></tr></table>
    Deliver Email    to=${ADDRESS}    subject=Both    text=Plain text    html=${html}
    ${email} =    Wait For Email
    ${text} =    Get Email Text    ${email}    mark_as_read=False
    Should Be Equal    ${text}    Sale\n\n- Hats\n- Shoes\n\nTotal 5 €
    ${text} =    Get Email Text    ${email}    hidden=True    mark_as_read=False
    Should Start With    ${text}    Preheader\n\nSale
    ${body} =    Get Email Body    ${email}    mark_as_read=False
    Should Be Equal    ${body}    Plain text
    Wait For Email    status=UNSEEN    timeout=0

The Code In A File Needs No Mailbox
    Close All Mailboxes
    ${email} =    Load Email    ${EMAILS}/html_only_with_preheader.eml
    ${text} =    Get Email Text    ${email}
    Should Not Be Empty    ${text}
    Run Keyword And Expect Error    There is no code in this email*    Get Email Code    ${email}


*** Keywords ***
Code Should Be
    [Documentation]    Delivers an email with that text, and compares the code in it.
    [Arguments]    ${expected}    ${text}
    Deliver Email    to=${ADDRESS}    text=${text}
    ${email} =    Wait For Email    status=UNSEEN
    ${code} =    Get Email Code    ${email}
    Should Be Equal    ${code}    ${{$expected.translate({ord(d): str(int(d)) for d in $expected if d.isdigit()})}}
