*** Settings ***
Documentation    Suites that run in parallel, by pabot, against one mailbox: on one machine, and in shards.

Library          Collections
Library          OperatingSystem
Library          Process
Resource         ../resources/mailbox.resource

Test Teardown    Close All Mailboxes


*** Variables ***
${PROCESSES}    8
${TESTS}        25
@{ALL_TESTS}    @{{[f'Test {number}' for number in range(1, 26)]}}


*** Test Cases ***
Many Processes Share A Mailbox Without Crosstalk
    [Documentation]    No test sees the email of another, and none is lost.
    Open Test Mailbox
    VAR    ${folder}    ${OUTPUT DIR}/parallel
    VAR    @{copies}    @{EMPTY}
    FOR    ${number}    IN RANGE    ${PROCESSES}
        Create File    ${folder}/${number}.args    --metadata\nCopy:${number}\n
        VAR    @{copies}    @{copies}    --argumentfile${number + 1}    ${folder}/${number}.args
    END
    ${output} =    Run Pabot    ${folder}    --processes    ${PROCESSES}    @{copies}
    Should Contain    ${output}    ${${PROCESSES} * ${TESTS}} passed, 0 failed
    ${count} =    Get Email Count    subject=Confirm your address
    Should Be Equal As Integers    ${count}    ${${PROCESSES} * ${TESTS}}

Two Shards Run Every Test Once Without Crosstalk
    [Documentation]    As on two machines: one shard knows nothing of the other.
    Open Test Mailbox
    VAR    ${folder}    ${OUTPUT DIR}/shards
    @{first} =    Run Shard    1/2    ${folder}/1
    @{second} =    Run Shard    2/2    ${folder}/2
    Should Not Be Empty    ${first}
    Should Not Be Empty    ${second}
    # Merging would hide a test that ran in both.
    Lists Should Be Equal    ${{$first + $second}}    ${ALL_TESTS}    ignore_order=True
    @{merged} =    Merge Results    ${folder}    1    2
    Lists Should Be Equal    ${merged}    ${ALL_TESTS}    ignore_order=True
    ${emails} =    Find Emails
    Length Should Be    ${emails}    ${TESTS}
    Length Should Be    ${{{email.to[0].address for email in $emails}}}    ${TESTS}


*** Keywords ***
Run Pabot
    [Documentation]    Runs ``parallel/`` on the mailbox, with a folder of its own, and returns what is printed.
    [Arguments]    ${folder}    @{options}
    Create Directory    ${folder}
    VAR    @{variables}    @{EMPTY}
    FOR    ${name}    IN    HOST    IMAP_PORT    DELIVERY    DELIVERY_PORT    PASSWORD
        VAR    @{variables}    @{variables}    --variable    ${name}:${${name}}
    END
    ${run} =    Run Process    ${{sys.executable}}    -m    pabot.pabot
    ...    --command    ${{sys.executable}}    -m    robot    --end-command    --no-pabotlib    @{options}
    ...    @{variables}    --variable    SHARED:${ADDRESS}
    ...    --outputdir    ${folder}    ${CURDIR}/../parallel
    ...    cwd=${folder}    stdout=${folder}/pabot.txt    stderr=STDOUT
    Log    ${run.stdout}
    IF    0 < ${run.rc} < 250
        ${failures} =    Failures In    ${folder}/output.xml
        Fail    ${failures}
    END
    Should Be Equal As Integers    ${run.rc}    0    ${run.stdout}
    RETURN    ${run.stdout}

Run Shard
    [Documentation]    Returns the names of the tests that passed.
    [Arguments]    ${shard}    ${folder}
    Run Pabot    ${folder}    --shard    ${shard}    --testlevelsplit    --chunk    --processes    4
    ${names} =    Tests That Passed    ${folder}/output.xml
    RETURN    ${names}

Merge Results
    [Documentation]    Merges those in folders, and returns the names of the tests that passed.
    [Arguments]    ${folder}    @{shards}
    ${run} =    Run Process    ${{sys.executable}}    -m    robot.rebot    --merge
    ...    --outputdir    ${folder}    --output    output.xml    @{{[f"{name}/output.xml" for name in $shards]}}
    ...    cwd=${folder}    stderr=STDOUT
    Should Be Equal As Integers    ${run.rc}    0    ${run.stdout}
    ${names} =    Tests That Passed    ${folder}/output.xml
    RETURN    ${names}

Failures In
    [Documentation]    Returns what the tests that failed say, a paragraph for each.
    [Arguments]    ${output}
    ${result} =    Evaluate    robot.api.ExecutionResult($output)    modules=robot.api
    VAR    @{failures}    @{{[f"{test.name}: {test.message}" for test in $result.suite.all_tests if test.failed]}}
    ${text} =    Catenate    SEPARATOR=\n\n    @{failures}
    RETURN    ${text}

Tests That Passed
    [Arguments]    ${output}
    ${result} =    Evaluate    robot.api.ExecutionResult($output)    modules=robot.api
    RETURN    ${{[test.name for test in $result.suite.all_tests if test.passed]}}
