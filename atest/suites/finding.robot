*** Settings ***
Documentation    Finding emails that are there, by every criterion.

Library          Collections
Library          ../resources/CriteriaModel.py    ${HOST}    ${IMAP_PORT}    ${PASSWORD}
Resource         ../resources/mailbox.resource

Test Setup       Open Test Mailbox
Test Teardown    Close All Mailboxes


*** Variables ***
# Of the model. More of them, by hand, find more.
${EXAMPLES}    25
${QUERIES}     5


*** Test Cases ***
The Newest Come First
    Deliver Email    to=${ADDRESS}    subject=One
    Deliver Email    to=${ADDRESS}    subject=Two
    Deliver Email    to=${ADDRESS}    subject=Three
    Subjects Should Be    Three, Two, One
    Subjects Should Be    Three, Two    limit=2
    ${count} =    Get Email Count
    Should Be Equal As Integers    ${count}    3

What Has Just Arrived Is Counted
    Deliver Email    to=${ADDRESS}    subject=One
    Get Email Count    equals    1
    Deliver Email    to=${ADDRESS}    subject=Two
    Get Email Count    equals    2
    Email Count Should Be    2

Only What Came After A Mark
    Deliver Email    to=${ADDRESS}    subject=One
    ${mark} =    Get Mailbox Mark
    Deliver Email    to=${ADDRESS}    subject=Two
    Deliver Email    to=${ADDRESS}    subject=Three
    Subjects Should Be    Three, Two    after=${mark}
    Subjects Should Be    Two    after=${mark}    subject=two
    ${email} =    Wait For Email    subject=Two
    Subjects Should Be    Three    after=${email}
    ${count} =    Get Email Count    after=${email}
    Should Be Equal As Integers    ${count}    1

There May Be None
    Subjects Should Be    ${EMPTY}
    Subjects Should Be    ${EMPTY}    subject=x
    ${count} =    Get Email Count    subject=x
    Should Be Equal As Integers    ${count}    0

By Who Wrote To Whom
    Deliver Email    to=${ADDRESS}    subject=A    sender=Jane Doe <jane@example.com>
    Deliver Email    to=${ADDRESS}    subject=B    sender=The Shop <noreply@shop.example>
    Subjects Should Be    A    sender=jane@example.com
    Subjects Should Be    A    sender=doe
    Subjects Should Be    B    sender=glob:*@shop.example
    Subjects Should Be    B    not_sender=jane@example.com
    Subjects Should Be    B, A    recipient=${ADDRESS}
    Subjects Should Be    ${EMPTY}    cc=${ADDRESS}

By Subject
    Deliver Email    to=${ADDRESS}    subject=Order 17 shipped
    Deliver Email    to=${ADDRESS}    subject=Größe geändert
    Subjects Should Be    Order 17 shipped    subject=ORDER
    Subjects Should Be    Order 17 shipped    subject=regexp:Order \\d+ shipped$
    Subjects Should Be    Order 17 shipped    subject=glob:order * shipped
    Subjects Should Be    Order 17 shipped    subject=exact:order 17 shipped
    Subjects Should Be    ${EMPTY}    subject=exact:order
    Subjects Should Be    Größe geändert    subject=GRÖSSE
    Subjects Should Be    Größe geändert    subject=glob:Grö?e *
    Subjects Should Be    Order 17 shipped    subject=glob:*[]0-9] *
    Subjects Should Be    Größe geändert    not_subject=order

By Content
    Deliver Email    to=${ADDRESS}    subject=A    text=Bestätigen Sie bitte.
    Deliver Email    to=${ADDRESS}    subject=B    text=${NONE}    html=<p class="x1">Your <b>code</b>: 77</p>
    Subjects Should Be    A    body=bestätigen sie
    Subjects Should Be    B    body=your code: 77
    Subjects Should Be    B    text=x1
    Subjects Should Be    ${EMPTY}    body=x1
    Subjects Should Be    A    not_body=code

