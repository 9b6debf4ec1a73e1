*** Settings ***
Documentation    Names and arguments of the older libraries, where these differ from today's.
...
...              Whole suites in their style are in ``older``.

Resource         ../resources/mailbox.resource
Library          Collections

Test Setup       Open Test Mailbox
Test Teardown    Close All Mailboxes


*** Test Cases ***
What Wait For Email Returns Is A UID Everywhere
    Deliver Email    to=${ADDRESS}    subject=Index
    ${LATEST} =    Wait For Email    subject=Index
    VAR    ${uid}    ${{int($LATEST)}}
    Should Be Equal    ${LATEST}    ${uid}
    Should Be Equal    ${LATEST}    ${{str($uid)}}
    Should Be Equal    ${LATEST}    ${{str($uid).encode()}}
    Should Be Equal As Integers    ${LATEST}    ${uid}
    Should Be Equal As Strings    ${LATEST}    ${uid}
    Should Be True    ${LATEST} > 0
    Should Be Equal    UID ${LATEST}    UID ${uid}
    VAR    @{indexes}    ${LATEST}
    Should Contain    ${indexes}    ${LATEST}
    List Should Contain Value    ${indexes}    ${LATEST}
    VAR    ${LAST}    ${LATEST}    scope=SUITE

It Is So In The Next Test, Too
    Should Be True    ${LAST} > 0
    Should Be Equal    ${LAST.subject}    Index

A UID Is Read In Any Form
    Deliver Email    to=${ADDRESS}    text=By UID
    ${LATEST} =    Wait For Email
    FOR    ${index}    IN    ${LATEST}    ${LATEST.uid}    ${{str($LATEST)}}    ${{str($LATEST).encode()}}
        ${body} =    Get Email Body    email_index=${index}
        Should Be Equal    ${body}    By UID
    END

The Newest Match Is Returned At Once
    Deliver Email    to=${ADDRESS}    subject=Twice    text=First
    Wait For Email    subject=Twice
    Deliver Email    to=${ADDRESS}    subject=Twice    text=Second
    Wait For Emails    count=2    subject=Twice    settle=0
    ${LATEST} =    Wait For Email    subject=Twice    timeout=0
    ${body} =    Get Email Body    ${LATEST}
    Should Be Equal    ${body}    Second

A Subject Alone Finds What Was Read, Nothing At All Does Not
    Deliver Email    to=${ADDRESS}    subject=Read
    ${LATEST} =    Wait For Email
    Get Email Body    ${LATEST}
    Wait For Email    subject=Read    timeout=0
    Run Keyword And Expect Error    No email received within 0s *    Wait For Email    timeout=0

Another Folder Is Opened And Stays Open
    Deliver Email    to=${ADDRESS}    subject=Filed    text=In the folder
    ${LATEST} =    Wait For Email
    Copy To New Folder    ${ADDRESS}    ${LATEST.uid}    Filed
    ${filed} =    Wait For Email    subject=Filed    folder=Filed
    Should Be Equal    ${filed.folder}    Filed
    ${body} =    Get Email Body    ${filed}
    Should Be Equal    ${body}    In the folder
    ${again} =    Wait For Email    subject=Filed
    Should Be Equal    ${again.folder}    Filed
    ${count} =    Get Email Count    folder=INBOX    subject=Filed
    Should Be Equal As Integers    ${count}    1
    ${inbox} =    Wait For Email    subject=Filed
    Should Be Equal    ${inbox.folder}    INBOX

A Folder That Is Missing Leaves The Other Open
    Deliver Email    to=${ADDRESS}    subject=Still here
    Run Keyword And Expect Error    Could not open folder 'Missing' *    Wait For Email    folder=Missing
    Wait For Email    subject=Still here

Truth Is What Robot Framework Takes For It
    FOR    ${value}    IN    False    false    no    0    ${False}
        Open Mailbox
        ...    host=${HOST}
        ...    user=${ADDRESS}
        ...    password=${PASSWORD}
        ...    port=${IMAP_PORT}
        ...    is_secure=${value}
        Close Mailbox
    END
    FOR    ${value}    IN    True    true    yes    ${True}
        Open Mailbox
        ...    server=${HOST}
        ...    user=${ADDRESS}
        ...    password=${PASSWORD}
        ...    port=${IMAPS_PORT}
        ...    is_secure=${value}
        ...    verify=False
        Close Mailbox
    END

Any Certificate Is Not Accepted, And The Failure Names What To Do
    Run Keyword And Expect Error
    ...    *is not trusted: *verify=False*
    ...    Open Mailbox
    ...    host=${HOST}
    ...    user=${ADDRESS}
    ...    password=${PASSWORD}
    ...    port=${IMAPS_PORT}
    ...    is_secure=True

