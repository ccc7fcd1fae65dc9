"""Conversations: which messages a ticket has, and what each of them says."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from random import Random
from typing import Literal

from sample_data.generator.bank import Lines, Topic
from sample_data.generator.facts import Facts

Role = Literal["user", "assistant"]

# A letter is a message: U opens, N nudges, X is only a picture, A answers, H is a second agent,
# Q asks, R replies to that, F comes back, S answers again, T thanks.
SHAPES = {
    "UA": 15,
    "UAT": 15,
    "UQRA": 11,
    "UQRAT": 10,
    "UAFS": 11,
    "UAFST": 9,
    "UNA": 4,
    "UNAT": 3,
    "UXA": 3,
    "UXQRAT": 2,
    "UAH": 4,
    "UAHT": 3,
    "UQRAFS": 4,
    "UQRAFST": 4,
    "UNQRAHT": 2,
}
PLAIN_SHAPES = ("UA", "UAT", "UQRA", "UQRAT", "UAFS", "UAFST")  # no two of a role in a row
ENDS_WITH_AGENT = ("UA", "UQRA", "UAFS", "UQRAFS")
ONE_SIDED = ("U", "U", "UN", "UX")

Block = str | tuple[str, ...]  # a paragraph, or the items of a list


@dataclass
class Comment:
    """One message of a ticket.

    blocks: what it says. rich: it also has an HTML body. link: where its last paragraph leads.
    public: False for an internal note. known: False when its author is in no users table.
    takeover: a second agent says it. secret: the planted secret that it holds. carrier: the
    sentence that holds a planted value. flat: the text where it was changed afterwards.
    """

    role: Role
    blocks: list[Block]
    rich: bool = False
    link: str | None = None
    public: bool = True
    known: bool = True
    takeover: bool = False
    attachment: str | None = None
    secret: str | None = None
    carrier: str | None = None
    flat: str | None = None
    id: int = 0
    author: int = 0
    at: datetime = field(default=datetime.min)

    @property
    def text(self) -> str:
        """The plain body."""
        if self.flat is not None:
            return self.flat
        return "\n\n".join(
            block if isinstance(block, str) else "\n".join(f"- {item}" for item in block)
            for block in self.blocks
        )

    @property
    def html(self) -> str | None:
        """The HTML body, which reads the same as the plain one."""
        if not self.rich or not self.text:
            return None
        if self.flat is not None:
            return f"<p>{escape(self.flat, quote=False)}</p>"
        parts = [_html(block) for block in self.blocks]
        if self.link:
            parts[-1] = f'<p><a href="{self.link}">{parts[-1][3:-4]}</a></p>'
        return "".join(parts)


def _html(block: Block) -> str:
    if isinstance(block, str):
        return f"<p>{escape(block, quote=False)}</p>".replace("\n", "<br>")
    return f"<ul>{''.join(f'<li>{escape(item, quote=False)}</li>' for item in block)}</ul>"


def turns(comments: Sequence[Comment]) -> list[tuple[Role, list[Comment]]]:
    """Return the turns that a reader makes of comments in order of time."""
    made: list[tuple[Role, list[Comment]]] = []
    for comment in comments:
        if not (comment.public and comment.known and comment.text):
            continue
        if made and made[-1][0] == comment.role:
            made[-1][1].append(comment)
        else:
            made.append((comment.role, [comment]))
    return made


@dataclass(frozen=True)
class Writer:
    """Writes the messages of one ticket."""

    rng: Random
    facts: Facts
    topic: Topic
    casual: bool  # one paragraph a message, as in a chat window
    which: float  # from 0 to 1: which of the topic's problems it is, and so which answer fits
    question: float  # the same for what is asked back, so that the reply answers it

    def comments(self, shape: str) -> list[Comment]:
        """Return the messages of a shape, without ids, authors and times."""
        return [self._comment(letter) for letter in shape]

    def note(self, marker: str) -> Comment:
        """Return an internal note; `marker` must never reach an output."""
        return Comment("assistant", [f"{marker}: {self._say('note', 'text')}"], public=False)

    def _say(self, section: str, kind: str) -> str:
        return self.facts.pick(self.rng, section, kind)

    def _one_of(self, sentences: Sequence[str]) -> str:
        return self.facts.fill(self.rng, self.rng.choice(sentences))

    def _at(self, sentences: Lines, place: float) -> str:
        return self.facts.fill(self.rng, sentences[int(len(sentences) * place)])

    def _comment(self, letter: str) -> Comment:
        customer = {"U": self._opening, "T": self._thanks, "N": self._nudge, "R": self._reply}
        if letter == "X":
            return Comment("user", [], attachment=f"IMG_{self.rng.randint(1000, 9999)}.jpg")
        if letter == "F":
            return self._customer([self._matching("followup"), *self._extras(1)])
        if letter in customer:
            return customer[letter]()
        if letter == "H":
            return Comment("assistant", [self._say("agent", "handover")], takeover=True)
        said = {
            "A": lambda: self._at(self.topic.answer, self.which),
            "Q": lambda: self._matching("ask"),
            "S": lambda: self._matching("second"),
        }
        return self._agent(said[letter](), guide=letter == "A")

    def _matching(self, kind: str) -> str:
        """Return a sentence that stands at the same place in its list as its counterpart."""
        return self._at(self.facts.bank.talk[self.topic.kind][kind], self.question)

    def _fitting(self, kind: str) -> Lines:
        """Return what customers say anyway and what they say about this kind of topic."""
        talk = self.facts.bank.talk
        return talk["customer"][kind] + talk[self.topic.kind].get(kind, ())

    def _extras(self, most: int) -> list[str]:
        chosen = self.rng.sample(self._fitting("background"), self.rng.randint(0, most))
        return [self.facts.fill(self.rng, sentence) for sentence in chosen]

    def _opening(self) -> Comment:
        sentences = [self._at(self.topic.problem, self.which)]
        if self.rng.random() < 0.75:
            sentences.append(self._one_of(self.topic.detail))
        sentences += self._extras(3)
        if self.rng.random() < 0.5:
            sentences.append(self._say("customer", "urgency"))
        return self._customer(sentences, formal=True)

    def _thanks(self) -> Comment:
        return self._customer([self._one_of(self._fitting("thanks"))])

    def _nudge(self) -> Comment:
        return self._customer([self._one_of(self._fitting("nudge"))])

    def _reply(self) -> Comment:
        return self._customer([self._matching("reply"), *self._extras(1)])

    def _customer(self, sentences: list[str], *, formal: bool = False) -> Comment:
        if self.casual:
            return Comment("user", [" ".join(sentences)])
        blocks: list[Block] = [" ".join(sentences)]
        if formal or self.rng.random() < 0.3:
            blocks.insert(0, self._say("customer", "greeting"))
        if formal and len(sentences) > 2 and self.rng.random() < 0.4:
            blocks[1:2] = [" ".join(sentences[:2]), " ".join(sentences[2:])]
        if formal or self.rng.random() < 0.4:
            blocks.append(self._say("customer", "signoff").replace(", ", ",\n", 1))
        return Comment("user", blocks, rich=self.rng.random() < 0.1)

    def _agent(self, answer: str, *, guide: bool) -> Comment:
        blocks: list[Block] = [self._say("agent", "greeting")]
        warm = [self._say("agent", "empathy")] if self.rng.random() < 0.7 else []
        blocks.append(" ".join([*warm, answer]))
        if self.casual:
            return Comment("assistant", [" ".join(str(block) for block in blocks)])
        if guide and self.rng.random() < 0.3:
            steps = self.rng.sample(self.facts.bank.talk[self.topic.kind]["step"], 3)
            blocks.append(tuple(self.facts.fill(self.rng, step) for step in steps))
        if self.rng.random() < 0.8:
            blocks.append(self._say("agent", "closing"))
        blocks.append(self._say("agent", "signature").replace(", ", ",\n", 1))
        link = None
        if guide and self.rng.random() < 0.25:
            blocks.append(self._say("agent", "link"))
            link = (
                f"https://help.example.com/{self.facts.bank.language}/{self.topic.name}?a=1&amp;b=2"
            )
        rich = link is not None or self.rng.random() < 0.3
        return Comment("assistant", blocks, rich=rich, link=link)
