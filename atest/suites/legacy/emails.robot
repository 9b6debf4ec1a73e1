*** Settings ***
Documentation    What suites of older libraries do with the email that a wait returned.

Library          Collections
Library          OperatingSystem
Library          ../../resources/WebSite.py
Resource         ../../resources/mailbox.resource

Test Setup       Open Test Mailbox
Test Teardown    Close All Mailboxes


*** Test Cases ***
What Wait For Email Returns Is A UID Everywhere
    Deliver Email    to=${ADDRESS}    subject=Index
    ${LATEST} =    Wait For Email    subject=Index
    VAR    ${uid}    ${{int($LATEST)}}
    Should Be Equal    ${LATEST}    ${uid}
    Should Be Equal    ${LATEST}    ${{str($uid)}}
    Should Be Equal    ${LATEST}    ${{str($uid).encode()}}
    Should Be Equal As Integers    ${LATEST}    ${uid}
    Should Be Equal As Strings    ${LATEST}    ${uid}
    Should Be True    ${LATEST} > 0
    Should Be Equal    UID ${LATEST}    UID ${uid}
    VAR    @{indexes}    ${LATEST}
    Should Contain    ${indexes}    ${LATEST}
    List Should Contain Value    ${indexes}    ${LATEST}
    VAR    ${LAST}    ${LATEST}    scope=SUITE

It Is So In The Next Test, Too
    Should Be True    ${LAST} > 0
    Should Be Equal    ${LAST.subject}    Index

A UID Is Read In Any Form
    Deliver Email    to=${ADDRESS}    text=By UID
    ${LATEST} =    Wait For Email
    FOR    ${index}    IN    ${LATEST}    ${LATEST.uid}    ${{str($LATEST)}}    ${{str($LATEST).encode()}}
        ${body} =    Get Email Body    email_index=${index}
        Should Be Equal    ${body}    By UID
        ${matches} =    Get Matches From Email    ${index}    UID|By
        Should Be Equal    ${matches}    ${{['By', 'UID']}}
        ${links} =    Get Links From Email    email_index=${index}
        Should Be Empty    ${links}
        ${paths} =    Get Attachments From Email    email_index=${index}    target_folder=${OUTPUT DIR}
        Should Be Empty    ${paths}
    END

Every Keyword That Reads Takes A UID As Bytes
    ${index} =    Receive The Order
    VAR    ${path}    ${OUTPUT DIR}/uid/${SERVER}
    Remove Directory    ${path}    recursive=True
    FOR    ${keyword}    ${argument}    IN
    ...    Get Email Text    ${NONE}
    ...    Get Email Code    ${NONE}
    ...    Get Email Link    ${NONE}
    ...    Get Email Links    ${NONE}
    ...    Get Email Header    Subject
    ...    Get Email Headers    Received
    ...    Get Email Attachments    ${NONE}
    ...    Get Attachment Content    ${NONE}
    ...    Save Email Attachments    ${path}
    ...    Save Email    ${path}/email.eml
    ...    Save Email As HTML    ${path}/email.html
    ...    Get Email Flags    ${NONE}
    ...    Email Should Be Read    ${NONE}
        Run Keyword    ${keyword}    ${index}    @{{[$argument] if $argument else []}}
    END

Every Keyword That Changes Takes A UID As Bytes
    ${index} =    Receive The Order
    Create Folder    ${ROOT}Archive
    FOR    ${keyword}    ${argument}    IN
    ...    Flag Email    ${NONE}
    ...    Email Should Be Flagged    ${NONE}
    ...    Unflag Email    ${NONE}
    ...    Email Should Not Be Flagged    ${NONE}
    ...    Mark Email As Unread    ${NONE}
    ...    Email Should Be Unread    ${NONE}
    ...    Copy Email    ${ROOT}Archive
    ...    Move Email    ${ROOT}Archive
        Run Keyword    ${keyword}    ${index}    @{{[$argument] if $argument else []}}
    END
    ${count} =    Get Email Count    status=ALL
    Should Be Equal    ${count}    ${0}

An Email Is Marked And Deleted By Its UID In Any Form
    Deliver Email    to=${ADDRESS}    count=4
    ${emails} =    Wait For Emails    count=4    settle=0
    VAR    @{uids}    ${emails}[0]    ${emails[1].uid}    ${{str($emails[2])}}    ${{str($emails[3]).encode()}}
    FOR    ${index}    ${left}    IN ZIP    ${uids}    ${{[3, 2, 1, 0]}}
        Mark Email As Read    ${index}
        ${count} =    Get Email Count    status=UNSEEN
        Should Be Equal    ${count}    ${left}
    END
    FOR    ${index}    ${left}    IN ZIP    ${uids}    ${{[3, 2, 1, 0]}}
        Delete Email    email_index=${index}
        ${count} =    Get Email Count    status=ALL
        Should Be Equal    ${count}    ${left}
    END

All Are Marked As Read
    Deliver Email    to=${ADDRESS}    subject=Unread    count=2
    Wait For Emails    count=2    settle=0
    ${count} =    Mark As Read
    Should Be Equal As Integers    ${count}    2
    ${count} =    Mark All Emails As Read
    Should Be Equal As Integers    ${count}    0

All Emails Are Marked, Not Those Of The Last Wait
    Deliver Email    to=${ADDRESS}    subject=First
    Deliver Email    to=${ADDRESS}    subject=Second
    Wait For Email    subject=First
    Wait For Email    subject=Second
    Mark All Emails As Read
    ${count} =    Get Email Count    status=UNSEEN
    Should Be Equal    ${count}    ${0}

