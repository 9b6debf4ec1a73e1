*** Settings ***
Documentation    Header fields.

Resource         ../resources/mailbox.resource

Test Setup       Receive The Email
Test Teardown    Close All Mailboxes


*** Test Cases ***
Headers Are Decoded, On One Line
    ${subject} =    Get Email Header    ${EMAIL}    Subject
    Should Be Equal    ${subject}    Grüße from two lines
    ${to} =    Get Email Header    ${EMAIL}    TO
    Should Be Equal    ${to}    Jürgen Müller <juergen@example.com>, qa@example.com
    Wait For Email    status=UNSEEN    timeout=0

Headers Are Raw On Request
    ${subject} =    Get Email Header    ${EMAIL}    Subject    raw=True
    Should Match Regexp    ${subject}    ^=\\?utf-8\\?Q\\?Gr=C3=BC=C3=9Fe\\?= from\\r?\\n two lines$

All Values Of A Repeated Header Are There
    @{received} =    Get Email Headers    ${EMAIL}    received
    # The server adds some on top.
    Should Be Equal    ${received}[-2:]    ${{['by two.example', 'by one.example']}}
    @{raw} =    Get Email Headers    ${EMAIL}    Subject    raw=True
    Length Should Be    ${raw}    1
    @{none} =    Get Email Headers    ${EMAIL}    X-Missing
    Should Be Empty    ${none}

An Email Is Named By Its UID, Too
    ${cc} =    Get Email Header    ${EMAIL.uid}    Cc
    Should Be Equal    ${cc}    "Doe, Jane" <jane@example.com>

A Missing Header Is A Failure That Lists The Others
    Run Keyword And Expect Error
    ...    The email has no header 'Repl-To'. Did you mean 'Reply-To'? It has *From, To, Cc, *
    ...    Get Email Header    ${EMAIL}    Repl-To
    ${mailer} =    Get Email Header    ${EMAIL}    X-Mailer    default=none
    Should Be Equal    ${mailer}    none
    ${mailer} =    Get Email Header    ${EMAIL}    X-Mailer    default=${EMPTY}
    Should Be Empty    ${mailer}
    Run Keyword And Expect Error
    ...    The argument name is missing or empty. *
    ...    Get Email Header    ${EMAIL}    ${EMPTY}

Recipients Have Names And Addresses
    Should Be Equal    ${EMAIL.to[0].name}    Jürgen Müller
    Should Be Equal    ${EMAIL.to[0].address}    juergen@example.com
    Should Be Equal    ${EMAIL.to[1].name}    ${EMPTY}
    Should Be Equal    ${EMAIL.cc[0].name}    Doe, Jane
    Should Be Equal    ${EMAIL.reply_to[0].address}    help@shop.example
    Should Contain    ${EMAIL.recipients}    qa@example.com


*** Keywords ***
Receive The Email
    Open Test Mailbox
    Deliver Raw Email    ${EMAILS}/recipients_with_names.eml    to=${ADDRESS}
    ${email} =    Wait For Email
    VAR    ${EMAIL}    ${email}    scope=TEST
