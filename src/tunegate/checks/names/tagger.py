"""A linear model that tells how likely a word is part of a person's name."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import IO

import numpy as np
import numpy.typing as npt

from tunegate.checks.names.features import BITS, Scene, indices
from tunegate.checks.names.tokens import Ints

FILE = "weights.npz"
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Weights:
    """What the model has learned: steps of `scale` for each index, and what is added to all."""

    steps: npt.NDArray[np.int8]
    scale: float
    bias: float


@cache
def shipped() -> Weights:
    """Return the weights that come with the package."""
    with (files(__package__) / FILE).open("rb") as file:
        return load(file)


def load(file: IO[bytes]) -> Weights:
    """Return weights from a file."""
    with np.load(file, allow_pickle=False) as kept:
        return Weights(kept["steps"], float(kept["scale"]), float(kept["bias"]))


def likelihood(seen: Scene, at: Ints, weights: Weights | None = None) -> Floats:
    """Return for the words at some places how likely they are part of a name, from 0 to 1."""
    use = weights or shipped()
    total = np.zeros(len(at), np.int32)
    for index in indices(seen, at):
        total += use.steps.take(index)
    return _logistic(total * np.float32(use.scale) + np.float32(use.bias))


def quantised(values: Floats, bias: float) -> Weights:
    """Return real weights as small integers."""
    if len(values) != 1 << BITS:
        raise ValueError("as many weights as there are indices")
    scale = float(np.abs(values).max()) / 127 or 1.0
    return Weights(np.rint(values / scale).astype(np.int8), scale, bias)


def _logistic(value: Floats) -> Floats:
    return (1 / (1 + np.exp(-np.clip(value, -30, 30)))).astype(np.float32)
