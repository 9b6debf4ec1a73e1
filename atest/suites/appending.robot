*** Settings ***
Documentation    Putting emails into folders without sending them.

Library          OperatingSystem
Resource         ../resources/mailbox.resource

Test Setup       Open Test Mailbox
Test Teardown    Close All Mailboxes


*** Variables ***
${ORIGIN}    origin_big5_mixed_related_alternative.eml
${UNIX}      Subject: From Unix\nMessage-ID: <unix@example.com>\n\nFirst\nSecond\n


*** Test Cases ***
An Eml File
    ${appended} =    Append Email    ${EMAILS}/${ORIGIN}
    Should Contain    ${appended.subject}    測試
    ${email} =    Wait For Email    timeout=0
    Should Be Equal    ${email}    ${appended}
    Should Be True    $email == $appended
    Should Be Equal    ${email.raw}    ${{pathlib.Path($EMAILS, $ORIGIN).read_bytes()}}
    Email Should Be Unread    ${email}

What It Is Made Of
    Create File    ${TEMPDIR}/append me.txt    Grüße
    ${appended} =    Append Email    sender=Jürgen <juergen@example.com>    to=${ADDRESS}, jane@example.com
    ...    subject=Größe 44    text=As text    html=<b>As HTML</b>    attachments=${TEMPDIR}/append me.txt
    ...    headers=${{ {'X-Campaign': 'Spring'} }}
    ${email} =    Wait For Email    subject=größe    timeout=0
    Should Be Equal    ${email.sender_name}    Jürgen
    Should Be Equal    ${email.recipients}    ${{ ($ADDRESS, 'jane@example.com') }}
    Should Be Equal    ${email.text} ${email.html}    As text <b>As HTML</b>
    Should Be Equal    ${email.headers}[X-Campaign]    Spring
    Should Be Equal    ${appended.message_id}    ${email.message_id}
    Wait For Email    text=append me.txt    timeout=0

Bytes
    Append Email    ${{b'Subject: Raw\r\n\r\nText\r\n'}}
    Subjects Should Be    Raw

Another Email, From Another Mailbox Too
    ${email} =    Email With Subject    Hello
    Open Test Mailbox
    ${appended} =    Append Email    ${email}
    Should Be Equal    ${appended.raw}    ${email.raw}
    Subjects Should Be    Hello

Another Large Email, Of Which Only A Part Was Fetched
    Deliver Email With Attachment    1    to=${ADDRESS}    subject=Large
    ${email} =    Wait For Email    timeout=30 s
    Should Not Be True    ${email.complete}
    VAR    ${first}    ${ADDRESS}
    Open Test Mailbox
    ${appended} =    Append Email    ${email}
    Should Be Equal    ${appended.size}    ${email.size}
    Subjects Should Be    Large
    Close Mailbox    ${first}
    Run Keyword And Expect Error    Only a part of the email was fetched. The rest is in folder 'INBOX' of ${first} *
    ...    Append Email    ${email}

Into Another Folder, With Flags
    Create Folder    ${ROOT}Archive/März
    ${appended} =    Append Email    subject=Hello    folder=${ROOT}Archive/März    flags=Seen, $Reviewed
    Should Be Equal    ${appended.folder}    ${ROOT}Archive/März
    Subjects Should Be    ${EMPTY}
    Select Folder    ${ROOT}Archive/März
    Subjects Should Be    Hello
    ${flags} =    Get Email Flags    ${appended}
    Should Be Equal    ${flags}    ${{['$Reviewed', '\\Seen']}}

With The Time At Which It Was Received
    [Template]    A Date Should Be
    2020-02-03 04:05:06    ${{datetime.datetime(2020, 2, 3, 4, 5, 6).astimezone()}}
    2020-02-03 12:30    ${{datetime.datetime(2020, 2, 3, 12, 30).astimezone()}}
    2020-02-03T12:30:00+02:00    ${{datetime.datetime(2020, 2, 3, 10, 30, tzinfo=datetime.timezone.utc)}}
    03-Feb-2020    ${{datetime.datetime(2020, 2, 3).astimezone()}}
    ${{datetime.date(2020, 2, 3)}}    ${{datetime.datetime(2020, 2, 3).astimezone()}}

