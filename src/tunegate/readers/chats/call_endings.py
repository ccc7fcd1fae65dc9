"""Tell whether a model stopped before it had said everything, as each library writes it."""

from collections.abc import Iterator

_REASONS = (
    *("finish_reason", "finishReason", "stop_reason", "stopReason", "done_reason"),
    "reason",  # of `incomplete_details`
)
_STATUS = "status"
_CUT = (
    *("length", "maxlength", "modellength", "tokenlimit", "modelcontextwindowexceeded"),
    *("maxtokens", "maxoutputtokens", "contentfilter", "contentfiltered", "incomplete"),
    *("safety", "recitation", "blocklist", "prohibitedcontent", "spii"),
)
# Where answers and what is said of them lie; of several answers the first is read.
_ANSWERS = ("choices", "generations", "candidates")
_INNER = (
    *("message", "messages", "input", "output", "chat_history", "kwargs", "data", "llm_output"),
    *("response_metadata", "generation_info", "additional_kwargs", "incomplete_details"),
)


def is_cut_short(*said: object) -> bool:
    """Tell whether one of the messages of a call was cut by a limit or a filter.

    said: what the call was given and what it answered, in any shape that `chat_of` reads.
    """
    waiting = list(said)
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            if any(_is_cut(value.get(name)) for name in (*_REASONS, _STATUS)):
                return True
            waiting += (value[name] for name in _INNER if name in value)
            waiting += (one for name in _ANSWERS for one in _first(value.get(name)))
    return False


def _is_cut(reason: object) -> bool:
    return isinstance(reason, str) and "".join(filter(str.isalnum, reason.lower())) in _CUT


def _first(answers: object) -> Iterator[object]:
    while isinstance(answers, list) and answers:
        answers = answers[0]
    yield answers
