*** Settings ***
Documentation    The rows of ``docs/migrating.rst``: what suites call in other libraries, and here.
...
...              ``python utest/test_migrating_guide.py`` writes this file.

Library          ../resources/Proxies.py
Resource         ../resources/mailbox.resource

Test Setup       Open Mailbox With Order
Test Teardown    Close All Mailboxes


*** Test Cases ***
01 Open Mailbox Of The Older Libraries
    Open Mailbox    ${HOST}    ${USER}    ${PASSWORD}    is_secure=False    port=${IMAP_PORT}
    Open Mailbox    ${HOST}    ${USER}    ${PASSWORD}    security=NONE    port=${IMAP_PORT}

02 Open Mailbox Of The Older Libraries
    Open Mailbox    server=${HOST}    user=${USER}    password=${PASSWORD}    is_secure=no    port=${IMAP_PORT}
    Open Mailbox    host=${HOST}    user=${USER}    password=${PASSWORD}    security=NONE    port=${IMAP_PORT}

03 Open Mailbox Of The Older Libraries
    Open Mailbox    host=${HOST}    user=${USER}    password=${PASSWORD}    ssl=False    port=${IMAP_PORT}
    Open Mailbox    host=${HOST}    user=${USER}    password=${PASSWORD}    security=NONE    port=${IMAP_PORT}

04 Wait For Mail Of The Older Libraries
    Wait For Mail    noreply@shop.example    qa@example.com    UNSEEN    60
    Wait For Email    sender=noreply@shop.example    recipient=qa@example.com    status=UNSEEN    timeout=60

05 Wait For Email Of The Older Libraries
    Wait For Email    fromEmail=noreply@shop.example    toEmail=qa@example.com
    Wait For Email    sender=noreply@shop.example    recipient=qa@example.com

06 Wait For Email Of The Older Libraries
    Wait For Email    from_email=noreply@shop.example    to_email=qa@example.com
    Wait For Email    sender=noreply@shop.example    recipient=qa@example.com

07 Wait For Email Of The Older Libraries
    Run Keyword And Expect Error    *The criterion sender is empty*    Wait For Email    sender=${EMPTY}    subject=Your order
    Wait For Email    subject=Your order

08 Wait For Email Of The Older Libraries
    Run Keyword And Expect Error    *There is no status 'MESSAGES'*    Wait For Email    status=MESSAGES
    Wait For Email    status=ALL

09 Wait For Email Of The Older Libraries
    Run Keyword And Expect Error    *has no argument 'tiemout'. Did you mean 'timeout'[?]*    Wait For Email    subject=Your order    tiemout=60
    Wait For Email    subject=Your order    timeout=60

10 Get Email Body Of The Older Libraries
    Get Email Body    email_index=${email}
    Get Email Body    ${email}

11 Get Multipart Payload Of The Older Libraries
    Walk Multipart Email    ${email}
    Walk Multipart Email    ${email}
    Walk Multipart Email    ${email}
    Get Multipart Payload    decode=True
    Get Email Body    ${email}

12 Get Multipart Field Of The Older Libraries
    Walk Multipart Email    ${email}
    Get Multipart Field    Subject
    Get Email Header    ${email}    Subject

13 Get Multipart Field Names Of The Older Libraries
    Walk Multipart Email    ${email}
    Get Multipart Field Names
    Log    ${email.headers}

14 Get Multipart Content Type Of The Older Libraries
    Walk Multipart Email    ${email}
    Get Multipart Content Type
    Get Email Header    ${email}    Content-Type    default=text/plain

15 Get Links From Email Of The Older Libraries
    Get Links From Email    ${email}
    Get Email Links    ${email}

16 Open Link From Email Of The Older Libraries
    Run Keyword And Expect Error    *Link number 7 not found!*    Open Link From Email    ${email}    7
    Get Email Links    ${email}

17 Open Link From Mail Of The Older Libraries
    Run Keyword And Expect Error    *Link number 7 not found!*    Open Link From Mail    ${email}    link_index=7
    Get Email Links    ${email}

18 Get Matches From Email Of The Older Libraries
    Get Matches From Email    ${email}    \\d{4}
    Get Email Body    ${email}

19 Mark All Emails As Read Of The Older Libraries
    Mark All Emails As Read
    Mark All As Read

20 Mark As Read Of The Older Libraries
    Mark As Read
    Mark All As Read

21 Mark Email As Read Of The Older Libraries
    Mark Email As Read    email_index=${email}
    Mark Email As Read    ${email}

22 Delete Email Of The Older Libraries
    Delete Email    email_index=${email}
    Delete Email    ${email}

23 Delete All Emails Of The Older Libraries
    Delete All Emails

24 Close Mailbox Of The Older Libraries
    Close Mailbox

25 Wait For Email Of ImapLibrary2
    Wait For Email    cc_email=boss@example.com
    Wait For Email    cc=boss@example.com

