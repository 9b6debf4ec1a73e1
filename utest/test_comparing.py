"""How texts and people compare."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ImapLibrary.errors import InvalidArgument
from ImapLibrary.mail.comparing import Manner, Pattern, fold
from ImapLibrary.mime.headers import Address

TEXTS = st.text(max_size=30)


class TestFold:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Your CODE", "your code"),
            ("Straße", "STRASSE"),
            ("İstanbul", "i\N{COMBINING DOT ABOVE}stanbul"),
            ("Caf\N{LATIN SMALL LETTER E WITH ACUTE}", "cafe\N{COMBINING ACUTE ACCENT}"),
            ("Å", "\N{ANGSTROM SIGN}"),
            ("a\N{NO-BREAK SPACE}b", "a b"),
            ("a\N{NARROW NO-BREAK SPACE} \t\r\n b", "a b"),
            ("in\N{ZERO WIDTH SPACE}voice", "invoice"),
            ("in\N{SOFT HYPHEN}voice\N{ZERO WIDTH NO-BREAK SPACE}", "invoice"),
            (" a ", "a"),
        ],
    )
    def test_same(self, one: str, other: str) -> None:
        assert fold(one) == fold(other)

    @pytest.mark.parametrize(("one", "other"), [("a b", "ab"), ("resume", "résumé"), ("0", "O")])
    def test_different(self, one: str, other: str) -> None:
        assert fold(one) != fold(other)

    @given(TEXTS)
    def test_folding_twice_changes_nothing(self, text: str) -> None:
        assert fold(fold(text)) == fold(text)

    @given(TEXTS)
    def test_canonically_equivalent_texts_are_the_same(self, text: str) -> None:
        assert fold(unicodedata.normalize("NFD", text)) == fold(text)
        assert fold(unicodedata.normalize("NFC", text)) == fold(text)

    @given(TEXTS)
    def test_case_makes_no_difference(self, text: str) -> None:
        assert fold(text.casefold()) == fold(text)

    @given(st.lists(st.text("ab", min_size=1, max_size=3), max_size=4), st.data())
    def test_white_space_makes_no_difference(self, words: list[str], data: st.DataObject) -> None:
        blanks = st.text(" \t\r\n\N{NO-BREAK SPACE}", min_size=1, max_size=3)
        text = "".join(word + data.draw(blanks) for word in words)
        assert fold(text) == " ".join(words)


def pattern(value: str) -> Pattern:
    return Pattern.parsed("subject", value)


class TestPattern:
    @pytest.mark.parametrize(
        ("wanted", "text"),
        [
            ("code", "Your CODE is"),
            ("exact:your code", "Your  Code"),
            ("glob:your * is ?", "Your code is 4"),
            ("glob:order [0-9]*", "ORDER 17"),
            ("glob:straße*", "STRASSE 1"),
            ("glob:Stra?e", "Straße"),
            ("glob:stra[ß]e", "STRAẞE"),
            ("glob:?stanbul", "İstanbul"),
            ("glob:caf?", "cafe\N{COMBINING ACUTE ACCENT}"),
            ("glob:*[]abc]*", "x]y"),
            ("glob:*[!]]", "xy"),
            (r"regexp:\d{4}", "code 1234"),
            (r"regexp:(?i)CODE", "Your code"),
            (r"regexp:(?m)^code$", "Your\r\ncode\r\n"),
            ("regexp:caf\N{LATIN SMALL LETTER E WITH ACUTE}", "cafe\N{COMBINING ACUTE ACCENT}"),
            ("regexp:cafe\N{COMBINING ACUTE ACCENT}", "caf\N{LATIN SMALL LETTER E WITH ACUTE}"),
            ("regexp:a b", "a\N{NO-BREAK SPACE}b"),
        ],
    )
    def test_matches(self, wanted: str, text: str) -> None:
        assert pattern(wanted).matches(text)

    @pytest.mark.parametrize(
        ("wanted", "text"),
        [
            ("exact:your code", "Your code is"),
            ("glob:your", "Your code"),
            ("glob:order ?", "order 17"),
            ("glob:a.c", "abc"),
            ("glob:stra?e", "strae"),
            ("regexp:CODE", "code"),
            ("regexp:^code$", "Your code"),
            ("a*b", "a-b"),
        ],
    )
    def test_does_not_match(self, wanted: str, text: str) -> None:
        assert not pattern(wanted).matches(text)

    @pytest.mark.parametrize("value", ["exact:", "glob: ", "regexp:"])
    def test_a_prefix_alone_is_an_empty_criterion(self, value: str) -> None:
        with pytest.raises(InvalidArgument, match="The criterion subject is empty"):
            pattern(value)

    @pytest.mark.parametrize("wanted", ["YOUR", "exact:YOUR CODE", "glob:YOUR*"])
    def test_case_may_matter(self, wanted: str) -> None:
        strict = replace(pattern(wanted), ignore_case=False)
        assert pattern(wanted).matches("Your code")
        assert not strict.matches("Your code")
        assert strict.matches("YOUR\n CODE")

    def test_what_is_no_regular_expression_is_refused(self) -> None:
        with pytest.raises(InvalidArgument) as caught:
            pattern("regexp:(")
        assert str(caught.value) == (
            "The criterion subject is no regular expression: missing ), unterminated subpattern "
            r"at position 0. It reads '('. In Robot Framework data, a backslash is written twice: "
            r"\\d for a digit."
        )

    @pytest.mark.parametrize(
        ("value", "reason"),
        [
            ("a{99999999999999999999}", "the repetition number is too large"),
            ("(" * 3000 + ")" * 3000, "maximum recursion depth exceeded"),
        ],
    )
    def test_what_python_breaks_on_is_refused(self, value: str, reason: str) -> None:
        with pytest.raises(InvalidArgument) as caught:
            pattern(f"regexp:{value}")
        told = str(caught.value)
        assert told.startswith(f"The criterion subject is no regular expression: {reason}")
        assert f" It reads {value!r}. " in told

    def test_what_may_mean_something_else_one_day_is_no_warning(
        self, recwarn: pytest.WarningsRecorder
    ) -> None:
        re.purge()
        assert pattern("regexp:[[a]").matches("[")
        assert not recwarn.list

    @given(TEXTS.filter(fold), TEXTS, TEXTS)
    def test_a_text_is_found_in_what_contains_it(self, wanted: str, left: str, right: str) -> None:
        # Blanks around it keep the characters from composing with those of the text.
        assert Pattern(wanted, Manner.CONTAINS).matches(f"{left} {wanted} {right}")
        assert Pattern(wanted, Manner.EXACT).matches(wanted)
        assert not Pattern(wanted, Manner.EXACT).matches(f"x {wanted}")


class TestPeople:
    PERSON = Address("Jane Doe", "jane@example.com")

    @pytest.mark.parametrize(
        "wanted",
        [
            "jane@example.com",
            "JANE@example.com",
            "doe",
            "@example.com",
            "exact:jane doe",
            "exact:jane@example.com",
            "glob:*@example.com",
            "glob:jane*",
            r"regexp:^jane@.*\.com$",
        ],
    )
    def test_wanted(self, wanted: str) -> None:
        assert pattern(wanted).matches_any([Address("", "other@example.org"), self.PERSON])

    @pytest.mark.parametrize(
        "wanted", ["ane@example.com", "exact:jane", "glob:*@example.org", "regexp:^doe"]
    )
    def test_not_wanted(self, wanted: str) -> None:
        assert not pattern(wanted).matches_any([self.PERSON])


class TestWide:
    @pytest.mark.parametrize(
        ("value", "part"),
        [
            ("confirm your address", "confirm"),
            ("exact:your code", "your"),
            ("glob:order * of [ab] today*", "order"),
            ("regexp:your code", ""),
            ("glob:*[]abcdef]g", "g"),
            ("glob:*[!]abcdef]g", "g"),
            ("glob:*[\N{ZERO WIDTH SPACE}]abcdef]g", "g"),
            ("Passwort", "wort"),
            ("sales", "ale"),
            ("Grüße aus Koeln", "Koeln"),
            ("İstanbul", "stanbul"),
            ("cafe\N{COMBINING ACUTE ACCENT}", "caf"),
            ("код", "код"),
            ("σοφός", "οφ"),
            ("確認", "確認"),
            ("🎉", "🎉"),
            ("ß", ""),
        ],
    )
    def test_the_part_that_every_server_finds(self, value: str, part: str) -> None:
        assert pattern(value).wide() == part

    @pytest.mark.parametrize(
        ("value", "part"),
        [("your", ""), ("confirm your address", "your"), ("glob:my big order*", "big"), ("ü", "")],
    )
    def test_whole_words(self, value: str, part: str) -> None:
        assert pattern(value).wide(whole_words=True) == part

    @given(
        st.text("aAsSßẞkKſéE\N{COMBINING ACUTE ACCENT}σςΣ ", min_size=1, max_size=6).filter(fold),
        st.text("aAsSßẞéE\N{COMBINING ACUTE ACCENT}σςΣ ", max_size=8),
    )
    def test_what_matches_contains_it(self, wanted: str, text: str) -> None:
        found = Pattern(wanted, Manner.CONTAINS)
        if found.matches(text):
            assert found.wide().lower() in text.lower()
