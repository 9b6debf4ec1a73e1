*** Settings ***
Documentation    Sending emails, and what a user reads when that does not work.

Resource         ../resources/mailbox.resource
Library          OperatingSystem

Suite Setup      Create Account    ${SENDER}
Test Setup       Open Test Mailbox
Test Teardown    Close All Mailboxes

Test Tags        not-dovecot    not-cyrus    not-courier


*** Variables ***
${SENDER}    sender@example.com
&{SMTP}      host=${HOST}    port=${DELIVERY_PORT}    security=NONE    sender=The Sender <${SENDER}>


*** Test Cases ***
A Text Arrives, And Is Found By The Message-ID Of What Was Sent
    ${id} =    Send Email    &{SMTP}    to=${ADDRESS}    subject=Hello    text=First line\nSecond line
    ${email} =    Wait For Email    header=Message-ID: ${id}
    Should Be Equal    ${email.subject}    Hello
    Should Be Equal    ${email.sender}    ${SENDER}
    Should Be Equal    ${email.sender_name}    The Sender
    ${body} =    Get Email Body    ${email}
    Should Be Equal    ${body}    First line\nSecond line

All Languages Arrive
    VAR    ${hello}    Grüße, привет, 你好, 🙂
    VAR    ${text}    ${hello}\n.\nFrom here on\n
    Send Email    &{SMTP}    to=Jörg Müller <${ADDRESS}>    subject=測試 – ${hello}    text=${text}
    ${email} =    Wait For Email
    Should Be Equal    ${email.subject}    測試 – ${hello}
    Should Be Equal    ${email.headers}[To]    Jörg Müller <${ADDRESS}>
    ${body} =    Get Email Body    ${email}
    Should Be Equal    ${body}    ${text.strip()}

HTML, Image And Attachment Arrive
    Create Binary File    ${TEMPDIR}/origin.png    \x89PNG
    Send Email    &{SMTP}    to=${ADDRESS}    subject=Report
    ...    text=Plain    html=<p>See <img src="cid:origin.png"></p>
    ...    inline_images=${TEMPDIR}/origin.png
    ...    attachments=${EMAILS}/alias_koi8_ru.eml
    ...    headers=${{ {'X-Run': 'eins zwei'} }}
    ${email} =    Wait For Email    header=X-Run: eins
    ${body} =    Get Email Body    ${email}
    Should Be Equal    ${body}    Plain
    ${html} =    Get Email Body    ${email}    html=True
    Should Contain    ${html}    cid:origin.png
    VAR    ${types}    ${{ [part.content_type for part in $email.root.walk()] }}
    Should Be Equal    ${types}[:5]
    ...    ${{ ['multipart/mixed', 'multipart/alternative', 'text/plain', 'multipart/related', 'text/html'] }}

Copies Go To All, And Nobody Reads Of The Blind One
    ${cc} =    New Address
    ${bcc} =    New Address
    Create Account    ${bcc}
    Send Email    &{SMTP}    to=${ADDRESS}    cc=${cc}    bcc=${bcc}    subject=Copies
    ${email} =    Wait For Email
    Should Be Equal    ${email.headers}[Cc]    ${cc}
    Should Not Contain    ${email.raw}    ${{ $bcc.encode() }}
    Open Test Mailbox    ${bcc}
    ${email} =    Wait For Email
    Should Be Equal    ${email.subject}    Copies

An Email From A File Arrives As It Is
    Send Email    &{SMTP}    to=${ADDRESS}    eml=${EMAILS}/alias_koi8_ru.eml
    ${email} =    Wait For Email
    VAR    ${sent}    ${{ open($EMAILS + '/alias_koi8_ru.eml', 'rb').read() }}
    # A server may put fields of its own in front, and end the last line.
    Should Be True    $email.raw.rstrip().endswith($sent.rstrip())

Log-In
    Send Email    &{SMTP}    user=${SENDER}    password=${PASSWORD}    to=${ADDRESS}    subject=Let in
    Wait For Email    subject=Let in

STARTTLS
    [Tags]    not-greenmail
    VAR    &{tls}    &{SMTP}    security=STARTTLS    verify=${CA_FILE}
    Send Email    &{tls}    user=${SENDER}    password=${PASSWORD}    to=${ADDRESS}    subject=Safe
    Wait For Email    subject=Safe

