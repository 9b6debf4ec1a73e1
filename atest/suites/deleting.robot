*** Settings ***
Documentation    Deleting emails, and nothing but these.

Resource         ../resources/mailbox.resource

Test Setup       Open Test Mailbox
Test Teardown    Close All Mailboxes


*** Test Cases ***
An Email Is Deleted For Good, Once
    ${email} =    Email With Subject    Hello
    Email With Subject    Other
    ${deleted} =    Delete Email    ${email}
    Should Be Equal    ${deleted}    ${email}
    Subjects Should Be    Other
    ${again} =    Delete Email    ${email}
    Should Be Equal    ${again}    ${NONE}
    Subjects Should Be    Other

By UID, In Every Form
    ${number} =    Email With Subject    Number
    ${text} =    Email With Subject    Text
    ${bytes} =    Email With Subject    Bytes
    ${deleted} =    Delete Email    ${number.uid}
    Should Be Equal    ${deleted.subject}    Number
    Delete Email    ${{str($text)}}
    Delete Email    ${{$bytes.encode()}}
    Subjects Should Be    ${EMPTY}

Several At Once
    ${first} =    Email With Subject    First
    Email With Subject    Second
    ${third} =    Email With Subject    Third
    Delete Email    ${third}
    VAR    @{two}    ${first}    ${third}
    ${deleted} =    Delete Email    ${two}
    Length Should Be    ${deleted}    1
    Should Be Equal    ${deleted}[0]    ${first}
    Subjects Should Be    Second

All That Meet Criteria
    Email With Subject    Invoice 1
    Email With Subject    Greeting
    Email With Subject    Invoice 2
    ${deleted} =    Delete Emails    subject=invoice
    Should Be Equal    ${deleted[0].subject}, ${deleted[1].subject}    Invoice 1, Invoice 2
    ${deleted} =    Delete Emails    subject=invoice
    Should Be Empty    ${deleted}
    Subjects Should Be    Greeting

Without Criteria Nothing Is Deleted
    Email With Subject    Hello
    Run Keyword And Expect Error    It was not said which emails are meant. *    Delete Emails
    Run Keyword And Expect Error    The criterion subject is empty, *
    ...    Delete Emails    subject=${EMPTY}
    Subjects Should Be    Hello

All Of A Folder
    Email With Subject    First
    ${email} =    Email With Subject    Second
    Email With Subject    Third
    Delete Email    ${email}
    ${count} =    Delete All Emails
    Should Be Equal As Integers    ${count}    2
    ${count} =    Delete All Emails
    Should Be Equal As Integers    ${count}    0
    Deliver Email    to=${ADDRESS}    subject=After
    ${email} =    Wait For Email
    Should Be Equal    ${email.subject}    After

What Others Flagged As Deleted Stays
    ${other} =    Email With Subject    Flagged by another
    ${email} =    Email With Subject    Hello
    Flag As Deleted    ${ADDRESS}    ${other.uid}
    Delete Email    ${email}
    Subjects Should Be    Flagged by another
    Email Should Have Flags    ${other}    Deleted

Into The Trash
    [Tags]    not-greenmail    not-courier
    [Setup]    Open A Mailbox With A Trash
    ${email} =    Email With Subject    Hello
    Email With Subject    Invoice 1
    Email With Subject    Invoice 2
    Email With Subject    Rest
    ${deleted} =    Delete Email    ${email}    to_trash=True
    Should Be Equal    ${deleted.folder}    Trash
    ${deleted} =    Delete Emails    subject=invoice    to_trash=True
    Length Should Be    ${deleted}    2
    Subjects Should Be    Rest
    ${count} =    Delete All Emails    to_trash=True
    Should Be Equal As Integers    ${count}    1
    ${again} =    Delete Email    ${email}    to_trash=True
    Should Be Equal    ${again}    ${NONE}
    Select Folder    Trash
    Subjects Should Be    Rest, Invoice 2, Invoice 1, Hello

Out Of The Trash
    [Tags]    not-greenmail    not-courier
    [Setup]    Open A Mailbox With A Trash
    ${email} =    Email With Subject    Hello
    ${deleted} =    Delete Email    ${email}    to_trash=True
    Select Folder    Trash
    Run Keyword And Expect Error    Folder 'Trash' is the trash itself. *
    ...    Delete Email    ${deleted}    to_trash=True
    Delete Email    ${deleted}
    Subjects Should Be    ${EMPTY}

Without A Trash Nothing Is Deleted
    [Tags]    not-dovecot    not-cyrus
    ${email} =    Email With Subject    Hello
    VAR    ${account}    ${ADDRESS} on ${HOST} port ${IMAP_PORT}
    VAR    ${failure}    The server names no folder of ${account} as the trash (RFC 6154).
    VAR    ${advice}    with `Move Email`, or delete for good without to_trash.
    Run Keyword And Expect Error
    ...    EQUALS:${failure} Move to a folder that is there ${advice}
    ...    Delete Email    ${email}    to_trash=True
    Run Keyword And Expect Error
    ...    EQUALS:${failure} Move to a folder that is there ${advice}
    ...    Delete Email    999999    to_trash=True
    Run Keyword And Expect Error
    ...    EQUALS:${failure} Move to a folder that is there ${advice}
    ...    Delete Emails    subject=In vain    to_trash=True
    Subjects Should Be    Hello

What Is Called Trash Need Not Be One
    [Tags]    not-embedded    not-dovecot    not-cyrus
    ${email} =    Email With Subject    Hello
    Create Folder    ${ROOT}Trash
    Run Keyword And Expect Error
    ...    * as the trash (RFC 6154). If it is '${ROOT}Trash', move there with `Move Email`, or *
    ...    Delete All Emails    to_trash=True
    Subjects Should Be    Hello
    ${moved} =    Move Email    ${email}    ${ROOT}Trash
    Should Be Equal    ${moved.folder}    ${ROOT}Trash
    Subjects Should Be    ${EMPTY}

What Is Open For Reading Only Stays
    ${email} =    Email With Subject    Hello
    Open Mailbox    ${HOST}    ${ADDRESS}    ${PASSWORD}    port=${IMAP_PORT}    security=NONE
    ...    alias=reader    readonly=True
    Run Keyword And Expect Error    The mailbox 'reader' was opened with readonly=True, *
    ...    Delete Email    ${email}
    Run Keyword And Expect Error    The mailbox 'reader' was opened with readonly=True, *
    ...    Delete Emails    subject=Hello
    Run Keyword And Expect Error    The mailbox 'reader' was opened with readonly=True, *
    ...    Delete All Emails
    Subjects Should Be    Hello


*** Keywords ***
Open A Mailbox With A Trash
    [Documentation]    Some servers make it for every account.
    Open Test Mailbox
    Create Folder    Trash