All Emails Are Deleted, Not Those Of The Last Wait
    [Tags]    not-courier
    Deliver Email    to=${ADDRESS}    subject=First
    Deliver Email    to=${ADDRESS}    subject=Second
    Wait For Email    subject=First
    ${LATEST} =    Wait For Email    subject=Second
    Copy To New Folder    ${ADDRESS}    ${LATEST.uid}    Other
    Delete All Emails
    ${count} =    Get Email Count    status=ALL
    Should Be Equal    ${count}    ${0}
    ${count} =    Get Email Count    status=ALL    folder=Other
    Should Be Equal    ${count}    ${1}

Deleting An Email Expunges No Other
    Deliver Email    to=${ADDRESS}    subject=Flagged by another client
    Deliver Email    to=${ADDRESS}    subject=To be deleted
    ${flagged} =    Wait For Email    subject=Flagged
    ${LATEST} =    Wait For Email    subject=To be deleted
    Flag As Deleted    ${ADDRESS}    ${flagged.uid}
    Delete Email    ${LATEST}
    Close Mailbox
    Open Mailbox    host=${HOST}    user=${ADDRESS}    password=${PASSWORD}    port=${IMAP_PORT}    is_secure=False
    ${count} =    Get Email Count    status=ALL
    Should Be Equal    ${count}    ${1}

Attachments Are Saved And Replace Files
    Deliver Raw Email    ${CURDIR}/../../resources/order.eml    to=${ADDRESS}
    ${LATEST} =    Wait For Email
    VAR    ${folder}    ${OUTPUT DIR}/legacy/${SERVER}
    Create File    ${folder}/invoice.pdf    old
    FOR    ${target}    IN    ${folder}    ${folder}/new
        ${paths} =    Get Attachments From Email    email_index=${LATEST}    target_folder=${target}
        Length Should Be    ${paths}    1
        ${content} =    Get Binary File    ${target}/invoice.pdf
        Should Be Equal    ${content}    ${{b'%PDF-1.7\n'}}
    END
    ${before} =    Evaluate    os.getcwd()
    Evaluate    os.chdir($folder)
    TRY
        Remove File    ${folder}/invoice.pdf
        Get Attachments From Email    email_index=${LATEST}
    FINALLY
        Evaluate    os.chdir($before)
    END
    File Should Exist    ${folder}/invoice.pdf

Links Are Found By Their Position
    Deliver Email
    ...    to=${ADDRESS}
    ...    text=https://shop.example/text
    ...    html=<a href="https://shop.example/?a=1&amp;b=2">1</a><a href="mailto:a@b.example">2</a><a href="https://shop.example/?a=1&amp;b=2">3</a>
    ${LATEST} =    Wait For Email
    ${links} =    Get Links From Email    ${LATEST}
    Should Be Equal
    ...    ${links}
    ...    ${{["https://shop.example/?a=1&b=2", "mailto:a@b.example", "https://shop.example/?a=1&b=2"]}}
    Run Keyword And Expect Error    Link number 3 not found!*    Open Link From Mail    ${LATEST}    link_index=3
    Deliver Email    to=${ADDRESS}    subject=Text    text=See https://shop.example/text.
    ${LATEST} =    Wait For Email    subject=Text
    ${links} =    Get Links From Email    ${LATEST}
    Should Be Equal    ${links}    ${{["https://shop.example/text"]}}

Links Are Opened By Their Position
    ${site} =    Start Web Site
    VAR    ${more}    <a href="mailto:a@b.example">3</a> <a href=${site}/file>4</a>
    Deliver Email
    ...    to=${ADDRESS}
    ...    html=<a href="${site}/welcome">0</a> <a href="${site}/latin">1</a> <a href="${site}/gone">2</a> ${more}
    ${LATEST} =    Wait For Email
    ${page} =    Open Link From Email    ${LATEST}
    Should Be Equal    ${page}    <p>Welcome stranger</p>
    ${page} =    Open Link From Mail    email_index=${LATEST}    link_index=0
    Should Be Equal    ${page}    <p>Welcome stranger</p>
    ${page} =    Open Link From Email    ${LATEST}    1
    Should Be Equal    ${page}    Grün
    Run Keyword And Expect Error    The link led to an error: ${site}/gone: status 404.
    ...    Open Link From Email    ${LATEST}    2
    Run Keyword And Expect Error    'mailto:a@b.example' can't be opened: only http and https can.
    ...    Open Link From Mail    ${LATEST}    3
    Run Keyword And Expect Error    *redirects to 'file:///etc/passwd'. Only http and https are followed.
    ...    Open Link From Email    ${LATEST}    4

A Page That Does Not Come Is Not Waited For
    ${site} =    Start Web Site
    Deliver Email    to=${ADDRESS}    html=<a href="${site}/stuck">Confirm</a>
    ${LATEST} =    Wait For Email
    Run Keyword And Expect Error    ${site}/stuck could not be opened: *within 30 seconds*
    ...    Open Link From Email    ${LATEST}


*** Keywords ***
Receive The Order
    [Documentation]    Returns its UID as bytes, as the older libraries do.
    Deliver Raw Email    ${CURDIR}/../../resources/order.eml    to=${ADDRESS}
    ${email} =    Wait For Email    subject=Your order
    RETURN    ${{str($email).encode()}}
