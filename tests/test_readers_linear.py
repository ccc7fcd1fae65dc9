"""No text, however odd, takes the square of its length to be understood."""

from collections.abc import Callable
from time import perf_counter

import pytest

from tunegate.readers.bodies.body import Body, clean
from tunegate.readers.bodies.html import to_text
from tunegate.readers.chats import teams, whatsapp_bodies
from tunegate.readers.desks import salesforce_chats, salesforce_messages, servicenow, wiki
from tunegate.readers.mail import mail_bodies, mail_headers

N = 200_000


def wrapped(text: str) -> list[tuple[str, str]]:
    return mail_headers.addresses({"from": [text]}, "from")


def mail(text: str) -> object:
    return clean([Body(text)])


ODD: dict[str, tuple[Callable[[str], object], str]] = {
    "spaces in a chat": (whatsapp_bodies.content, "a" + " " * N + "b"),
    "mentions that never end": (lambda text: teams._AT.sub("", text), "<at>" * (N // 4)),
    "brackets of a wiki": (wiki.to_plain, "[" * N),
    "panels of a wiki": (wiki.to_plain, "{panel:" * (N // 7)),
    "code of a wiki": (wiki.to_plain, "{code:a}" * (N // 8)),
    "code of a journal": (lambda text: servicenow._CODE.sub("", text), "[code]" * (N // 6)),
    "headings of a chat": (salesforce_chats._agents, "<p>" * (N // 3)),
    "words of addresses": (salesforce_messages._ADDRESS.findall, "a" * N),
    "words of a header": (wrapped, "a" * N),
    "flowing lines": (lambda text: mail_bodies._reflowed(text, deletes=False), "word \n" * N),
    "a deep page with an open tag": (to_text, "<b>" * 5001 + "<" + "a" * N),
    "delimiters": (mail, "--\nx\n" * 10_000),
}


@pytest.mark.parametrize(("read", "text"), ODD.values(), ids=ODD.keys())
def test_odd_texts_are_read_in_no_time(read: Callable[[str], object], text: str) -> None:
    begin = perf_counter()
    read(text)
    assert perf_counter() - begin < 5
