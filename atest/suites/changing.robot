*** Settings ***
Documentation    Changing and checking flags.

Library          ../resources/Commands.py
Resource         ../resources/mailbox.resource

Test Setup       Open Test Mailbox
Test Teardown    Close All Mailboxes


*** Test Cases ***
All Are Marked As Read, And Counted
    Deliver Email    to=${ADDRESS}    subject=One
    Deliver Email    to=${ADDRESS}    subject=Two
    Wait For Email    subject=Two
    ${unread} =    Mark All As Read
    Should Be Equal As Integers    ${unread}    2
    ${unread} =    Mark All As Read
    Should Be Equal As Integers    ${unread}    0

What Has Just Arrived Is Marked Too
    [Documentation]    Dovecot and others search in what they knew before the command.
    Deliver Email    to=${ADDRESS}    subject=Before
    ${unread} =    Mark All As Read
    Should Be Equal As Integers    ${unread}    1
    Deliver Email    to=${ADDRESS}    subject=After
    ${email} =    Wait For Email
    Should Be Equal    ${email.subject}    After

To Mark All Costs Two Commands
    [Documentation]    Courier has to be asked first what has arrived.
    [Tags]    not-courier
    Deliver Email    to=${ADDRESS}    subject=One    count=20
    Wait For Emails    count=20
    ${sent} =    Commands Of    Mark All As Read
    Length Should Be    ${sent}    2

An Empty Folder Has Nothing To Mark
    ${unread} =    Mark All As Read
    Should Be Equal As Integers    ${unread}    0

What Comes After It Is Unread
    Deliver Email    to=${ADDRESS}    subject=Before
    Wait For Email
    Mark All As Read
    Deliver Email    to=${ADDRESS}    subject=After
    ${email} =    Wait For Email
    Should Be Equal    ${email.subject}    After

An Email Is Marked As Read And As Unread
    ${email} =    Email With Subject    Hello
    ${read} =    Mark Email As Read    ${email}
    Should Be True    $read.seen
    Should Be Equal    ${read.subject}    Hello
    Email Should Be Read    ${email}
    Mark Email As Read    ${email}
    Email Should Be Read    ${email}
    ${unread} =    Mark Email As Unread    ${read}
    Should Not Be True    $unread.seen
    Email Should Be Unread    ${email}
    Mark Email As Unread    ${email}
    Email Should Be Unread    ${email}

An Email Is Flagged And Unflagged
    ${email} =    Email With Subject    Hello
    ${flagged} =    Flag Email    ${email.uid}
    Should Be Equal    ${flagged.subject}    Hello
    Should Contain    ${flagged.flags}    \\Flagged
    Email Should Be Flagged    ${email}
    Flag Email    ${email}
    Unflag Email    ${{str($email).encode()}}
    Email Should Not Be Flagged    ${email}
    Email Should Be Unread    ${email}

Several Emails At Once
    ${first} =    Email With Subject    First
    ${second} =    Email With Subject    Second
    ${third} =    Email With Subject    Third
    VAR    @{two}    ${third}    ${first.uid}
    ${read} =    Mark Email As Read    ${two}
    Should Be Equal    ${read}[0].${read}[1]    ${third}.${first}
    Email Should Be Read    ${first}
    Email Should Be Unread    ${second}
    Email Should Be Read    ${third}
    ${none} =    Flag Email    ${{[]}}
    Should Be Empty    ${none}

All That Meet Criteria
    Email With Subject    Invoice 1
    Email With Subject    Greeting
    Email With Subject    Invoice 2
    ${flagged} =    Flag Email    subject=invoice
    Length Should Be    ${flagged}    2
    Should Be Equal    ${flagged[0].subject}    Invoice 1
    ${unflagged} =    Unflag Email    status=FLAGGED    not_subject=2
    Length Should Be    ${unflagged}    1
    ${count} =    Get Email Count    status=FLAGGED
    Should Be Equal As Integers    ${count}    1
    ${none} =    Mark Email As Read    subject=reminder
    Should Be Empty    ${none}

