"""Show a run: `summarise` computes the numbers, `render` and `screen` draw them."""

from tunegate.report.render import render
from tunegate.report.screen import screen
from tunegate.report.summarise import summarise
from tunegate.report.summary import Summary

__all__ = ["Summary", "render", "screen", "summarise"]
