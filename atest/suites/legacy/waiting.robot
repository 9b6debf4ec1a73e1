*** Settings ***
Documentation    Waiting for emails, and counting them, by the names and arguments of older libraries.

Resource         ../../resources/mailbox.resource

Test Setup       Open Test Mailbox
Test Teardown    Close All Mailboxes


*** Test Cases ***
Every Name Of A Criterion
    [Documentation]    Each finds the email by what it has, and nothing by what it has not.
    Deliver Raw Email    ${CURDIR}/../../resources/order.eml    to=${ADDRESS}
    ${LATEST} =    Wait For Email
    FOR    ${names}    ${has}    ${has_not}    IN
    ...    recipient to_email toEmail toemail To_Email    qa@example.com    nobody@example.com
    ...    sender from_email fromEmail fromemail SENDER    noreply@shop.example    nobody@example.com
    ...    cc cc_email ccEmail CCEMAIL    boss@example.com    nobody@example.com
    ...    subject Subject    Your order    Your bill
    ...    text Text    Your code is 4711    Your code is 0815
    ...    status Status    UNSEEN    SEEN
        Every Name Tells Emails Apart    ${LATEST}    ${names}    ${has}    ${has_not}
    END
    Email Is Found By    ${LATEST}    subject=Your order    utf-8=True
    Email Is Found By    ${LATEST}    subject=Your order    UTF-8=False

Every Name Of A Day
    Deliver Raw Email    ${CURDIR}/../../resources/order.eml    to=${ADDRESS}
    ${LATEST} =    Wait For Email
    ${today} =    Evaluate    datetime.date.today().strftime('%d-%b-%Y')
    FOR    ${names}    ${has}    ${has_not}    IN
    ...    since Since    03-Mar-2014    01-Jan-2099
    ...    before Before    01-Jan-2099    03-Mar-2014
    ...    on On    ${today}    03-Mar-2014
    ...    sentsince sentSince    24-Mar-2026    26-Mar-2026
    ...    sentbefore sentBefore    26-Mar-2026    24-Mar-2026
    ...    senton sentOn    24-Mar-2026    26-Mar-2026
        Every Name Tells Emails Apart    ${LATEST}    ${names}    ${has}    ${has_not}
    END

Arguments Are Named In Any Case
    Deliver Email    to=${ADDRESS}    subject=Any case
    Open Mailbox    Host=${HOST}    User=${ADDRESS}    PASSWORD=${PASSWORD}    Port=${IMAP_PORT}
    ...    Is_Secure=False    Folder=INBOX    alias=any case
    ${LATEST} =    Wait For Email    Subject=Any case    Timeout=60    Poll_Frequency=10    Folder=INBOX
    ${paths} =    Get Attachments From Email    Email_Index=${LATEST}    Target_Folder=${OUTPUT DIR}
    Should Be Empty    ${paths}

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
    [Tags]    not-courier
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

A Wait Stays In The Folder That Was Opened
    [Tags]    not-courier
    Deliver Email    to=${ADDRESS}    subject=Filed    count=2
    ${LATEST} =    Wait For Email    subject=Filed
    Copy To New Folder    ${ADDRESS}    ${LATEST.uid}    Filed
    Open Mailbox    host=${HOST}    user=${ADDRESS}    password=${PASSWORD}    port=${IMAP_PORT}
    ...    is_secure=False    folder=Filed    alias=folder
    ${filed} =    Wait For Email    subject=Filed
    Should Be Equal    ${filed.folder}    Filed
    ${count} =    Get Email Count    subject=Filed
    Should Be Equal    ${count}    ${1}

A Folder That Is Missing Leaves The Other Open
    Deliver Email    to=${ADDRESS}    subject=Still here
    Run Keyword And Expect Error    Could not open folder 'Missing' *    Wait For Email    folder=Missing
    Wait For Email    subject=Still here

What Nobody Knows Is Refused
    Run Keyword And Expect Error    `Open Mailbox` has no argument 'folderr'. Did you mean 'folder'? *
    ...    Open Mailbox    host=${HOST}    user=${ADDRESS}    password=x    folderr=INBOX
    Run Keyword And Expect Error    `Wait For Email` has no argument 'reciever'. Did you mean 'recipient'? *
    ...    Wait For Email    reciever=${ADDRESS}
    Run Keyword And Expect Error    'index=1' is no email. *
    ...    Get Email Body    index=1
    Run Keyword And Expect Error
    ...    *`Get Attachments From Email` has no argument 'folder'. Did you mean 'target_folder'? *
    ...    Get Attachments From Email
    ...    email_index=1
    ...    folder=x
    Run Keyword And Expect Error    `Get Email Count` has no argument 'subjet'. Did you mean 'subject'? *
    ...    Get Email Count    subjet=x
    Run Keyword And Expect Error    `Open Mailbox Oauth` has no argument 'acces_token'. Did you mean 'access_token'? *
    ...    Open Mailbox Oauth    host=${HOST}    user=qa    acces_token=x

An Empty Criterion Is Refused By Every Name
    Run Keyword And Expect Error    The criterion sender is empty, *    Wait For Email    fromEmail=${EMPTY}
    Run Keyword And Expect Error    The criterion recipient is empty, *    Wait For Mail    to_email=${EMPTY}
    Run Keyword And Expect Error    The criterion cc is empty, *    Get Email Count    ccEmail=${EMPTY}

