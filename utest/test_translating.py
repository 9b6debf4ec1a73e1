"""What arguments of the older libraries mean today."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from ImapLibrary.arguments import Security
from ImapLibrary.errors import InvalidArgument
from ImapLibrary.imap.proxy import Proxy, ProxyKind
from ImapLibrary.migration.translating import to_criteria, to_email, to_opening


def refusal(operation: Callable[[], object]) -> str:
    with pytest.raises(InvalidArgument) as caught:
        operation()
    return str(caught.value)


class TestCriteria:
    @pytest.mark.parametrize(
        ("today", "names"),
        [
            ("recipient", ["recipient", "to_email", "toEmail", "toemail", "TO_EMAIL"]),
            ("sender", ["sender", "from_email", "fromEmail", "fromemail", "Sender"]),
            ("cc", ["cc", "cc_email", "ccEmail", "CC"]),
            ("subject", ["subject", "Subject"]),
            ("text", ["text", "Text"]),
            ("status", ["status", "Status"]),
            ("since", ["since", "Since"]),
            ("before", ["before"]),
            ("on", ["on", "ON"]),
            ("sent_since", ["sent_since", "sentsince", "sentSince"]),
            ("sent_before", ["sent_before", "sentbefore"]),
            ("sent_on", ["sent_on", "senton", "SENTON"]),
        ],
    )
    def test_every_name_of_a_criterion(self, today: str, names: list[str]) -> None:
        assert [to_criteria({name: "x"}) for name in names] == [{today: "x"}] * len(names)

    def test_text_is_converted_and_dates_stay(self) -> None:
        day = date(2026, 3, 24)
        assert to_criteria({"toEmail": 42, "sentsince": day}) == {
            "recipient": "42",
            "sent_since": day,
        }

    @pytest.mark.parametrize("name", ["utf-8", "UTF-8"])
    def test_what_is_needless_is_left_out(self, name: str) -> None:
        assert to_criteria({name: "True", "subject": "x"}) == {"subject": "x"}

    def test_what_nobody_knows_stays(self) -> None:
        assert to_criteria({"subjct": "x", "Larger": 7}) == {"subjct": "x", "Larger": 7}

    @pytest.mark.parametrize(
        "given",
        [
            {"sender": None, "from_email": "a"},
            {"from_email": "a", "sender": None},
            {"fromEmail": "a", "from_email": "a"},
        ],
    )
    def test_two_names_may_agree(self, given: dict[str, object]) -> None:
        assert to_criteria(given) == {"sender": "a"}

    def test_two_names_must_not_differ(self) -> None:
        assert refusal(lambda: to_criteria({"sender": "a", "fromEmail": "b"})) == (
            "The arguments sender and fromEmail are the same criterion. Give one of them."
        )


class TestEmail:
    @pytest.mark.parametrize(
        ("email", "given", "expected"),
        [
            ("7", {}, ("7", {})),
            (None, {"email_index": "7"}, ("7", {})),
            (None, {"Email_Index": "7", "x": 1}, ("7", {"x": 1})),
            ("7", {"email_index": "8"}, ("7", {})),
            (None, {}, (None, {})),
        ],
    )
    def test_by_position_or_old_name(
        self, email: object, given: dict[str, object], expected: tuple[object, object]
    ) -> None:
        assert to_email(email, given) == expected


class TestOpening:
    def opened(self, **given: object) -> Security:
        return to_opening("here", Security.TLS, given).security

    @pytest.mark.parametrize("name", ["server", "Server"])
    def test_the_server_is_the_host(self, name: str) -> None:
        opening = to_opening("", Security.TLS, {name: "imap.example.com", "x": "y"})
        assert (opening.host, opening.others) == ("imap.example.com", {"x": "y"})

    @pytest.mark.parametrize("value", ["True", "true", "yes", "1", "on", True, 1])
    @pytest.mark.parametrize("name", ["is_secure", "Is_Secure", "ssl", "SSL"])
    def test_what_is_true_means_tls(self, name: str, value: object) -> None:
        assert self.opened(**{name: value}) is Security.TLS

    @pytest.mark.parametrize("value", ["False", "no", "off", "0", "none", "", False, 0, None])
    @pytest.mark.parametrize("name", ["is_secure", "ssl"])
    def test_what_is_false_means_plain_text(self, name: str, value: object) -> None:
        assert self.opened(**{name: value}) is Security.NONE

    def test_a_port_as_ssl_means_tls(self) -> None:
        assert self.opened(ssl="993") is Security.TLS

    def test_is_secure_tells_more_than_ssl(self) -> None:
        opening = to_opening("", Security.TLS, {"ssl": "True", "is_secure": "False"})
        assert (opening.security, opening.remark) == (Security.NONE, "")

    def test_what_is_not_given_changes_nothing(self) -> None:
        opening = to_opening("here", Security.STARTTLS, {})
        assert (opening.host, opening.security) == ("here", Security.STARTTLS)

    def test_ssl_is_remarked_upon(self) -> None:
        assert to_opening("", Security.TLS, {"ssl": "993"}).remark == (
            "The argument ssl=993 is taken as TLS. Older libraries ignored it. Write security=TLS "
            "instead."
        )
        assert "ssl=no is taken as plain text" in to_opening("", Security.TLS, {"ssl": "no"}).remark

    def test_not_both_the_old_and_the_new(self) -> None:
        assert refusal(lambda: to_opening("", Security.STARTTLS, {"is_secure": "True"})) == (
            "The argument security says how the connection is protected, so is_secure and ssl must "
            "be left out."
        )

    @pytest.mark.parametrize(
        ("given", "proxy"),
        [
            ({}, Proxy(ProxyKind.HTTP, "there", 1080)),
            ({"proxy_type": "http"}, Proxy(ProxyKind.HTTP, "there", 1080)),
            ({"Proxy_Type": "SOCKS4"}, Proxy(ProxyKind.SOCKS4, "there", 1080)),
            (
                {"proxy_type": "socks5", "proxy_user": "a@b:c", "proxy_password": "d/e"},
                Proxy(ProxyKind.SOCKS5, "there", 1080, "a@b:c", "d/e"),
            ),
            ({"proxy_username": "qa"}, Proxy(ProxyKind.HTTP, "there", 1080, "qa")),
            ({"proxy_host": "::1"}, Proxy(ProxyKind.HTTP, "::1", 1080)),
        ],
    )
    def test_a_proxy(self, given: dict[str, object], proxy: Proxy) -> None:
        defaults: dict[str, object] = {"proxy_host": "there", "proxy_port": "1080"}
        opening = to_opening("", Security.TLS, defaults | given)
        assert (opening.proxy, opening.others) == (proxy, {})

    @pytest.mark.parametrize("name", ["proxy_host", "proxy_port", "Proxy_Host"])
    def test_half_a_proxy(self, name: str) -> None:
        assert refusal(lambda: self.opened(**{name: "1080"})) == (
            "The arguments proxy_host and proxy_port belong together. Give both, or the address of "
            "the proxy as proxy=."
        )

    @pytest.mark.parametrize("changed", [{"proxy_type": "ftp"}, {"proxy_port": "http"}])
    def test_a_proxy_that_is_none(self, changed: dict[str, object]) -> None:
        given: dict[str, object] = {"proxy_host": "there", "proxy_port": "1080"}
        assert refusal(lambda: self.opened(**(given | changed))).startswith(
            "The argument proxy is no address of a proxy."
        )

    @pytest.mark.parametrize("part", ["proxy_user", "proxy_password"])
    def test_a_proxy_with_a_line_end(self, part: str) -> None:
        given = {"proxy_host": "a", "proxy_port": 1, "proxy_user": "b", part: "x\r\ny"}
        assert "carriage return" in refusal(lambda: self.opened(**given))

    def test_a_proxy_that_is_not_given(self) -> None:
        given = {"proxy_host": None, "proxy_port": "", "proxy_type": "socks5", "proxy_user": "me"}
        assert to_opening("", Security.TLS, given).proxy is None