What Is SSL Is Taken For TLS
    Open Mailbox
    ...    host=${HOST}
    ...    user=${ADDRESS}
    ...    password=${PASSWORD}
    ...    port=${IMAPS_PORT}
    ...    ssl=993
    ...    verify=False
    Open Mailbox    host=${HOST}    user=${ADDRESS}    password=${PASSWORD}    port=${IMAP_PORT}    ssl=${False}

A Token Logs In
    [Documentation]    GreenMail takes a password for a token.
    [Tags]    not-embedded    not-dovecot    not-cyrus
    Open Mailbox Oauth
    ...    server=${HOST}
    ...    user=${ADDRESS}
    ...    access_token=${PASSWORD}
    ...    debug_level=0
    ...    port=${IMAP_PORT}
    ...    security=NONE
    Mark As Read

A Proxy Is Asked
    Run Keyword And Expect Error    The proxy can't be reached. *127.0.0.1 port 1*
    ...    Open Mailbox    host=${HOST}    user=${ADDRESS}    password=x    proxy_host=127.0.0.1    proxy_port=1

What Nobody Knows Is Refused
    Run Keyword And Expect Error    `Open Mailbox` has no argument 'folderr'. Did you mean 'folder'? *
    ...    Open Mailbox    host=${HOST}    user=${ADDRESS}    password=x    folderr=INBOX
    Run Keyword And Expect Error    `Wait For Email` has no argument 'reciever'. Did you mean 'recipient'? *
    ...    Wait For Email    reciever=${ADDRESS}
    Run Keyword And Expect Error    'index=1' is no email. *
    ...    Get Email Body    index=1

An Empty Criterion Is Refused By Every Name
    Run Keyword And Expect Error    The criterion sender is empty, *    Wait For Email    fromEmail=${EMPTY}
    Run Keyword And Expect Error    The criterion recipient is empty, *    Wait For Mail    to_email=${EMPTY}

A Status Is A Flag In Any Case
    Deliver Email    to=${ADDRESS}
    Wait For Email    status=unseen
    FOR    ${status}    IN    MESSAGES    UIDNEXT    uidvalidity
        Run Keyword And Expect Error    There is no status '${{$status.upper()}}'. *ANSWERED*UNSEEN*
        ...    Wait For Email    status=${status}
    END

Times Are Seconds Or Words
    Deliver Email    to=${ADDRESS}    subject=Here
    Wait For Email    subject=Here    timeout=60    poll_frequency=10
    Wait For Email    subject=Here    timeout=1 min    poll_frequency=2 s
    Wait For Email    subject=Here    timeout=0
    Run Keyword And Expect Error    No email received within 1s *    Wait For Email    subject=Gone    timeout=1

Days Are Written In Any Of Three Ways
    Deliver Email    to=${ADDRESS}    subject=Today
    Wait For Email    subject=Today
    FOR    ${day}    IN    03-Mar-2014    2014-03-03    20140303 000000
        Wait For Email    since=${day}    sentsince=${day}    timeout=0
        ${count} =    Get Email Count    before=${day}    sentbefore=${day}    on=${day}    senton=${day}
        Should Be Equal As Integers    ${count}    0
    END

Quotes Are Part Of The Text
    Deliver Email    to=${ADDRESS}    subject=The "new" \\ (offer)
    Wait For Email    subject="new" \\ (off    timeout=60

All Are Marked As Read
    Deliver Email    to=${ADDRESS}    subject=Unread    count=2
    Wait For Emails    count=2    settle=0
    ${count} =    Mark As Read
    Should Be Equal As Integers    ${count}    2
    ${count} =    Mark All Emails As Read
    Should Be Equal As Integers    ${count}    0

Links Are Found By Their Position
    Deliver Email
    ...    to=${ADDRESS}
    ...    text=https://shop.example/text
    ...    html=<a href="https://shop.example/?a=1&amp;b=2">1</a><a href="mailto:a@b.example">2</a><a href="https://shop.example/?a=1&amp;b=2">3</a>
    ${LATEST} =    Wait For Email
    ${links} =    Get Links From Email    ${LATEST}
    Should Be Equal
    ...    ${links}
    ...    ${{["https://shop.example/?a=1&b=2", "mailto:a@b.example", "https://shop.example/?a=1&b=2"]}}
    Run Keyword And Expect Error    Link number 3 not found!*    Open Link From Mail    ${LATEST}    link_index=3
    Deliver Email    to=${ADDRESS}    subject=Text    text=See https://shop.example/text.
    ${LATEST} =    Wait For Email    subject=Text
    ${links} =    Get Links From Email    ${LATEST}
    Should Be Equal    ${links}    ${{["https://shop.example/text"]}}

Nothing Open Is A Clear Failure
    Close Mailbox
    Run Keyword And Expect Error    No mailbox is open. Use `Open Mailbox` first.    Close Mailbox
    Run Keyword And Expect Error    No mailbox is open. Use `Open Mailbox` first.    Walk Multipart Email    1
    Run Keyword And Expect Error    No mailbox is open. Use `Open Mailbox` first.    Get Multipart Payload
