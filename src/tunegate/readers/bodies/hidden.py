"""Tell what HTML holds that no reader of it sees, such as the preview text of a newsletter."""

import re

from selectolax.lexbor import LexborNode

# One of these stands in any HTML that hides something; most has none and is walked faster.
_HINT = re.compile(
    r"display\s*:\s*none|mso-hide|visibility\s*:\s*hidden|opacity\s*:|font-size\s*:\s*0"
    r"|(?:height|width)\s*:\s*0|\shidden[\s=/>]",
    re.IGNORECASE,
)
_NOTHING = r"0*(?:\.0*)?(?:px|pt|em|rem|ex|in|mm|cm|%)?"  # a size, with the digit that is searched
_ENDS = r"\s*(?:!\s*important\s*)?(?:;|$)"
_UNSEEN = re.compile(
    r"(?:^|[;\s])(?:display\s*:\s*none|mso-hide\s*:\s*all|visibility\s*:\s*hidden"
    rf"|opacity\s*:\s*0{_NOTHING}{_ENDS})",
    re.IGNORECASE,
)
_CLIPPED = re.compile(
    rf"(?:^|[;\s])(?:max-)?(?:height|width)\s*:\s*0{_NOTHING}{_ENDS}", re.IGNORECASE
)
_CLIPS = re.compile(r"(?:^|[;\s])overflow(?:-[xy])?\s*:\s*(?:hidden|clip)", re.IGNORECASE)
_SIZE = re.compile(r"(?:^|[;\s])font(?:-size)?\s*:\s*([^;]*)", re.IGNORECASE)
_NO_SIZE = re.compile(rf"0{_NOTHING}\s*(?:!\s*important\s*)?$", re.IGNORECASE)


def may_hide(html: str) -> bool:
    """Tell whether there is any sense in looking for what is hidden."""
    return _HINT.search(html) is not None


def is_hidden(node: LexborNode) -> bool:
    """Tell an element that is not shown, with all it holds."""
    attributes = node.attributes
    if not attributes:
        return False
    if "hidden" in attributes:
        return True
    style = attributes.get("style") or ""
    if not style:
        return False
    return bool(_UNSEEN.search(style) or (_CLIPPED.search(style) and _CLIPS.search(style)))


class Sight:
    """Whether text is shown where a page is being walked.

    Letters without a size hide a text, but not what is inside and has a size of its own: layouts
    of mail use both together.
    """

    def __init__(self) -> None:
        self._sizes = [True]  # whether letters have one, by element that says so

    @property
    def shows(self) -> bool:
        """Whether letters have a size here."""
        return self._sizes[-1]

    def enter(self, node: LexborNode) -> bool:
        """Note an element that is shown; true if its end must be noted too."""
        attributes = node.attributes
        if not attributes:
            return False
        found = _SIZE.findall(attributes.get("style") or "")
        if found:
            self._sizes.append(_NO_SIZE.match(found[-1].strip()) is None)
            return True
        # What a class says is not known here, and nothing that is visible may be lost.
        if not self.shows and ("class" in attributes or node.tag == "font"):
            self._sizes.append(True)
            return True
        return False

    def leave(self) -> None:
        """Note that the element that was entered last ends."""
        self._sizes.pop()
