*** Settings ***
Documentation    Waiting for emails: for one, for several, for none, and until some are gone.

Library          ../resources/Commands.py
Resource         ../resources/mailbox.resource

Test Setup       Open Test Mailbox
Test Teardown    Close All Mailboxes


*** Variables ***
# Where Dovecot lets each account have one connection.
${ONE AT A TIME}    127.0.0.2


*** Test Cases ***
An Email That Is There Is Returned At Once
    Deliver Email    to=${ADDRESS}    subject=Hello
    ${email} =    Wait For Email    subject=hello    timeout=5 s
    Should Be Equal    ${email.subject}    Hello

An Email That Comes Later Is Waited For
    Deliver Email After    1 s    to=${ADDRESS}    subject=Later
    ${email} =    Wait For Email    timeout=20 s
    Should Be Equal    ${email.subject}    Later

The Fields Read Well
    Deliver Email    to=${ADDRESS}    subject=Grüße aus Köln    text=Liebe Grüße
    ...    sender=Müller, Jürgen <juergen@example.com>
    ${email} =    Wait For Email    timeout=20 s
    Should Be Equal    ${email.subject}    Grüße aus Köln
    Should Be Equal    ${email.sender}    juergen@example.com
    Should Be Equal    ${email.sender_name}    Müller, Jürgen
    Should Be Equal    ${email.recipients}[0]    ${ADDRESS}
    Should Be Equal    ${email.text}    Liebe Grüße
    Should Be Equal    ${email.html}    ${EMPTY}
    Should Be Equal    ${email.headers}[Subject]    Grüße aus Köln
    Should Be Equal    ${email.headers}[subject]    Grüße aus Köln
    Should Be Equal    ${email}    ${email.uid}
    Should Be True    ${email} > 0
    Should Not Be True    ${email.seen}
    Should Be True    $email.date.tzinfo is not None

Looking Does Not Mark As Read
    Deliver Email    to=${ADDRESS}    subject=Hello
    Wait For Email
    ${email} =    Wait For Email    status=UNSEEN    timeout=0
    Should Be Equal    ${email.subject}    Hello

Criteria Must All Hold
    Deliver Email    to=${ADDRESS}    subject=Welcome    sender=a@example.com
    Deliver Email    to=${ADDRESS}    subject=Welcome    sender=b@example.com
    Deliver Email    to=${ADDRESS}    subject=Goodbye    sender=a@example.com
    ${email} =    Wait For Email    subject=welcome    sender=a@example.com
    Should Be Equal    ${email.sender} ${email.subject}    a@example.com Welcome

A Whole Address Compares As A Whole
    Deliver Email    to=${ADDRESS}    subject=Eleven    sender=qa+11@example.com
    Wait For Email    sender=qa+11@example.com
    Run Keyword And Expect Error    No email received within 0s *
    ...    Wait For Email    sender=qa+1@example.com    timeout=0

Text Is Found In Any Encoding
    Deliver Email    to=${ADDRESS}    subject=Encoded    text=Ihre Bestätigung: Übergröße 44
    ${email} =    Wait For Email    text=übergrösse 44    timeout=5 s
    Should Be Equal    ${email.subject}    Encoded

A Tag In The Address Tells Recipients Apart
    ${tagged} =    Tagged Address    ${ADDRESS}    one
    Deliver Email    to=${ADDRESS}    subject=No tag
    Deliver Email    to=${tagged}    subject=With tag
    ${email} =    Wait For Email    recipient=${tagged}    timeout=5 s
    Should Be Equal    ${email.subject}    With tag

With Criteria The Newest Counts
    Deliver Email    to=${ADDRESS}    subject=Code    text=1
    Deliver Email    to=${ADDRESS}    subject=Code    text=2
    ${email} =    Wait For Email    subject=Code
    Should Be Equal    ${email.text}    2
    ${email} =    Wait For Email    subject=Code    on_multiple=OLDEST
    Should Be Equal    ${email.text}    1
    Run Keyword And Expect Error    2 emails in folder 'INBOX' *
    ...    Wait For Email    subject=Code    on_multiple=FAIL

Without Criteria Several Unread Emails Are A Failure
    Deliver Email    to=${ADDRESS}    subject=One
    Deliver Email    to=${ADDRESS}    subject=Two
    ${failure} =    Run Keyword And Expect Error    2 emails in folder 'INBOX' *    Wait For Email
    Should Contain    ${failure}    'One' from
    Should Contain    ${failure}    'Two' from

After A Mark Only Later Emails Count, Each Once
    Deliver Email    to=${ADDRESS}    subject=Old
    Wait For Email    subject=Old
    ${mark} =    Get Mailbox Mark
    Deliver Email    to=${ADDRESS}    subject=New 1
    Deliver Email    to=${ADDRESS}    subject=New 2
    Deliver Email    to=${ADDRESS}    subject=New 3
    ${first} =    Wait For Email    after=${mark}
    ${second} =    Wait For Email    after=${first}
    ${third} =    Wait For Email    after=${second}
    Should Be Equal    ${first.subject}, ${second.subject}, ${third.subject}    New 1, New 2, New 3