Any Flags
    ${email} =    Email With Subject    Hello
    ${email} =    Set Email Flags    ${email}    add=Answered $Reviewed
    Email Should Have Flags    ${email}    $reviewed \\answered
    Email Should Not Have Flags    ${email}    Seen Draft
    ${email} =    Set Email Flags    ${email}    add=Seen    remove=$Reviewed
    ${flags} =    Get Email Flags    ${email}
    Should Be Equal    ${flags}    ${{['\\Answered', '\\Seen']}}
    Should Be Equal    ${{sorted($email.flags - {'\\Recent'})}}    ${flags}
    Set Email Flags    ${email}    flags=Draft MyOwnFlag
    ${flags} =    Get Email Flags    ${email}
    Should Be Equal    ${flags}    ${{['MyOwnFlag', '\\Draft']}}
    Set Email Flags    ${email}    flags=${EMPTY}
    ${flags} =    Get Email Flags    ${email}
    Should Be Empty    ${flags}

Several Flags Have Blanks Or Commas Between
    ${email} =    Email With Subject    Hello
    Set Email Flags    ${email}    add=Flagged, Seen,$Mine
    ${flags} =    Get Email Flags    ${email}    ==    $mine,Seen, Flagged
    Should Be Equal    ${flags}    ${{['$Mine', '\\Flagged', '\\Seen']}}
    Email Should Have Flags    ${email}    Seen,Flagged
    Run Keyword And Expect Error    This email should not have \\Seen \\Draft, *
    ...    Email Should Not Have Flags    ${email}    Seen, Draft
    ${count} =    Get Email Count    status=SEEN, FLAGGED    keyword=$Mine,
    Should Be Equal As Integers    ${count}    1
    Run Keyword And Expect Error    'Seen,Flagged' is no flag. *
    ...    Set Email Flags    ${email}    add=${{['Seen,Flagged']}}

What Tells That A Flag Is Missing Is No Flag
    ${email} =    Email With Subject    Hello
    FOR    ${word}    IN    UNSEEN    Unread    unflagged
        Run Keyword And Expect Error    '${word}' is no flag. It means that an email does not have *
        ...    Set Email Flags    ${email}    add=${word}
        Run Keyword And Expect Error    '${word}' is no flag. *
        ...    Email Should Not Have Flags    ${email}    ${word}
        Run Keyword And Expect Error    '${word}' is no flag. *
        ...    Get Email Flags    ${email}    not contains    ${word}
    END
    Run Keyword And Expect Error    'Read' is no flag. It means that an email has Seen: *
    ...    Append Email    subject=Read    flags=Read
    ${flags} =    Get Email Flags    ${email}
    Should Be Empty    ${flags}

Flags Without A Value Change And Check Nothing
    ${email} =    Email With Subject    Hello
    Set Email Flags    ${email}    add=Seen    remove=${None}
    Run Keyword And Expect Error    The argument add is missing or empty. *
    ...    Set Email Flags    ${email}    add=${EMPTY}
    Run Keyword And Expect Error    The argument remove is missing or empty. *
    ...    Set Email Flags    ${email}    add=Draft    remove=${{[]}}
    Run Keyword And Expect Error    Give the argument flags, *    Set Email Flags    ${email}    flags=${None}
    FOR    ${none}    IN    ${None}    ${EMPTY}    ${{[]}}
        Run Keyword And Expect Error    The argument flags is missing or empty. *
        ...    Email Should Have Flags    ${email}    ${none}
        Run Keyword And Expect Error    The argument flags is missing or empty. *
        ...    Email Should Not Have Flags    ${email}    ${none}
    END
    Get Email Flags    ${email}    ==    Seen

A Flag Of A List Has A Value
    ${email} =    Email With Subject    Hello
    VAR    @{one_missing}    Draft    ${None}
    Run Keyword And Expect Error    None is no flag. If it comes from a variable, *
    ...    Set Email Flags    ${email}    flags=${one_missing}
    Run Keyword And Expect Error    None is no flag. *
    ...    Append Email    subject=Other    flags=${one_missing}
    Run Keyword And Expect Error    None is no flag. *
    ...    Email Should Not Have Flags    ${email}    ${one_missing}
    Get Email Flags    ${email}    ==    ${EMPTY}

