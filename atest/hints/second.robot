*** Settings ***
Documentation    One of two suites that call the same old keywords, in each of two tests.

Resource         old.resource


*** Test Cases ***
In A Test
    Call Old Keywords

In Another Test
    Call Old Keywords