A Reply Goes Back And Belongs To The Email
    VAR    ${customer}    ${ADDRESS}
    Send Email    &{SMTP}    to=${customer}    reply_to=${SENDER}    subject=Order 7    text=Is it right?
    ${question} =    Wait For Email    subject=Order 7
    Open Test Mailbox    ${SENDER}
    ${id} =    Reply To Email    ${question}    host=${HOST}    port=${DELIVERY_PORT}    security=NONE
    ...    sender=${customer}    text=Yes.    mailbox=${customer}
    ${reply} =    Wait For Email    header=Message-ID: ${id}
    Should Be Equal    ${reply.subject}    Re: Order 7
    Should Be Equal    ${reply.sender}    ${customer}
    Should Be Equal    ${reply.headers}[In-Reply-To]    ${question.message_id}
    Should Be Equal    ${reply.headers}[References]    ${question.message_id}
    ${body} =    Get Email Body    ${reply}
    Should Match Regexp    ${body}    ^Yes\\.\\n\\nOn .+ wrote:\\n> Is it right\\?$

A Large Email Is Forwarded Byte For Byte
    Deliver Email With Attachment    1    to=${ADDRESS}    subject=Large    text=Short text
    ${email} =    Wait For Email
    Should Not Be True    ${email.complete}
    Forward Email    ${email}    &{SMTP}    to=${ADDRESS}    text=See below
    ${forwarded} =    Wait For Email    subject=Fwd: Large
    ${body} =    Get Email Body    ${forwarded}
    Should Be Equal    ${body}    See below
    Should Be True    ${forwarded.size} > ${email.size}

The Text Of An Email Is Forwarded Inline
    Deliver Raw Email    ${EMAILS}/origin_big5_mixed_related_alternative.eml    to=${ADDRESS}
    ${email} =    Wait For Email
    Forward Email    ${email}    &{SMTP}    to=${ADDRESS}    inline=True
    ${forwarded} =    Wait For Email    subject=Fwd:
    ${body} =    Get Email Body    ${forwarded}
    Should Contain    ${body}    ${email.text}
    Should Contain    ${body}    From: ${email.sender_name} <${email.sender}>

Wrong Password
    ${failure} =    Run Keyword And Expect Error
    ...    Could not log in as ${SENDER} on ${HOST}: 535 *
    ...    Send Email    &{SMTP}    user=${SENDER}    password=wr0ng-passw0rd    to=${ADDRESS}
    Should Not Contain    ${failure}    wr0ng-passw0rd

Unknown Host
    Run Keyword And Expect Error
    ...    Could not connect to smtp.invalid port 465: the host name is unknown *
    ...    Send Email    host=smtp.invalid    sender=${SENDER}    to=${ADDRESS}

Refused Port
    Run Keyword And Expect Error
    ...    Could not connect to 127.0.0.1 port 1: *Is the server running, and are host and port right?
    ...    Send Email    host=127.0.0.1    port=1    sender=${SENDER}    to=${ADDRESS}

TLS To A Port For Plain Text
    VAR    &{tls}    &{SMTP}    security=TLS
    Run Keyword And Expect Error
    ...    Could not speak TLS with ${HOST} port ${DELIVERY_PORT}: *try security=STARTTLS or security=NONE.
    ...    Send Email    &{tls}    to=${ADDRESS}

A Port That Is Not For SMTP
    VAR    &{imap}    &{SMTP}    port=${IMAP_PORT}
    Run Keyword And Expect Error
    ...    No usable greeting came from ${HOST} port ${IMAP_PORT}: The server sent what is no SMTP: *
    ...    Send Email    &{imap}    to=${ADDRESS}

Field In A Subject
    Run Keyword And Expect Error
    ...    The subject contains a line feed, which no header field can carry. Nothing was sent.
    ...    Send Email    &{SMTP}    to=${ADDRESS}    subject=Hello\nBcc: eve@example.com

Misspelt Address
    Run Keyword And Expect Error
    ...    The recipient 'jane(at)example.com' is no email address: it should read like *
    ...    Send Email    &{SMTP}    to=jane(at)example.com
