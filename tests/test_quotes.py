"""What opens a quote and what does not; where signatures begin and where they do not."""

import pytest

from tunegate.readers.bodies.attributions import (
    header_length,
    is_attribution,
    is_forward_line,
    is_original_line,
    is_reply_above_line,
)
from tunegate.readers.bodies.body import Body, clean
from tunegate.readers.bodies.said import lines_of

ATTRIBUTIONS = [
    "On Mon, Mar 4, 2024 at 9:15 AM Ann Lee <ann@example.com> wrote:",
    "On 4 March 2024 at 09:15, Ann Lee wrote:",
    "At 3/4/2024 09:15 AM, you wrote:",
    "Ann Lee <ann@example.com> wrote:",
    "---- On Mon, 04 Mar 2024 09:15:00 +0100 Ann Lee <ann@example.com> wrote ----",
    "Am 04.03.2024 um 09:15 schrieb Ann Lee <ann@example.com>:",
    "Ann Lee <ann@example.com> schrieb am Mo., 4. März 2024, 09:15:",
    "Le lun. 4 mars 2024 à 09:15, Ann Lee <ann@example.com> a écrit :",
    "El lun, 4 mar 2024 a las 9:15, Ann Lee (<ann@example.com>) escribió:",
    "Em seg., 4 de mar. de 2024 às 09:15, Ann Lee <ann@example.com> escreveu:",
    "Il giorno lun 4 mar 2024 alle ore 09:15 Ann Lee <ann@example.com> ha scritto:",
    "Op ma 4 mrt 2024 om 09:15 schreef Ann Lee <ann@example.com>:",
    "Den mån 4 mars 2024 kl 09:15 skrev Ann Lee <ann@example.com>:",
    "pon., 4 mar 2024 o 09:15 Ann Lee <ann@example.com> napisał(a):",
    "po 4. 3. 2024 v 9:15 odesílatel Ann Lee <ann@example.com> napsal:",
    "пн, 4 мар. 2024 г. в 09:15, Ann Lee <ann@example.com>:",
    "Ann Lee <ann@example.com> ezt írta (időpont: 2024. márc. 4., H, 9:15):",
    "Στις Δευ 4 Μαρ 2024 στις 9:15 π.μ., ο χρήστης Ann Lee <ann@example.com> έγραψε:",
    "Vào Th 2, 4 thg 3, 2024 vào lúc 09:15 Ann Lee <ann@example.com> đã viết:",
    "2024年3月4日(月) 9:15 Ann Lee <ann@example.com>:",
    "2024년 3월 4일 (월) 오전 9:15, Ann Lee <ann@example.com>님이 작성:",
    "在 2024年3月4日，上午9:15，Ann Lee <ann@example.com> 写道：",
    "2013/3/4 Ann Lee <ann@example.com>",
]


@pytest.mark.parametrize("line", ATTRIBUTIONS)
def test_an_attribution_is_known(line: str) -> None:
    assert is_attribution(line)


@pytest.mark.parametrize("line", ATTRIBUTIONS)
def test_an_attribution_is_cut_with_what_it_introduces(line: str) -> None:
    (each,) = clean([Body(f"It works.\n\n{line}\n\n> Does it work?\n> Ann")])
    assert each.text == "It works."


@pytest.mark.parametrize(
    "line",
    [
        "On Monday your colleague wrote me a letter.",
        "On 4 March 2024 I wrote:",
        "Am 4.3.2024 schrieb ich Ihnen:",
        "We bought on 4.3.2024 the following:",
        "Please write to ann@example.com or bob@example.com:",
        "My order of 2024-03-04 holds:",
        "wrote:",
        "2024-03-04 09:15:00 ERROR timeout",
        "",
    ],
)
def test_a_sentence_is_no_attribution(line: str) -> None:
    assert not is_attribution(line)