By Links And Attachments
    Deliver Email    to=${ADDRESS}    subject=A    text=See https://shop.example/a
    Deliver Email With Attachment    1    to=${ADDRESS}    subject=B
    Subjects Should Be    A    link=shop.example/a
    Subjects Should Be    B    not_link=shop.example
    Subjects Should Be    B    attachment=large
    Subjects Should Be    B    attachment=application/*
    Subjects Should Be    B    has_attachments=True
    Subjects Should Be    A    has_attachments=False

By A Header
    Deliver Raw Email    ${{b"Subject: A\r\nX-Campaign: Spring 2026\r\n\r\nText\r\n"}}    to=${ADDRESS}
    Deliver Email    to=${ADDRESS}    subject=B
    Subjects Should Be    A    header=X-Campaign: spring
    Subjects Should Be    A    header=x-campaign
    Subjects Should Be    B    not_header=X-Campaign

By Flags
    Deliver Email    to=${ADDRESS}    subject=A
    Deliver Email    to=${ADDRESS}    subject=B
    ${email} =    Wait For Email    subject=A
    Get Email Body    ${email}
    Subjects Should Be    A    status=SEEN
    Subjects Should Be    B    status=unseen
    Subjects Should Be    B, A    status=UNFLAGGED UNDELETED
    Subjects Should Be    ${EMPTY}    keyword=$Work

By Size
    Deliver Email    to=${ADDRESS}    subject=Small
    Deliver Email With Attachment    1    to=${ADDRESS}    subject=Large
    Subjects Should Be    Large    larger=${{1024 * 1024}}
    Subjects Should Be    Small    smaller=${{1024 * 1024}}

By Date
    Deliver Email    to=${ADDRESS}    subject=Now
    Deliver Raw Email    ${{b"Subject: Old\r\nDate: Mon, 3 Mar 2014 10:00:00 +0000\r\n\r\nText\r\n"}}
    ...    to=${ADDRESS}
    Subjects Should Be    Old, Now    since=today
    Subjects Should Be    ${EMPTY}    before=today
    Subjects Should Be    Old    sent_before=2014-03-04
    Subjects Should Be    Old    sent_since=01-Mar-2014    sent_before=05-Mar-2014
    Subjects Should Be    Now    sent_since=2014-03-04
    Subjects Should Be    Old    sent_since=2014-03-03T09:59Z    sent_before=2014-03-03T10:01Z
    Subjects Should Be    ${EMPTY}    sent_since=2014-03-03T10:01Z    sent_before=2015-01-01

By UID
    Deliver Email    to=${ADDRESS}    subject=A
    Deliver Email    to=${ADDRESS}    subject=B
    ${email} =    Wait For Email    subject=A
    Subjects Should Be    A    uid=${email}
    Subjects Should Be    B    uid=${email.uid + 1}:*

What HTML Splits Is Found Among The Newest
    [Documentation]    The server's SEARCH does not find it, and need not.
    Deliver Email    to=${ADDRESS}    subject=A    html=<p>Ihre Versicherungs&shy;nummer: <b>1</b>23&#8203;4</p>
    Deliver Email    to=${ADDRESS}    subject=B    html=<p>Write to help&#64;example.com</p>
    Subjects Should Be    A    body=Versicherungsnummer: 1234
    Subjects Should Be    B    body=help@example.com
    Subjects Should Be    A    body=regexp:Versicherungsnummer

What Has No Value Fails
    VAR    ${is empty}    is empty, which would match every email. *
    Run Keyword And Expect Error    The criterion subject ${is empty}    Find Emails    subject=${EMPTY}
    Run Keyword And Expect Error    The criterion header ${is empty}    Find Emails    header=Subject: ${EMPTY}
    Run Keyword And Expect Error    The criterion has_attachments ${is empty}
    ...    Find Emails    has_attachments=${EMPTY}
    Run Keyword And Expect Error    The argument has_attachments must be True or False, not 'yess'.
    ...    Find Emails    has_attachments=yess

The UID Of An Email Means Nothing In Another Folder
    Deliver Email    to=${ADDRESS}    subject=A
    ${email} =    Wait For Email    subject=A
    Create Folder    ${ROOT}Other
    Select Folder    ${ROOT}Other
    VAR    ${refused}    A mark or an email of folder 'INBOX' of ${ADDRESS} on ${HOST} can't be used in *
    Run Keyword And Expect Error    ${refused}    Wait Until Email Is Gone    uid=${email}    timeout=0
    Run Keyword And Expect Error    ${refused}    Wait For Email    uid=${email}    timeout=0
    Run Keyword And Expect Error    ${refused}    Get Email Count    uid=${email}

By SEARCH Keys
    Deliver Email    to=${ADDRESS}    subject=A
    Deliver Email    to=${ADDRESS}    subject=B
    Subjects Should Be    B    search=NOT SUBJECT A
    Run Keyword And Expect Error    The server can't search for gmail 'in:inbox': *
    ...    Find Emails    gmail=in:inbox

A Unique Address Tells Emails Apart
    ${mine} =    Get Unique Email Address
    ${other} =    Get Unique Email Address
    Deliver Email    to=${other}    subject=Other
    Deliver Email    to=${mine}    subject=Mine
    Subjects Should Be    Mine    recipient=${mine}

What The Headers Told Can Be Read
    Deliver Email    to=${ADDRESS}    subject=Readable    count=2
    ${waited} =    Wait For Emails    at_least=2    subject=Readable
    ${found} =    Find Emails    subject=Readable
    FOR    ${email}    IN    @{waited}    @{found}
        Should Be Equal    ${email.text}    Some text.
        Should Be Empty    ${email.attachments}
    END
    Subjects Should Be    Readable, Readable    status=UNSEEN

Of A Long List There Are Just The Headers
    Deliver Email    to=${ADDRESS}    subject=Many    count=51
    ${emails} =    Wait For Emails    at_least=51    subject=Many
    Should Be True    ${{not any(email.text_complete for email in $emails)}}
    ${emails} =    Find Emails    subject=Many
    Should Be True    ${{not any(email.text_complete for email in $emails)}}
    Run Keyword And Expect Error    *Only the first *, and its text goes on beyond them, or may. *
    ...    Evaluate    $emails[0].text
    ${body} =    Get Email Body    ${emails}[0]
    Should Be Equal    ${body}    Some text.

Finding Marks Nothing As Read
    Deliver Email    to=${ADDRESS}    subject=A
    Find Emails    text=some
    Subjects Should Be    A    status=UNSEEN

Criteria Mean The Same As In A Plain Model
    VAR    @{addresses}    @{EMPTY}
    FOR    ${_}    IN RANGE    ${EXAMPLES}
        ${address} =    New Address
        Create Account    ${address}
        Append To List    ${addresses}    ${address}
    END
    Criteria Should Mean The Same As In The Model    ${addresses}    ${QUERIES}
