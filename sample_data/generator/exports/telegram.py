"""Telegram: all chats of an account, as Telegram Desktop exports them."""

from typing import Any

from sample_data.generator.exports.shapes import as_json, epoch
from sample_data.generator.exports.talks import AGENTS, Said, Talk, talks

NAME = "telegram"
OPTIONS: dict[str, Any] = {"agents": tuple(f"user{agent.id}" for agent in AGENTS)}


def files() -> dict[str, bytes]:
    """Return the export."""
    account = {
        "about": "Here is the data you requested.",
        "personal_information": {"user_id": AGENTS[0].id, "first_name": AGENTS[0].name},
        "contacts": {"about": "", "list": [{"first_name": "Ana", "phone_number": "0"}]},
        "chats": {"about": "", "list": [_saved(), *(chat(talk) for talk in talks())]},
    }
    return {"result.json": as_json(account)}


def chat(talk: Talk) -> dict[str, Any]:
    """Return a talk as a group of the customer, the agent and a bot."""
    return {
        "name": talk.customer.name,
        "type": "private_group",
        "id": talk.number,
        "messages": [_message(talk, n, said) for n, said in enumerate(talk.said, 1)],
    }


def _saved() -> dict[str, Any]:
    talk = next(talks())
    note = {**_message(talk, 1, talk.said[0]), "text": "staff only: a note to myself"}
    return {"type": "saved_messages", "id": AGENTS[0].id, "messages": [note]}


def _message(talk: Talk, n: int, said: Said) -> dict[str, Any]:
    author = talk.author(said)
    message: dict[str, Any] = {
        "id": n,
        "type": "message",
        "date": said.at.strftime("%Y-%m-%dT%H:%M:%S"),
        "date_unixtime": str(epoch(said.at)),
        "from": author.name,
        "from_id": f"user{author.id}",
        "text": said.text,
    }
    if said.who == "note":
        return {**message, "forwarded_from": "Staff room"}
    if said.who == "bot":
        return {**message, "via_bot": "@helper"}
    if n == 1:
        start, middle, end = said.text.partition(" ")
        message["text"] = [start, {"type": "bold", "text": middle}, end]
    return message
