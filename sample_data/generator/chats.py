"""The chat file: conversations as they are handed to a fine-tuning service, some of them wrong."""

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from random import Random
from typing import Any

from sample_data.generator.bank import LANGUAGES
from sample_data.generator.overrun import log_conversation
from sample_data.generator.plants import Found, Plant, Span, Text
from sample_data.generator.similar import jaccard, shingles
from sample_data.generator.slots import Mentions, mentioned, mentions
from sample_data.generator.talk import ENDS_WITH_AGENT, Comment, turns
from sample_data.generator.tickets import Desk, Ticket
from sample_data.generator.values import (
    PERSONAL,
    SECRETS,
    SPECIAL_TOKENS,
    email,
    personal,
    phone,
    secret,
)

PLAIN = 190
WITH_TOOLS = 50
WITH_WEIGHTS = 40
WITH_PARTS = 30
WITH_FUNCTIONS = 8
NEAR = 4
Json = dict[str, Any]

SYSTEM = {
    "en": "You are the support assistant of Lumena. Be brief and friendly.",
    "de": "Du bist der Kundendienst von Lumena. Antworte kurz und freundlich.",
    "es": "Eres el servicio de atención al cliente de Lumena. Responde con brevedad.",
    "fr": "Tu es le service clients de Lumena. Réponds brièvement et avec amabilité.",
    "pt": "És o apoio ao cliente da Lumena. Responde de forma breve.",
    "nl": "Je bent de klantenservice van Lumena. Antwoord kort en vriendelijk.",
}


def _tool(name: str, description: str, **properties: str) -> Json:
    return {
        "type": "function",
        "function": {
            "name": name,
            "description": description,
            "parameters": {
                "type": "object",
                "properties": {
                    key: {"type": "string", "description": text} for key, text in properties.items()
                },
                "required": list(properties),
            },
        },
    }


TOOLS = [
    _tool("get_order", "Look up an order.", order="The order number, two letters and five digits."),
    _tool("track_parcel", "Ask a carrier where a parcel is.", order="The order number."),
    _tool("open_return", "Create a return label.", order="The order number."),
    _tool("find_customer", "Find a customer.", email="The address in the account."),
]


@dataclass(eq=False)
class Line:
    """One line of the chat file.

    found: rule → spans, as in the answers. secrets: what must be escaped in the file. raw: the
    line itself where it is no record. after: the line that must stand before this one.
    mentions: the names and order numbers that its sentences may hold.
    """

    record: Json
    found: Found = field(default_factory=dict)
    secrets: list[str] = field(default_factory=list)
    raw: str | None = None
    after: "Line | None" = None
    mentions: Mentions = frozenset()


def _messages(ticket: Ticket) -> list[Json]:
    return [
        {"role": role, "content": "\n\n".join(comment.text for comment in said)}
        for role, said in turns(ticket.comments)
    ]


def conversation(desk: Desk, language: str, *, system: bool = True) -> Line:
    """Return a plain conversation that ends with an answer."""
    ticket = desk.ticket(language, desk.rng.choice(ENDS_WITH_AGENT))
    messages = _messages(ticket)
    if system:
        messages.insert(0, {"role": "system", "content": SYSTEM[language]})
    return Line({"messages": messages}, mentions=mentions(ticket.facts))


def first(line: Line, role: str) -> int:
    """Return the place of the first message of a role."""
    return next(at for at, said in enumerate(line.record["messages"]) if said["role"] == role)


def with_tools(desk: Desk, language: str) -> Line:
    """Return a conversation in which the first answer follows a call of a tool."""
    rng = desk.rng
    line = conversation(desk, language)
    order = f"LM-{rng.randint(20000, 99999)}"
    name = rng.choice(("get_order", "track_parcel", "open_return"))
    call = {
        "id": f"call_{rng.randint(100, 999)}",
        "type": "function",
        "function": {"name": name, "arguments": json.dumps({"order": order})},
    }
    result = {"order": order, "status": rng.choice(("shipped", "packed", "lost", "returned"))}
    at = first(line, "assistant")
    line.record["messages"][at:at] = [
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": call["id"], "content": json.dumps(result)},
    ]
    line.mentions |= {("pii/order-number", order)}
    line.record["tools"] = deepcopy(TOOLS)
    if rng.random() < 0.2:
        line.record["parallel_tool_calls"] = False
    return line


