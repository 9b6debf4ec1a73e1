*** Settings ***
Documentation    What a user reads when something is wrong.

Resource         ../resources/mailbox.resource

Test Teardown    Close All Mailboxes


*** Test Cases ***
Unknown Host
    Run Keyword And Expect Error
    ...    Could not connect to imap.invalid port 993: the host name is unknown *
    ...    Open Mailbox    imap.invalid    qa@example.com    ${PASSWORD}

Host With More Than Its Name
    Run Keyword And Expect Error
    ...    The argument host takes a name or an address alone. Give host=${HOST} and port=${IMAP_PORT}.
    ...    Open Mailbox    imap://${HOST}:${IMAP_PORT}    qa@example.com    ${PASSWORD}

Refused Port
    Run Keyword And Expect Error
    ...    Could not connect to 127.0.0.1 port 1: *Is the server running, and are host and port right?
    ...    Open Mailbox    127.0.0.1    qa@example.com    ${PASSWORD}    port=1

TLS To A Port For Plain Text
    Run Keyword And Expect Error
    ...    Could not speak TLS with ${HOST} port ${IMAP_PORT}: *try security=STARTTLS or security=NONE.
    ...    Open Mailbox    ${HOST}    qa@example.com    ${PASSWORD}    port=${IMAP_PORT}

Plain Text To A Port For TLS
    Run Keyword And Expect Error
    ...    No usable greeting came from ${HOST} port ${IMAPS_PORT}: *try security=TLS.
    ...    Open Mailbox    ${HOST}    qa@example.com    ${PASSWORD}
    ...    port=${IMAPS_PORT}    security=NONE    timeout=2 s

Certificate That Nobody Vouches For
    Run Keyword And Expect Error
    ...    The certificate of ${HOST} port ${IMAPS_PORT} is not trusted: *verify=False*
    ...    Open Mailbox    ${HOST}    qa@example.com    ${PASSWORD}    port=${IMAPS_PORT}

Wrong Password
    Create Account    qa@example.com
    ${failure} =    Run Keyword And Expect Error
    ...    Could not log in as qa@example.com on ${HOST}: NO *
    ...    Open Mailbox    ${HOST}    qa@example.com    wr0ng-passw0rd
    ...    port=${IMAP_PORT}    security=NONE
    Should Not Contain    ${failure}    wr0ng-passw0rd

Misspelt Argument
    Run Keyword And Expect Error
    ...    `Open Mailbox` has no argument 'secruity'. Did you mean 'security'? *
    ...    Open Mailbox    ${HOST}    qa@example.com    ${PASSWORD}    secruity=NONE

Argument That Is None Of A Few Words
    Run Keyword And Expect Error
    ...    *'on_multiple' got value 'FIRST' that *Available: 'FAIL', 'NEWEST' and 'OLDEST'
    ...    Wait For Email    on_multiple=FIRST
    Run Keyword And Expect Error
    ...    *'provider' got value 'GOOGLE' that *Available: 'GMAIL', 'OUTLOOK' and 'YAHOO'
    ...    Open Mailbox    user=qa@example.com    password=${PASSWORD}    provider=GOOGLE

Argument That Is None
    FOR    ${name}    IN    host    user    password
        VAR    &{arguments}    host=${HOST}    user=qa@example.com    password=any    ${name}=${NONE}
        Run Keyword And Expect Error
        ...    The argument ${name} is missing or empty. If it comes from a variable, the variable *
        ...    Open Mailbox    &{arguments}
    END
    Run Keyword And Expect Error
    ...    An email needs one sender, and here are none. Give it as sender=.
    ...    Send Email    host=${HOST}    sender=${NONE}    to=qa@example.com    text=Hello!
    Create Account    qa@example.com
    ${alias} =    Open Mailbox    ${HOST}    qa@example.com    ${PASSWORD}
    ...    port=${IMAP_PORT}    security=NONE
    ...    folder=${NONE}    alias=${NONE}    verify=${NONE}    access_token=${NONE}    proxy=${NONE}
    Should Be Equal    ${alias}    qa@example.com
    ${email} =    Append Email    sender=${NONE}    to=${NONE}    subject=${NONE}    text=Hello!    flags=${NONE}
    Should Be Empty    ${email.subject}
    Should Be Empty    ${email.recipients}

Certificates Are Not Left Unchecked By A Variable Without A Value
    FOR    ${empty}    IN    ${EMPTY}    ${SPACE}
        Run Keyword And Expect Error
        ...    The argument verify is missing or empty. If it comes from a variable, the variable *
        ...    Open Mailbox    ${HOST}    qa@example.com    any    port=${IMAPS_PORT}    verify=${empty}
    END

Argument That Is No Time
    FOR    ${time}    IN    abc    1,5    PT2S    ${EMPTY}
        Run Keyword And Expect Error
        ...    *'timeout' got value '${time}' that * timedelta: Write it like 30 s, 2 min or 0:02:00.
        ...    Wait For Email    timeout=${time}
    END

Nothing Open
    Run Keyword And Expect Error    No mailbox is open. Use `Open Mailbox` first.    Wait For Email

Unknown Alias
    Open Test Mailbox    alias=customer
    Run Keyword And Expect Error
    ...    No mailbox with the alias 'costumer' is open. Did you mean 'customer'? Open are: customer.
    ...    Mark All As Read    mailbox=costumer

Alias That Is Taken
    Open Test Mailbox    alias=customer
    Run Keyword And Expect Error
    ...    A mailbox with the alias 'customer' is open already. *
    ...    Open Test Mailbox    alias=customer

Misspelt Criterion
    Open Test Mailbox
    Run Keyword And Expect Error
    ...    `Wait For Email` has no argument 'subjct'. Did you mean 'subject'? *
    ...    Wait For Email    subjct=Hello

Empty Criterion
    Open Test Mailbox
    Run Keyword And Expect Error
    ...    The criterion subject is empty, which would match every email. *
    ...    Wait For Email    subject=${EMPTY}

Command In A Criterion
    Open Test Mailbox
    Run Keyword And Expect Error
    ...    The criterion subject contains a carriage return, *Nothing was sent.
    ...    Wait For Email    subject=x"\r\nZZ1 DELETE INBOX

Command In A Folder Name
    Run Keyword And Expect Error
    ...    The folder contains a line feed, *Nothing was sent.
    ...    Open Mailbox    ${HOST}    qa@example.com    ${PASSWORD}    folder=INBOX\nZZ1 NOOP
