*** Settings ***
Documentation    Opening and closing mailboxes as suites of older libraries do.

Resource         ../../resources/mailbox.resource
Library          ../../resources/Proxies.py

Test Setup       Open Test Mailbox
Test Teardown    Close All Mailboxes


*** Test Cases ***
Truth Is What Robot Framework Takes For It
    FOR    ${value}    IN    False    false    no    0    ${False}    ${NONE}    ${EMPTY}
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

The Port Is That Of The Protection
    Run Keyword And Expect Error    Could not connect to imap.invalid port 993: *
    ...    Open Mailbox    host=imap.invalid    user=qa    password=x
    Run Keyword And Expect Error    Could not connect to imap.invalid port 993: *
    ...    Open Mailbox    host=imap.invalid    user=qa    password=x    is_secure=True
    Run Keyword And Expect Error    Could not connect to imap.invalid port 143: *
    ...    Open Mailbox    server=imap.invalid    user=qa    password=x    is_secure=False
    Run Keyword And Expect Error    Could not connect to imap.invalid port 993: *
    ...    Open Mailbox Oauth    host=imap.invalid    user=qa    access_token=x

A Token Logs In
    [Documentation]    The servers take the password for a token.
    [Tags]    not-cyrus    not-courier
    Open Mailbox Oauth
    ...    server=${HOST}
    ...    user=${ADDRESS}
    ...    access_token=${PASSWORD}
    ...    debug_level=0
    ...    port=${IMAP_PORT}
    ...    security=NONE
    Mark As Read

A Mailbox Behind A Proxy
    [Documentation]    Only the proxy can look the name up.
    Deliver Email    to=${ADDRESS}    subject=Behind the proxy
    FOR    ${kind}    ${proxy}    ${credentials}    IN
    ...    http    ${{dict(proxy_type='http', proxy_user='qa', proxy_password='p@ss:w/rd')}}    qa:p@ss:w/rd
    ...    http    ${{dict(proxy_username='qa', proxy_password='x')}}    qa:x
    ...    http    ${{dict(Proxy_Type='HTTP')}}    ${EMPTY}
    ...    socks4    ${{dict(proxy_type='socks4', proxy_user='qa')}}    qa
    ...    socks5    ${{dict(proxy_type='socks5', proxy_user='qa', proxy_password='x')}}    qa:x
    ...    socks5    ${{dict(proxy_type='SOCKS5')}}    ${EMPTY}
        ${proxy_port} =    Start Proxy    ${kind}
        Open Mailbox    host=imap.beyond.invalid    user=${ADDRESS}    password=${PASSWORD}    port=${IMAP_PORT}
        ...    is_secure=False    proxy_host=127.0.0.1    proxy_port=${proxy_port}
        ...    alias=behind    &{proxy}
        ${asked} =    Asked Of Proxy
        Should Be Equal    ${asked}    ${{('imap.beyond.invalid:${IMAP_PORT}', $credentials)}}
        Wait For Email    subject=Behind the proxy    timeout=60
        Close Mailbox
    END

TLS Through A Proxy
    FOR    ${kind}    IN    http    socks4    socks5
        ${proxy_port} =    Start Proxy    ${kind}
        Open Mailbox    server=${HOST}    user=${ADDRESS}    password=${PASSWORD}    port=${IMAPS_PORT}
        ...    is_secure=True    verify=${CA_FILE}
        ...    proxy_host=127.0.0.1    proxy_port=${proxy_port}    proxy_type=${kind}    alias=behind
        Mark All Emails As Read
        Close Mailbox
    END

A Proxy Is Asked
    Run Keyword And Expect Error    The proxy can't be reached. *127.0.0.1 port 1*
    ...    Open Mailbox    host=${HOST}    user=${ADDRESS}    password=x    proxy_host=127.0.0.1    proxy_port=1

Nothing Open Is A Clear Failure
    Close Mailbox
    Run Keyword And Expect Error    No mailbox is open. Use `Open Mailbox` first.    Close Mailbox
    Run Keyword And Expect Error    No mailbox is open. Use `Open Mailbox` first.    Walk Multipart Email    1
    Run Keyword And Expect Error    No mailbox is open. Use `Open Mailbox` first.    Get Multipart Payload