def _with_functions(desk: Desk, language: str) -> Line:
    """Return a conversation that calls a function in the older form."""
    line = conversation(desk, language)
    called = {"name": "get_order", "arguments": json.dumps({"order": "LM-20417"})}
    at = first(line, "assistant")
    line.record["messages"][at:at] = [
        {"role": "assistant", "content": None, "function_call": called},
        {"role": "function", "name": "get_order", "content": json.dumps({"status": "packed"})},
    ]
    line.record["messages"][first(line, "user")]["name"] = f"customer_{desk.rng.randint(10, 99)}"
    line.mentions |= {("pii/order-number", "LM-20417")}
    line.record["functions"] = [deepcopy(TOOLS[0]["function"])]
    return line


def _with_weights(desk: Desk, language: str) -> Line:
    line = conversation(desk, language, system=desk.rng.random() < 0.5)
    answers = [said for said in line.record["messages"] if said["role"] == "assistant"]
    for answer in answers[:-1]:
        answer["weight"] = 0
    answers[-1]["weight"] = 1
    return line


def with_parts(desk: Desk, language: str) -> Line:
    """Return a conversation whose first message is a text and a picture."""
    line = conversation(desk, language)
    asked = line.record["messages"][first(line, "user")]
    picture = f"https://files.example.com/photo-{desk.rng.randint(1000, 9999)}.png"
    asked["content"] = [
        {"type": "text", "text": asked["content"]},
        {"type": "image_url", "image_url": {"url": picture, "detail": "low"}},
    ]
    return line


def _span(turn: int | None, part: str, text: str, value: str) -> Span:
    start = text.index(value)
    return {"turn": turn, "start": start, "end": start + len(value), "part": part}


def _holding(desk: Desk, language: str, plant: Plant) -> Line:
    ticket = desk.ticket(language, "UA", plant)
    messages = _messages(ticket)
    turn = next(at for at, said in enumerate(messages) if plant.found in said["content"])
    span = _span(turn, "/content", messages[turn]["content"], plant.found)
    held = [plant.value] if ticket.comments[0].secret or ticket.comments[-1].secret else []
    assert plant.rule is not None
    said = mentions(ticket.facts)
    return Line({"messages": messages}, {plant.rule: [span]}, held, mentions=said)


def _holding_elsewhere(desk: Desk) -> list[Line]:
    """Personal data where it hides: arguments, results, a tool's description, a part, a name."""
    rng = desk.rng
    made = []
    for at, language in enumerate(("en", "de", "es", "fr")):
        slots = desk.banks[language].slots
        value = email(rng, rng.choice(slots["first"]), rng.choice(slots["last"]))
        line = with_tools(desk, language)
        turn = first(line, "tool")
        asked, answered = line.record["messages"][turn - 1 : turn + 1]
        called = asked["tool_calls"][0]["function"]
        if at < 2:
            called["name"], called["arguments"] = "find_customer", json.dumps({"email": value})
            part = "/tool_calls/0/function/arguments"
            span = _span(turn - 1, part, called["arguments"], value)
        elif at == 2:
            answered["content"] = json.dumps({"status": "found", "email": value})
            span = _span(turn, "/content", answered["content"], value)
        else:
            tool = line.record["tools"][3]["function"]
            tool["description"] = f"Find a customer; when in doubt ask {value}."
            part = "/tools/3/function/description"
            span = _span(None, part, tool["description"], value)
        line.found = {"pii/email-address": [span]}
        made.append(line)
    for language in ("en", "de"):
        line = with_parts(desk, language)
        turn = first(line, "user")
        part = line.record["messages"][turn]["content"][0]
        value = phone(rng, language)
        sentence = desk.banks[language].plants["phone-number"]["user"][0].format(value=value)
        part["text"] = f"{sentence} {part['text']}"
        span = _span(turn, "/content/0/text", part["text"], value)
        line.found = {"pii/phone-number": [span]}
        made.append(line)
    return made


def _holding_lines(desk: Desk, rng: Random) -> list[Line]:
    made = []
    for at, rule in enumerate((*PERSONAL, *SECRETS)):
        language = LANGUAGES[at % 4]
        slots = desk.banks[language].slots
        family, _, name = rule.partition("/")
        if family == "pii":
            value = personal(
                rng, rule, language, (rng.choice(slots["first"]), rng.choice(slots["last"]))
            )
            plant = Plant(value, rule, (name, "user"), "user")
        else:
            plant = Plant(secret(rng, rule), rule, ("secret", "user"), "user")
        made.append(_holding(desk, language, plant))
    for at, token in enumerate(SPECIAL_TOKENS):
        plant = Plant(token, "format/special-token", ("special-token", "user"), "user")
        made.append(_holding(desk, LANGUAGES[at % 4], plant))
    return made