@pytest.mark.parametrize(
    "labels",
    [
        ("From", "Sent", "To", "Subject"),
        ("*From:*", "*Sent:*", "*To:*", "*Subject:*"),
        ("Von", "Gesendet", "An", "Betreff"),
        ("De", "Envoyé", "À", "Objet"),
        ("De", "Enviado el", "Para", "Asunto"),
        ("De", "Enviada em", "Para", "Assunto"),
        ("Da", "Inviato", "A", "Oggetto"),
        ("Van", "Verzonden", "Aan", "Onderwerp"),
        ("Från", "Skickat", "Till", "Ämne"),
        ("Fra", "Sendt", "Til", "Emne"),
        ("Lähettäjä", "Lähetetty", "Vastaanottaja", "Aihe"),
        ("Od", "Wysłano", "Do", "Temat"),
        ("Od", "Odesláno", "Komu", "Předmět"),
        ("От", "Отправлено", "Кому", "Тема"),
        ("Kimden", "Gönderildi", "Kime", "Konu"),
        ("发件人", "发送时间", "收件人", "主题"),
        ("差出人", "送信日時", "宛先", "件名"),
    ],
    ids=lambda labels: labels[0] + labels[1],
)
def test_a_copied_header_is_known(labels: tuple[str, ...]) -> None:
    lines = [f"{label.strip('*:')}: x" if "*" not in label else f"{label} x" for label in labels]
    assert header_length([*lines, "", "Hello"]) == 4


@pytest.mark.parametrize(
    "lines",
    [
        ["From: Rome", "To: Oslo", "Passengers: 2"],
        ["To: do", "Subject: matter"],
        ["Dear all", "From: a", "Date: b", "Subject: c"],
        ["Name: Ann", "E-mail: ann@example.com", "Message: Hi"],
        [],
        [""],
    ],
    ids=str,
)
def test_other_lines_with_colons_are_no_header(lines: list[str]) -> None:
    assert header_length(lines) == 0


def test_lines_that_announce_another_mail() -> None:
    assert is_original_line("-----Original Message-----")
    assert is_original_line("*-------- Original Message --------*")
    assert is_original_line("-----Ursprüngliche Nachricht-----")
    assert is_forward_line("---------- Forwarded message ---------")
    assert is_forward_line("> Begin forwarded message:")
    assert is_reply_above_line("##- Please type your reply above this line -##")
    assert is_reply_above_line("-- Bitte antworten Sie oberhalb dieser Zeile --")
    assert not is_original_line("The original message was lost.")
    assert not is_forward_line("I forwarded message 5 to you -")
    assert not is_reply_above_line("Please read the reply above.")


@pytest.mark.parametrize(
    "text",
    [
        "The error is:\n\n> Cannot connect",
        "> is it there?\n\nNo idea what that means, you tell me.",
        "We use two tables:\n\n| a | b |\n| 1 | 2 |",
        "Prices:\n--\nlamp 5\nbulb 2\n" + "and so on and on, with many words\n" * 14,
        "Part one\n\n---\n\nPart two",
        "Sent from my account on Monday, but it never arrived at yours",
        "My mail program is Outlook for iOS and it crashes",
        "Thanks,\nAnn",
        "-- \nAnn",
        "Sent from my iPhone",
        "________________\n",
        "From: me\nTo: you\nWith love",
        "Please treat this as confidential.",
    ],
)
def test_what_an_author_may_have_written_stays(text: str) -> None:
    (each,) = clean([Body(text)])
    assert each.text == text.strip()


@pytest.mark.parametrize(
    "below",
    [
        "-- \nAnn Lee\nACME",
        "--\nAnn",
        "—\nReply to this email directly or view it online.",
        "Sent from my Galaxy",
        "Get Outlook for iOS<https://aka.ms/o0ukef>",
        "Envoyé de mon iPad",
        "Von meinem iPhone gesendet",
        "Enviado do meu iPhone",
        "iPhoneから送信",
        "***\n====",
        "This email is a service from ACME. Delivered by Zendesk",
        "Sent from my iPhone\n\n-- \nAnn",
    ],
)
def test_a_signature_is_cut(below: str) -> None:
    assert clean([Body(f"It works.\n\n{below}")])[0].text == "It works."


def test_a_signature_needs_two_mails_of_one_author() -> None:
    signed = "{}\n\nAnn Lee\nACME Support\nwww.example.com"
    bodies = [Body(signed.format(said), author=by) for said, by in [("One.", "a"), ("Two.", "b")]]
    assert [each.text for each in clean(bodies)] == [body.text for body in bodies]
    bodies = [body._replace(author="a") for body in bodies]
    assert [each.text for each in clean(bodies)] == ["One.", "Two."]


def test_places_of_lines_are_code_points() -> None:
    text = "é 😀\n> ß  \n\n  x"
    found = [(text[line.start : line.end], line.text, line.depth) for line in lines_of(text)]
    assert found == [("é 😀", "é 😀", 0), ("> ß", "ß", 1), ("", "", 0), ("x", "x", 0)]
