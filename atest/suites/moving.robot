*** Settings ***
Documentation    Moving and copying emails.

Resource         ../resources/mailbox.resource

Test Setup       Open A Mailbox With An Archive
Test Teardown    Close All Mailboxes


*** Test Cases ***
An Email Is Moved
    ${email} =    Email With Subject    Hello
    Email With Subject    Other
    Flag Email    ${email}
    ${moved} =    Move Email    ${email}    ${ROOT}Archive/2026
    Should Be Equal    ${moved.folder}    ${ROOT}Archive/2026
    Should Be Equal    ${moved.subject}    Hello
    Subjects Should Be    Other
    Select Folder    ${ROOT}Archive/2026
    Subjects Should Be    Hello
    Email Should Be Flagged    ${moved}
    ${there} =    Wait For Email    subject=Hello    timeout=0
    Should Be Equal    ${moved}    ${there}
    Should Be True    $moved == $there
    ${body} =    Get Email Body    ${moved}
    Should Be Equal    ${body}    Some text.

An Email Is Copied
    ${email} =    Email With Subject    Hello
    ${copy} =    Copy Email    ${email.uid}    ${ROOT}Archive/2026
    Should Be Equal    ${copy.folder}    ${ROOT}Archive/2026
    Subjects Should Be    Hello
    Select Folder    ${ROOT}Archive/2026
    Subjects Should Be    Hello
    Email Should Be Unread    ${copy}
    Should Be Equal    ${copy.received}    ${email.received}

Several At Once, In The Order In Which They Are Given
    ${first} =    Email With Subject    First
    ${second} =    Email With Subject    Second
    Email With Subject    Between
    ${third} =    Email With Subject    Third
    VAR    @{three}    ${third}    ${first.uid}    ${second}
    ${copies} =    Copy Email    ${three}    ${ROOT}Archive/2026
    Should Be Equal    ${{", ".join(each.subject for each in $copies)}}    Third, First, Second
    ${moved} =    Move Email    ${three}    ${ROOT}Archive/2026
    Should Be Equal    ${{", ".join(each.subject for each in $moved)}}    Third, First, Second
    Subjects Should Be    Between
    Select Folder    ${ROOT}Archive/2026
    ${count} =    Get Email Count
    Should Be Equal As Integers    ${count}    6
    FOR    ${email}    IN    @{copies}    @{moved}
        ${flagged} =    Flag Email    ${email.uid}
        Should Be Equal    ${flagged.subject}    ${email.subject}
    END

Emails That Look The Same Stay What They Are
    [Documentation]    Without Message-ID, the codes of two tests may differ in their bodies alone.
    VAR    ${head}    ${{b'Subject: Your code' + bytes([13, 10, 13, 10])}}
    ${first} =    Append Email    ${{$head + b'It is 1111.' + bytes([13, 10])}}
    ${second} =    Append Email    ${{$head + b'It is 2222.' + bytes([13, 10])}}
    VAR    @{both}    ${second}    ${first.uid}
    ${copies} =    Copy Email    ${both}    ${ROOT}Archive/2026
    ${moved} =    Move Email    ${both}    ${ROOT}Archive/2026
    Select Folder    ${ROOT}Archive/2026
    FOR    ${there}    IN    ${copies}    ${moved}
        Get Email Body    ${there[0].uid}    ==    It is 2222.
        Get Email Body    ${there[1].uid}    ==    It is 1111.
    END

All That Meet Criteria
    Email With Subject    Invoice 1
    Email With Subject    Greeting
    Email With Subject    Invoice 2
    ${moved} =    Move Email    folder=${ROOT}Archive/2026    subject=invoice
    Length Should Be    ${moved}    2
    Subjects Should Be    Greeting
    ${moved} =    Move Email    folder=${ROOT}Archive/2026    subject=invoice
    Should Be Empty    ${moved}
    Select Folder    ${ROOT}Archive/2026
    Subjects Should Be    Invoice 2, Invoice 1

