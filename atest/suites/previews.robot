*** Settings ***
Documentation    What the log shows of emails. Each test runs another suite and looks at its output.

Library          OperatingSystem
Library          Process
Resource         ../resources/mailbox.resource
Library          ../resources/LogReader.py

Test Teardown    Close All Mailboxes


*** Test Cases ***
Emails Are Shown As Files Beside The Log
    ${output} =    Run The Suite    files
    An Email Is Shown Once    ${output}
    So Are Emails That Were Made And Loaded    ${output}
    At Most Ten Are Shown At A Time    ${output}
    Near Misses Are Shown    ${output}
    The Log Has The Story Of Waits At Once    ${output}
    What Is Missing Is Fetched On Demand    ${output}
    ${text} =    Get File    ${output}
    Should Not Contain    ${text}    data:image
    ${count} =    Count Files In Directory    ${OUTPUT DIR}/previews/files/email-previews    *.html
    Should Be True    ${count} >= 6

Emails Are Shown In The Log Itself
    ${output} =    Run The Suite    embedded    EMBEDDED:True
    ${html} =    Get Shown Emails    ${output}    Returned    Wait For Email
    Should Contain    ${html}[0]    srcdoc="&lt;!DOCTYPE html&gt;
    Should Contain    ${html}[0]    data:image/png;base64,
    Should Not Contain    ${html}[0]    email-previews
    Directory Should Not Exist    ${OUTPUT DIR}/previews/embedded/email-previews

No Email Is Shown
    ${output} =    Run The Suite    none    PREVIEWS:False
    ${html} =    Get Shown Emails    ${output}    Returned    Wait For Email
    Should Be Equal    ${html}    ${{["", ""]}}
    ${html} =    Get Shown Emails    ${output}    On Demand    Log Email
    Should Be Equal    ${html}    ${{[""]}}
    ${html} =    Get Shown Emails    ${output}    Failed    Wait For Email
    Should Contain    ${html}[1]    <td>Receipt</td>
    Should Not Contain    ${html}[1]    Show the email
    Directory Should Not Exist    ${OUTPUT DIR}/previews/none/email-previews


*** Keywords ***
Run The Suite
    [Documentation]    Runs the other suite in a new mailbox, and returns the path of its output.
    [Arguments]    ${name}    @{settings}
    Open Test Mailbox
    VAR    ${folder}    ${OUTPUT DIR}/previews/${name}
    Remove Directory    ${folder}    recursive=True
    Create Directory    ${folder}
    VAR    @{variables}    @{EMPTY}
    FOR    ${variable}    IN    HOST    IMAP_PORT    DELIVERY    DELIVERY_PORT    PASSWORD    EMAILS    ROOT
        VAR    @{variables}    @{variables}    --variable    ${variable}:${${variable}}
    END
    FOR    ${setting}    IN    @{settings}
        VAR    @{variables}    @{variables}    --variable    ${setting}
    END
    ${run} =    Run Process    ${{sys.executable}}    -m    robot
    ...    @{variables}    --variable    SHARED:${ADDRESS}
    ...    --outputdir    ${folder}    ${CURDIR}/../shown/emails.robot
    ...    stdout=${folder}/robot.txt    stderr=STDOUT
    Should Be Equal As Integers    ${run.rc}    0    ${run.stdout}
    RETURN    ${folder}/output.xml

The Log Has The Story Of Waits At Once
    [Arguments]    ${output}
    ${lines} =    Get Messages    ${output}    Raced    Wait For Email In Any Mailbox
    Should Contain    ${lines}    In mailbox 'again': The time is up: the last look.

An Email Is Shown Once
    [Arguments]    ${output}
    ${waits} =    Get Shown Emails    ${output}    Returned    Wait For Email
    Should Contain    ${waits}[0]    <td>測試信件</td>
    Should Contain    ${waits}[0]    <summary>Show the email</summary>
    Should Be Empty    ${waits}[1]
    ${pages} =    Get Pages    ${output}    ${waits}[0]
    Length Should Be    ${pages}    1
    Should Contain    ${pages}[0]    &lt;img src=&quot;data:image/png;base64,iVBORw0KGgo
    Should Contain    ${pages}[0]    您好，\n這是一封測試信件。
    ${copies} =    Get Shown Emails    ${output}    Returned    Copy Email
    Should Be Equal    ${copies}    ${{[""]}}

So Are Emails That Were Made And Loaded
    [Arguments]    ${output}
    ${appended} =    Get Shown Emails    ${output}    Returned    Append Email
    Should Contain    ${appended}[0]    <td>Appended</td>
    ${loaded} =    Get Shown Emails    ${output}    Returned    Load Email
    Should Contain    ${loaded}[0]    <summary>Show the email</summary>

At Most Ten Are Shown At A Time
    [Arguments]    ${output}
    ${listed} =    Get Shown Emails    ${output}    Listed    Wait For Emails
    Should Contain X Times    ${listed}[0]    <td>Listed</td>    10
    Should Contain    ${listed}[0]    </table><p>and 2 more</p>

Near Misses Are Shown
    [Arguments]    ${output}
    ${waits} =    Get Shown Emails    ${output}    Failed    Wait For Email
    Should Contain    ${waits}[1]    <td>Receipt</td><td>body &#x27;Invoice&#x27;</td>
    ${pages} =    Get Pages    ${output}    ${waits}[1]
    Should Contain    ${pages}[0]    &lt;p&gt;Your receipt&lt;/p&gt;
    Should Contain    ${waits}[3]    <td>Reminder</td><td>subject &#x27;Remainder&#x27;</td>
    ${pages} =    Get Pages    ${output}    ${waits}[3]
    Should Contain    ${{''.join($pages)}}    &lt;p&gt;Your reminder&lt;/p&gt;

What Is Missing Is Fetched On Demand
    [Arguments]    ${output}
    ${html} =    Get Shown Emails    ${output}    On Demand    Log Email
    Should Contain    ${html}[0]    large.bin (application/octet-stream)
    ${pages} =    Get Pages    ${output}    ${html}[0]
    Should Contain    ${pages}[0]    img src=&quot;data:image/png;base64,iVBORw