def _said(line: Line) -> list[str]:
    return [said["content"] for said in line.record["messages"] if said["role"] != "system"]


def _copies(desk: Desk) -> list[Line]:
    made: list[Line] = []
    for language in ("en", "de", "es", "fr"):
        line = conversation(desk, language)
        copy = Line(
            deepcopy(line.record), {"duplicate/exact-copy": []}, after=line, mentions=line.mentions
        )
        for said in copy.record["messages"]:
            if said["role"] == "user":
                said["content"] = said["content"].lower().replace(" ", "  ")
        made += [line, copy]
    words = {"en": "really", "de": "wirklich", "es": "realmente", "fr": "vraiment"}
    for language, word in list(words.items())[:NEAR]:
        line = conversation(desk, language)
        copy = Line(
            deepcopy(line.record),
            {"duplicate/near-duplicate": []},
            after=line,
            mentions=line.mentions,
        )
        asked = copy.record["messages"][first(copy, "user")]
        asked["content"] = f"{asked['content']} {word.capitalize()}?"
        assert 0.83 <= jaccard(shingles(_said(line)), shingles(_said(copy))) < 1
        made += [line, copy]
    return made


def _unfinished(desk: Desk) -> list[Line]:
    made = []
    for language in ("en", "de", "fr"):
        line = conversation(desk, language)
        thanks = desk.ticket(language, "UAT")
        said = [c.text for c in thanks.comments if _is_public_user(c)]
        line.mentions |= mentions(thanks.facts)
        line.record["messages"].append({"role": "user", "content": said[-1]})
        line.found = {"quality/trailing-turn": []}
        made.append(line)
    for language in ("en", "es"):
        line = conversation(desk, language)
        line.record["messages"] = line.record["messages"][:2]
        line.found = {"quality/untrainable": []}
        made.append(line)
    return made


def _strings(held: object, part: str) -> Iterator[tuple[str, str]]:
    if isinstance(held, str):
        yield part, held
    elif isinstance(held, dict):
        for key, inner in held.items():
            if key not in ("role", "id", "type", "tool_call_id", "image_url"):
                yield from _strings(inner, f"{part}/{key}")
    elif isinstance(held, list):
        for at, inner in enumerate(held):
            yield from _strings(inner, f"{part}/{at}")


def chat_answers(line: Line) -> Found:
    """Return rule → places of a line, with the names and numbers that its sentences hold."""
    if line.raw is not None or not isinstance(line.record.get("messages"), list):
        return line.found
    texts: list[Text] = [
        (turn, part, text)
        for turn, said in enumerate(line.record["messages"])
        if isinstance(said, dict) and said.get("role") not in ("system", "developer")
        for part, text in _strings(said, "")
    ]
    taken = [place for places in line.found.values() for place in places]
    held = mentioned(line.mentions, texts, taken)
    return {
        rule: [*held.get(rule, []), *line.found.get(rule, [])] for rule in {**line.found, **held}
    }


def _is_public_user(comment: Comment) -> bool:
    return comment.public and comment.role == "user"


def write_chats(desk: Desk) -> list[Line]:
    """Return all lines whose shape is right, in no order."""
    rng = desk.rng

    def languages(number: int) -> list[str]:
        return rng.choices(LANGUAGES, (50, 18, 13, 13, 3, 3), k=number)

    lines = [conversation(desk, lang, system=rng.random() < 0.6) for lang in languages(PLAIN)]
    lines += [with_tools(desk, language) for language in languages(WITH_TOOLS)]
    lines += [_with_weights(desk, language) for language in languages(WITH_WEIGHTS)]
    lines += [with_parts(desk, language) for language in languages(WITH_PARTS)]
    lines += [_with_functions(desk, language) for language in languages(WITH_FUNCTIONS)]
    lines += _holding_lines(desk, rng)
    lines += _holding_elsewhere(desk)
    lines += _copies(desk)
    lines += _unfinished(desk)
    lines.append(Line(log_conversation(rng), {"length/token-overrun": []}))
    return lines