None Is No Criterion
    Deliver Email    to=${ADDRESS}    subject=Hello
    VAR    ${SENDER}    ${EMPTY}
    ${LATEST} =    Wait For Email    subject=Hello    sender=${{$SENDER or None}}    toEmail=${NONE}
    Email Is Found By    ${LATEST}    subject=Hello    fromEmail=${NONE}    status=${NONE}    since=${NONE}

A Status Is A Flag In Any Case
    Deliver Email    to=${ADDRESS}
    ${LATEST} =    Wait For Email    status=unseen
    FOR    ${status}    IN    all    unanswered    undeleted    Undraft    unflagged    UNSEEN
        Email Is Found By    ${LATEST}    status=${status}
    END
    FOR    ${status}    IN    answered    deleted    Draft    flagged    SEEN
        Email Is Not Found By    status=${status}
    END
    FOR    ${status}    IN    recent    new    old
        Get Email Count    status=${status}
    END
    FOR    ${status}    IN    MESSAGES    UIDNEXT    uidvalidity    not
        Run Keyword And Expect Error    There is no status '${{$status.upper()}}'. *ANSWERED*UNSEEN*
        ...    Wait For Email    status=${status}
    END

A Status Is A Flag Of A Client's Own
    Deliver Email    to=${ADDRESS}    count=2
    ${emails} =    Find Emails
    Set Email Flags    ${emails}[0]    flags=Seen Work
    FOR    ${status}    IN    KEYWORD Work    seen keyword work    UNKEYWORD Play KEYWORD Work
        Email Is Found By    ${emails}[0]    status=${status}
    END
    FOR    ${status}    IN    UNKEYWORD Work    unseen unkeyword work
        Email Is Found By    ${emails}[1]    status=${status}
    END
    Email Is Not Found By    status=KEYWORD Play
    Email Is Not Found By    status=UNSEEN KEYWORD Work
    Run Keyword And Expect Error    There is no status 'NOT'. *KEYWORD*UNKEYWORD*    Wait For Email    status=not seen
    Run Keyword And Expect Error    The status KEYWORD must be followed by the name of a flag, *
    ...    Get Email Count    status=KEYWORD

Times Are Seconds Or Words
    Deliver Email    to=${ADDRESS}    subject=Here
    Wait For Email    subject=Here    timeout=60    poll_frequency=10
    Wait For Email    subject=Here    timeout=1 min    poll_frequency=2 s
    Wait For Email    subject=Here    timeout=0
    Run Keyword And Expect Error    No email received within 1s *    Wait For Email    subject=Gone    timeout=1

An Email That Comes After The Last Poll But One Is Found
    [Documentation]    The older libraries sleep beyond the end, and look no more.
    Deliver Email After    1 s    to=${ADDRESS}    subject=Late
    ${LATEST} =    Wait For Email    subject=Late    timeout=2    poll_frequency=60
    Should Be Equal    ${LATEST.subject}    Late

Days Are Written In Any Of Three Ways
    Deliver Email    to=${ADDRESS}    subject=Today
    Wait For Email    subject=Today
    FOR    ${day}    IN    03-Mar-2014    2014-03-03    20140303 000000
        Wait For Email    since=${day}    sentsince=${day}    timeout=0
        ${count} =    Get Email Count    before=${day}    sentbefore=${day}    on=${day}    senton=${day}
        Should Be Equal As Integers    ${count}    0
    END

The Locale Of The Process Stays
    ${before} =    Evaluate    locale.setlocale(locale.LC_ALL)
    Get Email Count    since=03-Mar-2014    sentbefore=03-Mar-2014
    ${after} =    Evaluate    locale.setlocale(locale.LC_ALL)
    Should Be Equal    ${after}    ${before}

Quotes Are Part Of The Text
    Deliver Email    to=${ADDRESS}    subject=The "new" \\ (offer)
    Wait For Email    subject="new" \\ (off    timeout=60


*** Keywords ***
Email Is Found By
    [Documentation]    It is the only one that each of the keywords finds.
    [Arguments]    ${email}    &{criteria}
    ${found} =    Wait For Email    timeout=0    &{criteria}
    Should Be Equal    ${found}    ${email}
    ${found} =    Wait For Mail    timeout=0    &{criteria}
    Should Be Equal    ${found}    ${email}
    ${count} =    Get Email Count    &{criteria}
    Should Be Equal    ${count}    ${1}

Email Is Not Found By
    [Arguments]    &{criteria}
    Run Keyword And Expect Error    No email received within 0s *    Wait For Email    timeout=0    &{criteria}
    Run Keyword And Expect Error    No email received within 0s *    Wait For Mail    timeout=0    &{criteria}
    ${count} =    Get Email Count    &{criteria}
    Should Be Equal    ${count}    ${0}

Every Name Tells Emails Apart
    [Arguments]    ${email}    ${names}    ${has}    ${has_not}
    FOR    ${name}    IN    @{names.split()}
        Email Is Found By    ${email}    ${name}=${has}
        Email Is Not Found By    ${name}=${has_not}
    END