26 Wait For Email Of ImapLibrary2
    Wait For Email    subject=Your order    utf-8=True
    Wait For Email    subject=Your order

27 Wait For Email Of ImapLibrary2
    Wait For Email    sentsince=03-Mar-2014    since=03-Mar-2014
    Wait For Email    sent_since=2014-03-03    since=2014-03-03

28 Get Email Count Of ImapLibrary2
    Get Email Count    sentbefore=03-Mar-2014
    Get Email Count    sent_before=2014-03-03

29 Get Email Count Of ImapLibrary2
    Get Email Count    senton=24-Mar-2026
    Get Email Count    sent_on=2026-03-24

30 Wait For Email Of ImapLibrary2
    Wait For Email    subject=Your order    folder=INBOX

31 Get Email Count Of ImapLibrary2
    Get Email Count
    Get Email Count    status=UNSEEN

32 Get Attachments From Email Of ImapLibrary2
    Get Attachments From Email    email_index=${email}    target_folder=${OUTPUT_DIR}/old
    Save Email Attachments    ${email}    ${OUTPUT_DIR}/new    inline=True    overwrite=True

33 Get Multipart Param Of ImapLibrary2
    Walk Multipart Email    ${email}
    Get Multipart Param    boundary
    Get Email Header    ${email}    Content-Type

34 Open Mailbox Oauth Of ImapLibrary2
    [Tags]    not-cyrus    not-courier
    Open Mailbox Oauth    host=${HOST}    user=${USER}    access_token=${TOKEN}    security=NONE    port=${IMAP_PORT}    debug_level=2
    Open Mailbox    ${HOST}    ${USER}    access_token=${TOKEN}    security=NONE    port=${IMAP_PORT}

35 Open Mailbox Of ImapLibrary2
    Open Mailbox    host=${HOST}    user=${USER}    password=${PASSWORD}    is_secure=False    port=${IMAP_PORT}    proxy_host=127.0.0.1    proxy_port=${PROXY_PORT}    proxy_type=socks5
    Open Mailbox    ${HOST}    ${USER}    ${PASSWORD}    security=NONE    port=${IMAP_PORT}    proxy=socks5://127.0.0.1:${PROXY_PORT}

36 Authorize Imap Of RPA
    Open Mailbox    ${HOST}    ${USER}    ${PASSWORD}    security=NONE    port=${IMAP_PORT}

37 List Messages Of RPA
    Find Emails    subject=Your order

38 List Messages Of RPA
    Find Emails    search=UNSEEN FROM noreply@shop.example

39 Wait For Message Of RPA
    Wait For Email    subject=Your order    timeout=5 min    poll_frequency=5 s

40 Save Attachments Of RPA
    Save Email Attachments    ${email}    ${OUTPUT_DIR}/rpa

41 Save Attachment Of RPA
    Save Email Attachments    ${email}    ${OUTPUT_DIR}/rpa    overwrite=True

42 Save Messages Of RPA
    Save Email    ${email}    ${OUTPUT_DIR}/rpa/order.eml    overwrite=True

43 Convert Eml File Into Message Of RPA
    Load Email    ${FILE}

44 Mark As Read Of RPA
    Mark Email As Read    subject=Your order

45 Mark As Unread Of RPA
    Mark Email As Unread    subject=Your order

46 Flag Messages Of RPA
    Flag Email    subject=Your order

47 Unflag Messages Of RPA
    Unflag Email    subject=Your order

48 Move Messages Of RPA
    [Tags]    not-courier
    Create Folder    Archive
    Move Email    subject=Your order    folder=Archive

49 Move Messages By Ids Of RPA
    [Tags]    not-courier
    Create Folder    Archive
    Move Email    header=Message-ID: order-4711@shop.example    folder=Archive

50 Delete Message Of RPA
    Delete Email    ${email}

51 Delete Messages Of RPA
    Delete Emails    subject=Your order

52 Get Folder List Of RPA
    List Folders

53 Select Folder Of RPA
    Select Folder    INBOX

54 Delete Folder Of RPA
    [Tags]    not-courier
    Create Folder    Orders
    Rename Folder    Orders    Done
    Delete Folder    Done

55 Log Of RPA
    Get Email Body    ${email}

*** Keywords ***
Open Mailbox With Order
    Open Test Mailbox
    Deliver Raw Email    ${CURDIR}/../resources/order.eml    to=${ADDRESS}
    ${email} =    Wait For Email    subject=Your order
    VAR    ${email}    ${email}    scope=TEST
    ${port} =    Start Proxy    socks5
    VAR    ${USER}    ${ADDRESS}    scope=TEST
    VAR    ${FILE}    ${CURDIR}/../resources/order.eml    scope=TEST
    VAR    ${TOKEN}    ${PASSWORD}    scope=TEST
    VAR    ${PROXY_PORT}    ${port}    scope=TEST