A Mark Costs One Command
    [Documentation]    Courier does not say at once which UID is the next one.
    [Tags]    not-courier
    Deliver Email    to=${ADDRESS}    subject=Old
    ${old} =    Wait For Email    subject=Old
    Open Test Mailbox    ${ADDRESS}    again
    ${sent} =    Commands Of    Get Mailbox Mark
    Should Be Equal    ${sent}    ${{["NOOP"]}}
    ${sent} =    Commands Of    Get Mailbox Mark
    Should Be Equal    ${sent}    ${{["NOOP"]}}
    Deliver Email    to=${ADDRESS}    subject=New
    Wait For Email    after=${old}
    ${sent} =    Commands Of    Get Mailbox Mark
    Should Be Equal    ${sent}    ${{["NOOP"]}}

A Mark Is Behind An Email That Is Gone
    Deliver Email    to=${ADDRESS}    subject=Old    count=2
    @{emails} =    Wait For Emails    at_least=2
    Expunge    ${ADDRESS}    ${emails[1].uid}
    Open Test Mailbox    ${ADDRESS}    again
    ${mark} =    Get Mailbox Mark
    Deliver Email    to=${ADDRESS}    subject=New
    ${email} =    Wait For Email    after=${mark}
    Should Be Equal    ${email.subject}    New

What May Have Been Meant Otherwise Is Told
    Deliver Email    to=${ADDRESS}    subject=Order 42 shipped
    Run Keyword And Expect Error
    ...    *\nIn subject, [*] is that character and no wildcard: it is one in glob:Order [*], which *
    ...    Wait For Email    subject=Order *    timeout=0
    Run Keyword And Expect Error
    ...    *\nIn subject, 'regex:' is a part of the text and no prefix: write regexp: instead.
    ...    Wait For Email    subject=regex:Order \\d+    timeout=0
    Run Keyword And Expect Error
    ...    *\nIn subject, 'sender=' is a part of the text and no argument: put two blanks or more *
    ...    Wait For Email    subject=Order sender=shop    timeout=0

A Mark Survives A New Connection
    ${mark} =    Get Mailbox Mark
    Close All Mailboxes
    Deliver Email    to=${ADDRESS}    subject=Meanwhile
    Open Test Mailbox    ${ADDRESS}
    ${email} =    Wait For Email    after=${mark}
    Should Be Equal    ${email.subject}    Meanwhile

A Mark Of An Empty Folder Lets The First Email Count
    ${mark} =    Get Mailbox Mark
    Deliver Email After    500 ms    to=${ADDRESS}    subject=First
    ${email} =    Wait For Email    after=${mark}    timeout=20 s
    Should Be Equal    ${email.subject}    First

A Time-Out Tells What Came Instead
    ${mark} =    Get Mailbox Mark
    Deliver Email    to=${ADDRESS}    subject=Your invoice    sender=noreply@shop.example
    ${failure} =    Run Keyword And Expect Error    No email received within 1s *
    ...    Wait For Email    subject=Your code    after=${mark}    timeout=1 s
    Should Contain    ${failure}    'Your code'
    Should Contain    ${failure}    'Your invoice' from noreply@shop.example

Several Are Waited For
    ${mark} =    Get Mailbox Mark
    Deliver Email    to=${ADDRESS}    subject=Part 1
    Deliver Email After    500 ms    to=${ADDRESS}    subject=Part 2
    ${emails} =    Wait For Emails    at_least=2    subject=part    after=${mark}
    Should Be Equal    ${emails[0].subject}, ${emails[1].subject}    Part 1, Part 2

Exactly So Many Are Waited For
    Deliver Email    to=${ADDRESS}    subject=Part    count=2
    ${emails} =    Wait For Emails    count=2    subject=part    settle=500 ms
    Length Should Be    ${emails}    2
    Run Keyword And Expect Error    2 emails in folder 'INBOX' *and there should be 1:*
    ...    Wait For Emails    count=1    subject=part

None Comes
    Deliver Email    to=${ADDRESS}    subject=Newsletter
    Wait For Email    subject=Newsletter
    Email Should Not Arrive    subject=Newsletter    within=1 s

One Comes Although None Should
    Deliver Email After    500 ms    to=${ADDRESS}    subject=Newsletter
    Run Keyword And Expect Error    An email arrived in folder 'INBOX' *'Newsletter' from *
    ...    Email Should Not Arrive    subject=newsletter    within=20 s

An Email That Came Before The Call Counts After A Mark
    ${mark} =    Get Mailbox Mark
    Deliver Email    to=${ADDRESS}    subject=Newsletter
    Run Keyword And Expect Error    An email arrived in folder 'INBOX' *
    ...    Email Should Not Arrive    within=10 s    after=${mark}

