*** Settings ***
Documentation    Opening, choosing and closing mailboxes.

Resource         ../resources/mailbox.resource

Test Teardown    Close All Mailboxes


*** Test Cases ***
Plain Text
    Create Account    plain@example.com
    ${alias} =    Open Mailbox    ${HOST}    plain@example.com    ${PASSWORD}
    ...    port=${IMAP_PORT}    security=NONE
    Should Be Equal    ${alias}    plain@example.com

TLS With Any Certificate
    Create Account    tls@example.com
    Open Mailbox    ${HOST}    tls@example.com    ${PASSWORD}    port=${IMAPS_PORT}    verify=False
    Mark All As Read

TLS With The Server's Own Authority
    Create Account    tls@example.com
    Open Mailbox    ${HOST}    tls@example.com    ${PASSWORD}
    ...    port=${IMAPS_PORT}    verify=${CA_FILE}
    Mark All As Read

STARTTLS
    [Tags]    not-greenmail
    Create Account    starttls@example.com
    Open Mailbox    ${HOST}    starttls@example.com    ${PASSWORD}
    ...    port=${IMAP_PORT}    security=STARTTLS    verify=${CA_FILE}
    Mark All As Read

An Access Token In The Place Of A Password
    [Documentation]    Servers here take the password for a token.
    [Tags]    not-cyrus    not-courier
    Create Account    token@example.com
    Open Mailbox    ${HOST}    token@example.com    access_token=${PASSWORD}
    ...    port=${IMAPS_PORT}    verify=${CA_FILE}
    Mark All As Read

A Fresh Access Token When The Old One Has Expired
    [Tags]    not-cyrus    not-courier
    Create Account    token@example.com
    Open Mailbox    ${HOST}    token@example.com    access_token=expired
    ...    port=${IMAP_PORT}    security=NONE    fresh_token=Get Fresh Token
    Mark All As Read

An Access Token That Is Refused
    [Tags]    not-cyrus    not-courier
    Create Account    token@example.com
    ${failure} =    Run Keyword And Expect Error
    ...    Could not log in as token@example.com on ${HOST}: NO *Has the access token expired*
    ...    Open Mailbox    ${HOST}    token@example.com    access_token=wr0ng-t0ken
    ...    port=${IMAP_PORT}    security=NONE
    Should Not Contain    ${failure}    wr0ng-t0ken

A Folder Other Than INBOX Is Told By Its Name When It Is Missing
    Create Account    folders@example.com
    Run Keyword And Expect Error
    ...    Could not open folder 'Archiv' of folders@example.com on ${HOST} port ${IMAP_PORT}: *INBOX*
    ...    Open Mailbox    ${HOST}    folders@example.com    ${PASSWORD}
    ...    port=${IMAP_PORT}    security=NONE    folder=Archiv

Several Mailboxes, One At A Time
    Open Test Mailbox    first@example.com    alias=first
    Open Test Mailbox    second@example.com    alias=second
    Deliver Email    to=first@example.com    subject=For the first
    Deliver Email    to=second@example.com    subject=For the second
    ${email} =    Wait For Email
    Should Be Equal    ${email.subject}    For the second
    ${before} =    Switch Mailbox    first
    Should Be Equal    ${before}    second
    ${email} =    Wait For Email
    Should Be Equal    ${email.subject}    For the first
    ${email} =    Wait For Email    mailbox=second
    Should Be Equal    ${email.subject}    For the second

Closing Makes The Mailbox Before It Current Again
    Open Test Mailbox    first@example.com    alias=first
    Open Test Mailbox    second@example.com    alias=second
    Close Mailbox
    ${before} =    Switch Mailbox    first
    Should Be Equal    ${before}    first
    Close Mailbox    first
    Run Keyword And Expect Error    No mailbox is open. Use `Open Mailbox` first.    Close Mailbox

An Email That Was Fetched Whole Outlives Its Mailbox
    Open Test Mailbox    outlived@example.com    alias=first
    Deliver Email    to=outlived@example.com    subject=Hello    text=See https://shop.example/ for more.
    ${email} =    Wait For Email    subject=Hello
    Open Test Mailbox    other@example.com    alias=other
    The Email Can Be Read    ${email}
    Run Keyword And Expect Error
    ...    This email is of folder 'INBOX' of outlived@example.com on *, which is open as mailbox 'first', but *
    ...    Get Email Body    ${email}
    Close Mailbox    first
    The Email Can Be Read    ${email}
    Run Keyword And Expect Error
    ...    This email is of folder 'INBOX' of outlived@example.com on *, whose mailbox is closed, and it is to be *
    ...    Get Email Link    ${email}
    Close Mailbox
    The Email Can Be Read    ${email}

An Email That Was Not Fetched Whole Does Not
    Open Test Mailbox    outlived@example.com
    Deliver Large Email    1    to=outlived@example.com
    ${email} =    Wait For Email    has_attachments=True    status=UNSEEN
    Close Mailbox
    Run Keyword And Expect Error
    ...    This email is of folder 'INBOX' of outlived@example.com on *, whose mailbox is closed, and not all *
    ...    Save Email    ${email}    ${OUTPUT DIR}/large.eml    overwrite=True

Closing All Is Silent When Nothing Is Open
    Close All Mailboxes
    Close All Mailboxes

Closing Expunges Nothing
    [Documentation]    imaplib's CLOSE would expunge emails that are flagged as deleted.
    Open Test Mailbox    keeper@example.com
    Deliver Email    to=keeper@example.com    subject=Keep me
    ${email} =    Wait For Email
    Flag As Deleted    keeper@example.com    ${email.uid}
    Close Mailbox
    Open Mailbox    ${HOST}    keeper@example.com    ${PASSWORD}    port=${IMAP_PORT}    security=NONE
    ${email} =    Wait For Email    subject=Keep me    status=DELETED    timeout=0
    Should Be Equal    ${email.subject}    Keep me


*** Keywords ***
The Email Can Be Read
    [Arguments]    ${email}
    Get Email Subject    ${email}    equal    Hello
    Get Email Link    ${email}    equal    https://shop.example/    mark_as_read=False
    ${path} =    Save Email    ${email}    ${OUTPUT DIR}/outlived.eml    overwrite=True
    ${loaded} =    Load Email    ${path}
    Email Subject Should Be    ${loaded}    Hello
    Log Email    ${email}

Get Fresh Token
    RETURN    ${PASSWORD}
