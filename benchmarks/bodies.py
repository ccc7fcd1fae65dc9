"""Measure how well quotes and signatures of mails are cut, and how fast.

python benchmarks/bodies.py --data ../shared/data    # the labelled mails are skipped when absent
python benchmarks/bodies.py --errors                 # also name what is not exact

`exact` compares what is left with what is wanted, white space aside. `lost` counts messages of
which wanted words are gone, `left in` those that keep words nobody wanted. The labelled mails have
no thread, and in part a taste of their own; the threads of `tests/threads.yaml` are invented.
"""

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import yaml

from tunegate import language
from tunegate.readers.bodies.body import Body, clean
from tunegate.readers.bodies.html import to_marked, to_text

THREADS = Path(__file__).parents[1] / "tests" / "threads.yaml"
LANGUAGES = THREADS.with_name("languages.yaml")
ROUNDS = 5  # the best of them is printed: the machine is shared


class Wanted(NamedTuple):
    """The messages of a conversation, and what each of them says itself."""

    name: str
    bodies: tuple[Body, ...]
    says: tuple[str, ...]


Cut = Callable[[Sequence[Body]], list[str]]


def threads() -> Iterator[Wanted]:
    """Yield the invented conversations."""
    for thread in yaml.safe_load(THREADS.read_text(encoding="utf-8")):
        messages = thread["messages"]
        bodies = (Body(m["text"], m.get("html", False), author=m["author"]) for m in messages)
        says = (m.get("says", m["text"]) for m in messages)
        yield Wanted(thread["name"], tuple(bodies), tuple(says))


def labelled(folder: Path) -> Iterator[Wanted]:
    """Yield the labelled mails, one a conversation."""
    for path in sorted(folder.glob("*test__emails__*.txt")):
        trimmed = path.with_name(path.name.replace("__emails__", "__trimmed__"))
        mail, says = (p.read_text(encoding="utf-8", errors="replace") for p in (path, trimmed))
        yield Wanted(path.stem.rpartition("__")[2], (Body(mail),), (says,))


def nothing(bodies: Sequence[Body]) -> list[str]:
    """Return the messages uncut."""
    return [each.uncut for each in clean(bodies, quotes=False, signatures=False)]


def alone(bodies: Sequence[Body]) -> list[str]:
    """Cut each message as if there were no other."""
    return [clean([body])[0].text for body in bodies]


def threaded(bodies: Sequence[Body]) -> list[str]:
    """Cut each message with what was said before it in mind."""
    return [each.text for each in clean(bodies)]


def score(title: str, cut: Cut, wanted: Sequence[Wanted], *, errors: bool) -> None:
    """Print one line of the table, and the names of what is not exact."""
    total = exact = lost = left = 0
    wrong = []
    for each in wanted:
        for place, (got, says) in enumerate(zip(cut(each.bodies), each.says, strict=True)):
            words, ours = says.split(), got.split()
            total += 1
            if words == ours:
                exact += 1
                continue
            is_lost = bool(set(words) - set(ours))
            is_left = len(ours) > len(words) and bool(set(ours) - set(words))
            lost, left = lost + is_lost, left + is_left
            wrong.append(f"  {each.name}[{place}]{' lost' * is_lost}{' left in' * is_left}")
    print(f"{title:38} {total:8} {exact / total:6.2f} {lost:5} {left:8}")
    if errors:
        print("\n".join(wrong))


PLAIN = (
    '<div class="comment" dir="auto"><p dir="auto">Hello {},</p><p>Please <b>restart</b> the app'
    ' &amp; try <a href="https://x.example/a?b=1">this link</a>.<br>1) open &lt;settings&gt;</p>'
    "<ul><li>one</li><li>two</li></ul><div>old text here</div></div>"
)
QUOTING = (
    '<div dir="ltr">Hello {}, it works.</div><div class="gmail_quote"><div class="gmail_attr">On'
    " Tue, Mar 5, 2024 at 10:02 AM Jane &lt;jane@example.com&gt; wrote:<br></div><blockquote"
    ' class="gmail_quote"><p>Please <b>restart</b> the app &amp; try again.</p></blockquote></div>'
)


def speed(title: str, run: Callable[[], object], messages: int) -> None:
    """Print how many messages a second of processor time takes."""
    costs = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        run()
        costs.append(time.process_time() - begun)
    print(f"{title:38} {messages / min(costs):9,.0f} messages a CPU-second")


def languages() -> None:
    """Print how often the language of invented texts is right, not told and wrong, and how fast."""
    labelled = yaml.safe_load(LANGUAGES.read_text(encoding="utf-8"))
    texts: list[str] = []
    print(f"\n{'language':38} {'texts':>8} {'right':>6} {'none':>5} {'wrong':>8}")
    for section, by_code in labelled.items():
        pairs = [(code, text) for code, listed in by_code.items() for text in listed]
        found = language.of([text for _, text in pairs])
        right = sum(got == code for (code, _), got in zip(pairs, found, strict=True))
        none = found.count(None)
        print(f"{section:38} {len(pairs):8} {right:6} {none:5} {len(pairs) - right - none:8}")
        texts += [text for _, text in pairs]
    speed("language of a short text", lambda: language.of(texts), len(texts))
    long = [" ".join([text] * 20) for text in texts]
    speed("language of a long text", lambda: language.of(long), len(long))


def main() -> None:
    """Run everything and print it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--errors", action="store_true", help="name what is not exact")
    options = parser.parse_args()
    print(f"{'':38} {'messages':>8} {'exact':>6} {'lost':>5} {'left in':>8}")
    folder = options.data / "exports" / "email-replies"
    mails = list(labelled(folder))
    if mails:
        score("labelled mails, uncut", nothing, mails, errors=False)
        score("labelled mails", threaded, mails, errors=options.errors)
    else:
        print(f"labelled mails: skipped, {folder} is not there (give its folder with --data)")
    invented = list(threads())
    score("threads, uncut", nothing, invented, errors=False)
    score("threads, each message alone", alone, invented, errors=options.errors)
    score("threads, with what was said before", threaded, invented, errors=options.errors)
    print()
    count = 2_000
    plain = [PLAIN.format(n) for n in range(count)]
    quoting = [QUOTING.format(n) for n in range(count)]
    speed("HTML to text", lambda: [to_text(html) for html in plain], count)
    speed("HTML to text and marks, no marks", lambda: [to_marked(html) for html in plain], count)
    speed("HTML to text and marks, Gmail", lambda: [to_marked(html) for html in quoting], count)
    pairs = [(Body(PLAIN.format(n), True, author="a"), Body(QUOTING.format(n), True, author="b"))
             for n in range(count // 2)]  # fmt: skip
    speed("clean, HTML, conversations of two", lambda: [clean(pair) for pair in pairs], count)
    bodies = [body for each in mails or invented for body in each.bodies]
    speed("clean, alone", lambda: [clean([body]) for body in bodies], len(bodies))
    said = "Hello {},\n\nmy lamp is broken.\nWhat can I do?\n\nJane"
    short = [Body(said.format(n)) for n in range(count)]
    speed("clean, short plain text", lambda: [clean([body]) for body in short], len(short))
    languages()


if __name__ == "__main__":
    main()