What Is Gone Is Not Waited For
    Deliver Email    to=${ADDRESS}    subject=Draft
    ${email} =    Wait For Email    subject=Draft
    ${failure} =    Run Keyword And Expect Error    An email that matches uid * is still in *
    ...    Wait Until Email Is Gone    uid=${email}    timeout=500 ms
    Should Contain    ${failure}    'Draft' from noreply@shop.example
    Expunge    ${ADDRESS}    ${email.uid}
    Wait Until Email Is Gone    uid=${email}

What Gets Read Does Not Match Unread Any More
    Deliver Email    to=${ADDRESS}    subject=Hello
    ${email} =    Wait For Email
    Get Email Body    ${email}
    Wait Until Email Is Gone    status=UNSEEN    timeout=5 s

The First Of Several Mailboxes Ends The Wait
    Open Test Mailbox    alias=a
    VAR    ${a}    ${ADDRESS}
    Open Test Mailbox    alias=b
    VAR    ${b}    ${ADDRESS}
    ${mark a} =    Get Mailbox Mark    mailbox=a
    ${mark b} =    Get Mailbox Mark    mailbox=b
    VAR    @{marks}    ${mark a}    ${mark b}
    Deliver Email After    500 ms    to=${a}    subject=For a
    ${alias}    ${email} =    Wait For Email In Any Mailbox    a    b    after=${marks}
    Should Be Equal    ${alias}: ${email.subject}    a: For a
    Deliver Email    to=${b}    subject=For b
    ${alias}    ${email} =    Wait For Email In Any Mailbox    a    b    subject=For b
    Should Be Equal    ${alias}    b
    ${body} =    Get Email Body    ${email}    mailbox=${alias}
    Should Be Equal    ${body}    Some text.

In Several Mailboxes An Email Is A Mark, Too
    Open Test Mailbox    alias=a
    Deliver Email    to=${ADDRESS}    subject=One
    Deliver Email    to=${ADDRESS}    subject=Two
    @{emails} =    Wait For Emails    at_least=2
    ${_}    ${next} =    Wait For Email In Any Mailbox    a    after=${emails}[0]
    Should Be Equal    ${next.subject}    Two
    VAR    @{marks}    ${next}
    Run Keyword And Expect Error    No email received within 0s *
    ...    Wait For Email In Any Mailbox    a    after=${marks}    timeout=0
    Run Keyword And Expect Error    The argument after is an empty list. *
    ...    Wait For Email In Any Mailbox    a    after=${{[]}}
    Run Keyword And Expect Error    '7' does not tell which mailbox it is of. *
    ...    Wait For Email In Any Mailbox    a    after=7

Folders Of An Account That May Have One Connection Take Turns
    [Tags]    not-embedded    not-greenmail    not-cyrus    not-courier
    ${user} =    New Address
    Open Mailbox    ${ONE AT A TIME}    ${user}    ${PASSWORD}    port=${IMAP_PORT}    security=NONE
    ...    alias=inbox
    Create Folder    Archive
    Open Mailbox    ${ONE AT A TIME}    ${user}    ${PASSWORD}    port=${IMAP_PORT}    security=NONE
    ...    folder=Archive    alias=archive
    Deliver Email After    500 ms    to=${user}    subject=Hello
    ${alias}    ${email} =    Wait For Email In Any Mailbox    inbox    archive    timeout=10 s
    Should Be Equal    ${alias}    inbox
    Move Email    ${email}    Archive    mailbox=inbox
    ${alias}    ${moved} =    Wait For Email In Any Mailbox    inbox    archive    timeout=10 s
    Should Be Equal    ${alias}: ${moved.subject}    archive: Hello
    Close Mailbox    inbox
    Subjects Should Be    Hello

A Connection That Is Not As Safe As It Was Asked To Be Is Not Shared
    [Tags]    not-embedded    not-greenmail    not-cyrus    not-courier
    ${user} =    New Address
    Open Mailbox    ${ONE AT A TIME}    ${user}    ${PASSWORD}    port=${IMAP_PORT}    security=NONE
    Run Keyword And Expect Error    *Maximum number of connections*
    ...    Open Mailbox    ${ONE AT A TIME}    ${user}    ${PASSWORD}    port=${IMAPS_PORT}    verify=False
    Subjects Should Be    ${EMPTY}

What Went To The Spam Folder Is Told
    Create Folder    ${ROOT}Junk
    Append Email    folder=${ROOT}Junk    subject=Your code    text=1234
    ${failure} =    Run Keyword And Expect Error    No email received within 5s *
    ...    Wait For Email    subject=your code    timeout=5 s
    Should Contain    ${failure}    In the folder '${ROOT}Junk', however, there is what was waited for:
    Should Contain    ${failure}    'Your code' from
    Deliver Email    to=${ADDRESS}    subject=Hello
    Wait For Email    subject=Hello
