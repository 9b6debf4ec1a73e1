*** Settings ***
Documentation     Someone signs up in a browser, opens the email there, and clicks the button in it.

Library           WebShop.py
Resource          ../mail_server.resource
Resource          chromium.resource

Suite Setup       Open Everything
Suite Teardown    Close Everything
Test Setup        Sign Up And Open The Email

Test Tags         browser


*** Test Cases ***
The Button In The Email Confirms The Address
    Click Link    Confirm your address
    Wait Until Page Contains    Thank you!
    Page Should Contain    visitor@example.com is confirmed.
    Location Should Contain    ${SHOP}/confirm

The Button Works Once
    Click Link    Confirm your address
    Wait Until Page Contains    Thank you!
    Go Back
    Click Link    Confirm your address
    Wait Until Page Contains    This link was used already.

The Shop Does Not Learn That The Email Was Opened
    [Documentation]    There is an image in the email for that. The saved file does not load it.
    @{visited} =    Visited Pages
    Should Not Contain    ${visited}    /opened.gif


*** Keywords ***
Sign Up And Open The Email
    ${mark} =    Get Mailbox Mark
    Go To    ${SHOP}
    Input Text    name:address    visitor@example.com
    Click Button    Sign up
    ${email} =    Wait For Email    subject=Confirm your address    after=${mark}
    ${path} =    Save Email As HTML    ${email}    ${OUTPUT_DIR}/confirm.html    overwrite=True
    Go To    ${{pathlib.Path($path).as_uri()}}
    Capture Page Screenshot

Open Everything
    Open Server And Mailbox    visitor@example.com
    ${shop} =    Open Shop    ${SERVER.host}    ${SERVER.smtp_port}
    VAR    ${SHOP}    ${shop}    scope=SUITE
    Open Chromium    ${SHOP}

Close Everything
    Close Chromium
    Close Shop
    Close All Mailboxes
