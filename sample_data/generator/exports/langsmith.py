"""LangSmith: runs of one call an answer, each with all that was said before."""

from collections.abc import Iterator
from typing import Any

from sample_data.generator.exports.shapes import as_lines, iso
from sample_data.generator.exports.talks import NOTE_MARKER, Said, Talk, talks

NAME = "langsmith"
OPTIONS: dict[str, Any] = {}


def files() -> dict[str, bytes]:
    """Return the export, the newest run first."""
    runs = [run for talk in talks() for run in _runs(talk)]
    return {"runs.jsonl": as_lines(reversed(runs))}


def calls(talk: Talk) -> Iterator[tuple[Said, list[tuple[str, str]]]]:
    """Yield each answer and what was said up to it, it included."""
    answers = [said for said in talk.said if said.who == "agent"]
    ends = [n for n, (role, _) in enumerate(talk.turns()) if role == "assistant"]
    for said, end in zip(answers, ends, strict=True):
        yield said, talk.turns()[: end + 1]


def _runs(talk: Talk) -> Iterator[dict[str, Any]]:
    for n, (said, turns) in enumerate(calls(talk)):
        trace = f"{talk.number}-{n}"
        messages = [_human(text) if role == "user" else _ai(text) for role, text in turns]
        root = {
            "id": trace,
            "trace_id": trace,
            "session_id": "the-project",
            "start_time": iso(said.at),
            "dotted_order": f"20260302T090000000001Z{trace}",
            "extra": {"metadata": {"thread_id": str(talk.number)}},
        }
        # Only the root tells the thread; what a chain was given is not what was said.
        yield root | {"run_type": "chain", "inputs": {"prompt": NOTE_MARKER}, "outputs": {}}
        yield {
            **root,
            "id": f"{trace}-llm",
            "dotted_order": f"{root['dotted_order']}.20260302T090000000002Z{trace}-llm",
            "run_type": "llm",
            "extra": {"invocation_params": {"model": "some-model"}, "metadata": {}},
            "inputs": {"messages": [messages[:-1]]},
            "outputs": {"generations": [[{"text": turns[-1][1], "message": messages[-1]}]]},
        }


def _human(text: str) -> dict[str, Any]:
    path = ["langchain", "schema", "messages", "HumanMessage"]
    return {"lc": 1, "type": "constructor", "id": path, "kwargs": {"content": text}}


def _ai(text: str) -> dict[str, Any]:
    thought = {"type": "thinking", "thinking": f"They need not know, {NOTE_MARKER}."}
    content = [thought, {"type": "text", "text": text}]
    path = ["langchain", "schema", "messages", "AIMessage"]
    kwargs = {"content": content, "tool_calls": [], "additional_kwargs": {}}
    return {"lc": 1, "type": "constructor", "id": path, "kwargs": kwargs}