Flags That Look Like Numbers Or Nothing
    [Tags]    not-courier
    ${email} =    Email With Subject    Hello
    ${email} =    Set Email Flags    ${email}    add=123 NIL
    Email Should Have Flags    ${email}    123 NIL
    ${email} =    Wait For Email    subject=Hello    keyword=123    timeout=5 s
    Should Be Equal    ${{sorted($email.flags - {'\\Recent'})}}    ${{['123', 'NIL']}}
    ${emails} =    Find Emails
    Should Contain    ${emails}    ${email}
    ${email} =    Set Email Flags    ${email}    remove=123 NIL
    VAR    @{both}    ${123}    NIL
    Email Should Not Have Flags    ${email}    ${both}
    Email Should Not Have Flags    ${email}    123
    Email Should Not Have Flags    ${email}    NIL

A Keyword May Have A Bracket
    [Tags]    not-courier
    ${email} =    Email With Subject    Hello
    Set Email Flags    ${email}    add=Ticket[42
    Open Test Mailbox    ${ADDRESS}    again
    ${email} =    Wait For Email    subject=Hello    keyword=Ticket[42    timeout=5 s
    Email Should Have Flags    ${email}    Ticket[42
    Set Email Flags    ${email}    remove=Ticket[42
    Email Should Not Have Flags    ${email}    Ticket[42

A Keyword Is The Same In Any Case
    ${email} =    Email With Subject    Hello
    Set Email Flags    ${email}    add=Reviewed
    ${count} =    Get Email Count    keyword=reviewed
    Should Be Equal As Integers    ${count}    1
    Set Email Flags    ${email}    remove=REVIEWED
    Email Should Not Have Flags    ${email}    Reviewed

Flags Are Checked By The Names That People Give Them
    ${email} =    Email With Subject    Hello
    Get Email Flags    ${email}    not contains    Seen
    Get Email Flags    ${email}    !=    Seen
    Get Email Flags    ${email}    ==    ${{[]}}
    Get Email Flags    ${email}    ==    ${EMPTY}
    Run Keyword And Expect Error    The operator contains needs something to look for, *
    ...    Get Email Flags    ${email}    contains    ${EMPTY}
    Set Email Flags    ${email}    add=Seen Flagged $Mine
    FOR    ${seen}    IN    Seen    seen    \\Seen    \\SEEN    Flagged Seen    $MINE
        ${flags} =    Get Email Flags    ${email}    contains    ${seen}
        Should Be Equal    ${flags}    ${{['$Mine', '\\Flagged', '\\Seen']}}
        Run Keyword And Expect Error    The flags should not contain '*' (text), but found *
        ...    Get Email Flags    ${email}    not contains    ${seen}
    END
    Run Keyword And Expect Error
    ...    The flags should contain '\\\\Draft' (text), but found '$Mine', '\\\\Flagged', '\\\\Seen' (list).
    ...    Get Email Flags    ${email}    contains    Seen Draft

All The Flags Of An Email Are Checked By These Names
    ${email} =    Email With Subject    Hello
    Set Email Flags    ${email}    add=Seen Flagged $Mine
    VAR    @{all}    flagged    \\seen    $mine
    FOR    ${names}    IN    Seen Flagged $Mine    ${all}
        Get Email Flags    ${email}    ==    ${names}
        Run Keyword And Expect Error
        ...    The flags should not be '$Mine', '\\\\Flagged', '\\\\Seen' (list), but found *
        ...    Get Email Flags    ${email}    !=    ${names}
    END
    Get Email Flags    ${email}    !=    Seen
    Get Email Flags    ${email}    validate    '\\\\Seen' in value

What Another Client Changed Is Seen
    ${email} =    Email With Subject    Hello
    Flag As Deleted    ${ADDRESS}    ${email.uid}
    Email Should Have Flags    ${email}    Deleted

A Check That Does Not Hold Says What There Is
    ${email} =    Email With Subject    Hello
    Run Keyword And Expect Error
    ...    This email should be read, but its flags are none:\n ${SPACE}UID ${email}: 'Hello' from *
    ...    Email Should Be Read    ${email}
    Set Email Flags    ${email}    flags=Seen Flagged
    Run Keyword And Expect Error
    ...    This email should be unread, but its flags are \\Flagged \\Seen:\n ${SPACE}UID ${email}
    ...    Email Should Be Unread    ${email.uid}
    Run Keyword And Expect Error    This email should not be flagged, *
    ...    Email Should Not Be Flagged    ${email}
    Run Keyword And Expect Error    This email should have $Mine \\Seen, *
    ...    Email Should Have Flags    ${email}    $Mine Seen
    Run Keyword And Expect Error    This email should not have \\Seen \\Draft, *
    ...    Email Should Not Have Flags    ${email}    Seen Draft
    Unflag Email    ${email}
    Run Keyword And Expect Error    This email should be flagged, *
    ...    Email Should Be Flagged    ${email}

An Email That Is Gone Can't Be Changed
    ${email} =    Email With Subject    Hello
    Expunge    ${ADDRESS}    ${email.uid}
    Run Keyword And Expect Error
    ...    There is no email with UID ${email} in folder 'INBOX' *
    ...    Mark Email As Read    ${email}
    Run Keyword And Expect Error
    ...    There is no email with UID ${email} in folder 'INBOX' *
    ...    Flag Email    ${email.uid}
    Run Keyword And Expect Error
    ...    There is no email with UID ${email} in folder 'INBOX' *
    ...    Email Should Be Read    ${email}

Nothing Changes While It Is Not Clear What Is Meant
    ${email} =    Email With Subject    Hello
    Run Keyword And Expect Error    It was not said which emails are meant. *    Mark Email As Read
    Run Keyword And Expect Error    Emails and criteria were given. *
    ...    Mark Email As Read    ${email}    subject=Hello
    Run Keyword And Expect Error    `Mark Email As Read` has no argument 'subjct'. Did you mean 'subject'? *
    ...    Mark Email As Read    subjct=Hello
    Run Keyword And Expect Error    'Hello' is no email. *    Mark Email As Read    Hello
    Run Keyword And Expect Error    Give the argument flags, *    Set Email Flags    ${email}
    Run Keyword And Expect Error    Give the argument flags, *
    ...    Set Email Flags    ${email}    flags=Seen    add=Draft
    Run Keyword And Expect Error    `Set Email Flags` has no argument 'flag'. Did you mean 'flags'? *
    ...    Set Email Flags    ${email}    flag=Seen
    FOR    ${keyword}    IN    Email Should Have Flags    Email Should Not Have Flags
        Run Keyword And Expect Error    `${keyword}` has no argument 'flag'. Did you mean 'flags'? *
        ...    ${keyword}    ${email}    flag=Seen
    END
    Email Should Be Unread    ${email}

No Flag Can Smuggle In A Command
    ${email} =    Email With Subject    Hello
    Run Keyword And Expect Error    The flag contains a carriage return, *
    ...    Set Email Flags    ${email}    add=x\r\nZZ1 DELETE INBOX
    Run Keyword And Expect Error    'x)' is no flag. *    Set Email Flags    ${email}    add=x)
    Run Keyword And Expect Error    The flag \\Recent is the server's own: *
    ...    Set Email Flags    ${email}    add=\\Recent

What Is Open For Reading Only Stays As It Is
    ${email} =    Email With Subject    Hello
    Open Mailbox    ${HOST}    ${ADDRESS}    ${PASSWORD}    port=${IMAP_PORT}    security=NONE
    ...    alias=reader    readonly=True
    ${seen} =    Wait For Email    subject=Hello
    ${body} =    Get Email Body    ${seen}
    Should Be Equal    ${body}    Some text.
    Run Keyword And Expect Error
    ...    The mailbox 'reader' was opened with readonly=True, *Nothing was sent.
    ...    Mark Email As Read    ${seen}
    Run Keyword And Expect Error    The mailbox 'reader' was opened with readonly=True, *
    ...    Mark All As Read
    Run Keyword And Expect Error    The mailbox 'reader' was opened with readonly=True, *
    ...    Flag Email    subject=Hello
    Email Should Be Unread    ${email}    mailbox=${ADDRESS}
