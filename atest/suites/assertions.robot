*** Settings ***
Documentation    Getters with an operator and a value, and keywords that say what an email should be.

Resource         ../resources/mailbox.resource

Test Setup       Receive An Order
Test Teardown    Close All Mailboxes


*** Test Cases ***
Getters Check What They Get
    Get Email Subject    ${EMAIL}    ==    Your order
    Get Email Sender    ${EMAIL}    ends    @shop.example
    Get Email Recipients    ${EMAIL}    contains    boss@example.com
    Get Email Date    ${EMAIL}    ==    2026-03-24T09:00:00Z
    Get Email Date    ${EMAIL}    <    now
    Get Email Header    ${EMAIL}    Message-ID    matches    ^<order-\\d+@
    Get Email Headers    ${EMAIL}    Cc    ==    boss@example.com
    Get Email Attachments    ${EMAIL}    ==    invoice.pdf
    Get Attachment Content    ${EMAIL}    starts    %PDF    name=*.pdf    text=True
    Get Email Flags    ${EMAIL}    not contains    Seen
    Get Email Body    ${EMAIL}    contains    Your code is 4711
    Get Email Flags    ${EMAIL}    contains    \\Seen

What People Read Is Checked
    Get Email Text    ${EMAIL}    contains    Confirm
    Get Email Code    ${EMAIL}    ==    ${4711}
    Get Email Links    ${EMAIL}    ==    https://shop.example/confirm?id=42
    Get Email Link    ${EMAIL}    ends    id=42    text=Confirm

Getters Return What They Check
    ${subject} =    Get Email Subject    ${EMAIL.uid}    starts    Your
    Should Be Equal    ${subject}    Your order
    @{attachments} =    Get Email Attachments    ${EMAIL}    validate    len(value) == 1
    Should Be Equal    ${attachments[0].type}    application/pdf
    ${year} =    Get Email Date    ${EMAIL}    then    value.year
    Should Be Equal As Integers    ${year}    2026

Emails Are Counted
    Get Email Count    equals    1
    Get Email Count    >    0    subject=order
    Get Email Count    \=\=    0    subject=invoice
    Email Count Should Be    1    subject=order
    Deliver Email    to=${ADDRESS}    subject=Another order
    Wait For Email    subject=another
    Email Count Should Be    2
    Run Keyword And Expect Error
    ...    2 emails in folder 'INBOX' of ${ADDRESS} on * match *, and there should be 1:\n*'Another order'*
    ...    Email Count Should Be    1    subject=order

A Getter Fails With Both Sides
    Run Keyword And Expect Error
    ...    The subject should be 'Your invoice' (text), but found 'Your order' (text).
    ...    Get Email Subject    ${EMAIL}    ==    Your invoice
    Run Keyword And Expect Error
    ...    The body should contain 'Your code is 4712' (text), but found 'Thank you. Your code is 4711.' (text).
    ...    Get Email Body    ${EMAIL}    contains    Your code is 4712
    Run Keyword And Expect Error
    ...    The names of the attachments should contain 'terms.pdf' (text), but found 'invoice.pdf' (list).
    ...    Get Email Attachments    ${EMAIL}    contains    terms.pdf
    Run Keyword And Expect Error
    ...    No invoice, but 'Your order'
    ...    Get Email Subject    ${EMAIL}    contains    invoice    No invoice, but {value}

A Mistake Leaves The Email As It Is
    Run Keyword And Expect Error
    ...    The operator contains needs a value after it to compare with. *
    ...    Get Email Body    ${EMAIL}    contains
    Run Keyword And Expect Error
    ...    *There is no such operator.*
    ...    Get Email Body    ${EMAIL}    is    Thank you
    Email Should Be Unread    ${EMAIL}

An Email Should Be As Expected
    Email Should Match    ${EMAIL}    sender=the shop    recipient=boss@example.com    attachment=.pdf
    Email Should Match    ${EMAIL.uid}    body=code    not_subject=invoice    sent_on=2026-03-24
    Email Subject Should Be    ${EMAIL}    Your order
    Email Sender Should Be    ${EMAIL}    The Shop
    Email Body Should Contain    ${EMAIL}    your code is    ignore_case=True
    Email Body Should Not Contain    ${EMAIL}    {{
    Email Should Have Attachment    ${EMAIL}    invoice*    type=application/pdf
    Email Should Have Link    ${EMAIL}    */confirm?id=*
    Email Should Be Unread    ${EMAIL}

An Email That Is Not Fails With What It Is Instead
    Run Keyword And Expect Error
    ...    This email does not match:\n${SPACE * 2}subject 'invoice', but subject is 'Your order'\nIt is UID *
    ...    Email Should Match    ${EMAIL}    subject=invoice    sender=shop
    Run Keyword And Expect Error
    ...    The sender should be 'shop@example.com' (text), but found 'The Shop <noreply@shop.example>' (text).
    ...    Email Sender Should Be    ${EMAIL}    shop@example.com
    Run Keyword And Expect Error
    ...    No link of this email matches text 'Unsubscribe'. It has:\n${SPACE * 2}0: 'Confirm' -> https://*
    ...    Email Should Have Link    ${EMAIL}    text=Unsubscribe

Of A Large Email It Is Fetched What It Takes
    Deliver Large Email    3    to=${ADDRESS}
    ${email} =    Wait For Email    larger=1000000
    Get Email Attachments    ${email}    validate    len(value) > 1
    Get Email Body    ${email}    !=    ${EMPTY}
    Email Should Have Attachment    ${email}    type=*/*
    Email Should Match    ${email}    attachment=regexp:.    not_body=no such words


*** Keywords ***
Receive An Order
    Open Test Mailbox
    Deliver Raw Email    ${CURDIR}/../resources/order.eml    to=${ADDRESS}
    ${email} =    Wait For Email
    VAR    ${EMAIL}    ${email}    scope=TEST