With The Day On Which It Was Received
    Append Email    subject=Old    date=2020-02-03
    ${email} =    Wait For Email    on=2020-02-03    timeout=0
    Should Be Equal    ${email.subject}    Old

When It Was Received Is Known Without A Date, Too
    ${appended} =    Append Email    ${EMAILS}/${ORIGIN}
    ${made} =    Append Email    subject=Made    folder=INBOX
    @{found} =    Find Emails
    Should Be Equal    ${{[each.received for each in $found]}}    ${{[$made.received, $appended.received]}}
    Should Be Equal    ${made.date}    ${made.received}

A File With The Line Ends Of Unix
    Create File    ${TEMPDIR}/unix.eml    ${UNIX}
    ${appended} =    Append Email    ${TEMPDIR}/unix.eml
    ${email} =    Wait For Email    timeout=0
    Should Be Equal    ${email.raw}    ${{$UNIX.replace("\n", "\r\n").encode()}}
    Should Be Equal    ${appended.raw}    ${email.raw}

A Large File
    VAR    ${size}    ${20 * 1024 * 1024}
    ${path} =    Evaluate    pathlib.Path($TEMPDIR, 'large.eml')
    Evaluate    $path.write_bytes(b'Subject: Large\\r\\n\\r\\n' + b'0123456789abcdef' * 64 * 16 * 1280 + b'\\r\\n')
    ${appended} =    Append Email    ${path}
    Remove File    ${path}
    Should Be Equal As Integers    ${appended.size}    ${size + 20}
    Should Not Be True    ${appended.complete}
    ${email} =    Wait For Email    larger=${size}    timeout=0
    Should Be Equal    ${email.size}    ${appended.size}

A Wait That Was Marked Before Returns It
    ${mark} =    Get Mailbox Mark
    Append Email    subject=Appended
    ${email} =    Wait For Email    after=${mark}
    Should Be Equal    ${email.subject}    Appended

More Than The Quota Is A Clear Failure
    [Tags]    not-embedded    not-greenmail    not-cyrus    not-courier
    ${small} =    New Address    small
    Open Test Mailbox    ${small}
    Append Email    subject=Fits
    Run Keyword And Expect Error
    ...    Could not append an email of 1??,??? bytes to folder 'INBOX' of ${small} *[[]OVERQUOTA[]] * no room left *
    ...    Append Email
    ...    subject=Large
    ...    text=${{"x" * 120_000}}
    Subjects Should Be    Fits

Nothing Is Appended While It Is Not Clear What
    Run Keyword And Expect Error    There is no email to append. *    Append Email
    Run Keyword And Expect Error    The argument subject can't be given together with an email, *
    ...    Append Email    ${EMAILS}/${ORIGIN}    subject=Hello
    Run Keyword And Expect Error
    ...    Could not read *missing.eml: No such file or directory. Is the path right?
    ...    Append Email    ${TEMPDIR}/missing.eml
    Run Keyword And Expect Error    The email is empty.    Append Email    ${{b''}}
    Run Keyword And Expect Error    Could not look into folder '${ROOT}Nowhere' of ${ADDRESS} *There are: *INBOX*
    ...    Append Email    subject=Hello    folder=${ROOT}Nowhere
    Run Keyword And Expect Error    The argument date is no date: 'tomorow'. Write it like 2026-03-24, *
    ...    Append Email    subject=Hello    date=tomorow
    Run Keyword And Expect Error    'a(b' is no flag. *
    ...    Append Email    subject=Hello    flags=a(b
    Subjects Should Be    ${EMPTY}

What Is Open For Reading Only Stays
    Open Mailbox    ${HOST}    ${ADDRESS}    ${PASSWORD}    port=${IMAP_PORT}    security=NONE
    ...    alias=reader    readonly=True
    Run Keyword And Expect Error    The mailbox 'reader' was opened with readonly=True, *
    ...    Append Email    subject=Hello
    Subjects Should Be    ${EMPTY}


*** Keywords ***
A Date Should Be
    [Arguments]    ${date}    ${moment}
    ${appended} =    Append Email    subject=Old    date=${date}
    @{found} =    Find Emails    limit=1
    Should Be Equal    ${appended.received}    ${moment}
    Should Be Equal    ${found[0].received}    ${moment}
    Should Be Equal    ${appended.date}    ${moment}