A Copy In The Same Folder
    ${email} =    Email With Subject    Hello
    ${copy} =    Copy Email    ${email}    INBOX
    Should Be True    $copy.uid > $email.uid
    Should Be Equal    ${copy.folder}    INBOX
    Subjects Should Be    Hello, Hello
    Run Keyword And Expect Error    The emails are in folder 'INBOX' already, *
    ...    Move Email    ${email}    inbox

Nothing Is Moved To Where Nothing Is
    ${email} =    Email With Subject    Hello
    Run Keyword And Expect Error
    ...    Could not look into folder '${ROOT}Archive/2062' of ${ADDRESS} *Near it: ${ROOT}Archive/2026*
    ...    Move Email    ${email}    ${ROOT}Archive/2062
    Run Keyword And Expect Error    The argument folder is missing or empty. *
    ...    Move Email    ${email}
    FOR    ${keyword}    IN    Move Email    Copy Email
        Run Keyword And Expect Error    `${keyword}` has no argument 'to'. Did you mean 'folder'? *
        ...    ${keyword}    ${email}    to=${ROOT}Archive/2026
    END
    Run Keyword And Expect Error    It was not said which emails are meant. *
    ...    Move Email    folder=${ROOT}Archive/2026
    Subjects Should Be    Hello

An Email That Is Gone Can't Be Moved
    ${email} =    Email With Subject    Hello
    Move Email    ${email}    ${ROOT}Archive/2026
    Run Keyword And Expect Error    There is no email with UID ${email} in folder 'INBOX' *
    ...    Move Email    ${email}    ${ROOT}Archive/2026
    Run Keyword And Expect Error    There is no email with UID ${email} in folder 'INBOX' *
    ...    Copy Email    ${email.uid}    ${ROOT}Archive/2026
    Select Folder    ${ROOT}Archive/2026
    Subjects Should Be    Hello

More Than The Quota Is A Clear Failure
    [Tags]    not-embedded    not-greenmail    not-cyrus    not-courier
    ${small} =    New Address    small
    Open Test Mailbox    ${small}
    Deliver Email    to=${ADDRESS}    subject=Large    text=${{"x" * 70_000}}
    ${email} =    Wait For Email
    Run Keyword And Expect Error    *[[]OVERQUOTA[]]*There is no room left for it: delete emails first.
    ...    Copy Email    ${email}    INBOX
    Subjects Should Be    Large

A Folder That Is Not There Fails Whether Or Not There Are Emails
    VAR    @{none}    @{EMPTY}
    FOR    ${keyword}    IN    Move Email    Copy Email
        ${done} =    Run Keyword    ${keyword}    folder=${ROOT}Archive/2026    subject=In vain
        Should Be Empty    ${done}
        ${done} =    Run Keyword    ${keyword}    ${none}    ${ROOT}Archive/2026
        Should Be Empty    ${done}
        Run Keyword And Expect Error    *'${ROOT}Archive/2025'* Near it: *${ROOT}Archive/2026*
        ...    ${keyword}    folder=${ROOT}Archive/2025    subject=In vain
        Run Keyword And Expect Error    *'${ROOT}Archive/2025'* Near it: *${ROOT}Archive/2026*
        ...    ${keyword}    ${none}    ${ROOT}Archive/2025
    END

What Is Open For Reading Only Stays
    ${email} =    Email With Subject    Hello
    Open Mailbox    ${HOST}    ${ADDRESS}    ${PASSWORD}    port=${IMAP_PORT}    security=NONE
    ...    alias=reader    readonly=True
    Run Keyword And Expect Error    The mailbox 'reader' was opened with readonly=True, *
    ...    Move Email    ${email}    ${ROOT}Archive/2026
    Run Keyword And Expect Error    The mailbox 'reader' was opened with readonly=True, *
    ...    Copy Email    ${email}    ${ROOT}Archive/2026
    Subjects Should Be    Hello


*** Keywords ***
Open A Mailbox With An Archive
    Open Test Mailbox
    Create Folder    ${ROOT}Archive/2026
