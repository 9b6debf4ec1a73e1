*** Settings ***
Documentation    Visiting the parts of emails one after the other, as suites of older libraries do.
...
...              Suites in their style are in ``older``.

Resource         ../resources/mailbox.resource
Library          Collections

Test Setup       Open Test Mailbox
Test Teardown    Close All Mailboxes


*** Test Cases ***
The Parts Of An Email, From The Outermost To The Last
    ${LATEST} =    Receive The Order
    ${parts} =    Walk Multipart Email    ${LATEST}
    Should Be Equal    ${parts}    ${2}
    VAR    @{types}    @{EMPTY}
    WHILE    $parts    limit=9
        ${type} =    Get Multipart Content Type
        Append To List    ${types}    ${type}
        ${parts} =    Walk Multipart Email    ${LATEST}
    END
    Should Be True    $parts is False
    VAR    @{expected}
    ...    multipart/mixed    multipart/alternative    text/plain    text/html    application/pdf
    Should Be Equal    ${types}    ${expected}

After The Last Part It Begins Anew
    ${LATEST} =    Receive The Order
    Walk    ${LATEST}    6
    ${failure} =    Run Keyword And Expect Error    No parts of an email are being visited *
    ...    Get Multipart Content Type
    Should Contain    ${failure}    ${ADDRESS}
    ${parts} =    Walk Multipart Email    ${LATEST}
    Should Be Equal    ${parts}    ${2}
    ${type} =    Get Multipart Content Type
    Should Be Equal    ${type}    multipart/mixed

The Index Is Any Form Of The UID
    ${LATEST} =    Receive The Order
    Walk Multipart Email    ${LATEST}
    Walk Multipart Email    ${LATEST.uid}
    Walk Multipart Email    ${{str($LATEST.uid)}}
    Walk Multipart Email    email_index=${{str($LATEST.uid).encode()}}
    ${type} =    Get Multipart Content Type
    Should Be Equal    ${type}    text/html

An Email That Has No Parts Is Its Only One
    Deliver Email    to=${ADDRESS}    text=Your code is 1234.
    ${LATEST} =    Wait For Email
    ${parts} =    Walk Multipart Email    ${LATEST}
    Should Be Equal    ${parts}    ${1}
    ${text} =    Get Multipart Payload    decode=True
    Should Be Equal    ${text.strip()}    Your code is 1234.
    ${more} =    Walk Multipart Email    ${LATEST}
    Should Be True    $more is False

What A Part Holds
    [Documentation]    With a charset it is text, without one bytes, and what holds parts has no content.
    ${LATEST} =    Receive The Order
    Walk    ${LATEST}    1
    ${container} =    Get Multipart Payload    decode=True
    Should Be Equal    ${container}    ${None}
    Walk    ${LATEST}    2
    ${text} =    Get Multipart Payload    decode=True
    Should Be Equal    ${text.strip()}    Thank you. Your code is 4711.
    Walk    ${LATEST}    2
    ${file} =    Get Multipart Payload    decode=True
    Should Be Equal    ${file}    ${{b'%PDF-1.7\n'}}
    ${sent} =    Get Multipart Payload
    Should Be Equal    ${sent.strip()}    JVBERi0xLjcK

Text As It Was Sent
    [Documentation]    ImapLibrary2 crashes where there is a charset.
    Deliver Email    to=${ADDRESS}    text=Grüße    html=<p>Grüße</p>
    ${LATEST} =    Wait For Email
    Walk    ${LATEST}    2
    ${sent} =    Get Multipart Payload
    Should Not Contain    ${sent}    Grüße
    ${text} =    Get Multipart Payload    decode=${True}
    Should Be Equal    ${text.strip()}    Grüße

The Body Is That Of The Current Part, And Else The Readable One
    ${LATEST} =    Receive The Order
    ${body} =    Get Email Body    ${LATEST}
    Should Be Equal    ${body}    Thank you. Your code is 4711.
    Walk    ${LATEST}    4
    ${html} =    Get Email Body    ${LATEST}
    Should Contain    ${html}    Your code is <b>4711</b>
    @{matches} =    Get Matches From Email    ${LATEST}    <b>(\\d+)</b>
    Should Be Equal    ${matches}    ${{['4711']}}
    Walk    ${LATEST}    2
    ${body} =    Get Email Body    ${LATEST}
    Should Be Equal    ${body}    Thank you. Your code is 4711.

Fields Are Those Of The Email, Decoded
    Deliver Email    to=${ADDRESS}    subject=Grüße, 確認    html=<p>1</p>    text=1
    ${LATEST} =    Wait For Email
    Walk    ${LATEST}    2
    ${subject} =    Get Multipart Field    subject
    Should Be Equal    ${subject}    Grüße, 確認
    ${missing} =    Get Multipart Field    X-Not-There
    Should Be Equal    ${missing}    ${None}
    @{names} =    Get Multipart Field Names
    List Should Contain Value    ${names}    Subject
    List Should Not Contain Duplicates    ${names}

Parameters Are Those Of The Part
    ${LATEST} =    Receive The Order
    Walk    ${LATEST}    3
    ${charset} =    Get Multipart Param    charset
    Should Be Equal    ${charset}    utf-8
    ${missing} =    Get Multipart Param    filename    header=Content-Disposition
    Should Be Equal    ${missing}    ${None}
    Walk    ${LATEST}    2
    ${name} =    Get Multipart Param    filename    header=Content-Disposition
    Should Be Equal    ${name}    invoice.pdf
    ${name} =    Get Multipart Param    name
    Should Be Equal    ${name}    invoice.pdf

Two Emails By Turns, In Two Mailboxes
    Deliver Email    to=${ADDRESS}    text=A    html=<p>B</p>
    ${here} =    Wait For Email
    Walk    ${here}    2
    VAR    ${first}    ${ADDRESS}
    Open Test Mailbox
    Deliver Email    to=${ADDRESS}    text=C    html=<p>D</p>
    ${there} =    Wait For Email
    Walk    ${there}    1
    Switch Mailbox    ${first}
    ${payload} =    Get Multipart Payload    decode=True
    Should Be Equal    ${payload.strip()}    A
    Walk Multipart Email    ${here}
    ${type} =    Get Multipart Content Type
    Should Be Equal    ${type}    text/html

Another Email Begins Another Walk
    ${LATEST} =    Receive The Order
    Walk    ${LATEST}    3
    Deliver Email    to=${ADDRESS}    subject=Other
    ${other} =    Wait For Email    subject=Other
    Walk Multipart Email    ${other}
    ${subject} =    Get Multipart Field    Subject
    Should Be Equal    ${subject}    Other
    Walk Multipart Email    ${LATEST}
    ${type} =    Get Multipart Content Type
    Should Be Equal    ${type}    multipart/mixed


*** Keywords ***
Receive The Order
    Deliver Raw Email    ${CURDIR}/../resources/order.eml    to=${ADDRESS}
    ${email} =    Wait For Email    subject=Your order
    RETURN    ${email}

Walk
    [Arguments]    ${email}    ${steps}
    Repeat Keyword    ${steps}    Walk Multipart Email    ${email}
