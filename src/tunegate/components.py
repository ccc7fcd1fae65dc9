"""Connected components of a graph that is given as arrays."""

from typing import TypeVar

import numpy as np
import numpy.typing as npt

Number = TypeVar("Number", bound=np.integer)


def components(
    nodes: npt.NDArray[Number], left: npt.NDArray[Number], right: npt.NDArray[Number]
) -> npt.NDArray[Number]:
    """Return for each node the smallest node that edges connect it to.

    nodes: sorted and distinct. left, right: the ends of each edge, all of them nodes. The result
    does not depend on the order of the edges.
    """
    label = np.arange(len(nodes))
    a, b = np.searchsorted(nodes, left), np.searchsorted(nodes, right)
    while True:
        low = np.minimum(label[a], label[b])
        before = label.copy()
        np.minimum.at(label, label[a], low)
        np.minimum.at(label, label[b], low)
        # Follow the pointers to the end, or a long chain would take a round a link.
        while not np.array_equal(label, label[label]):
            label = label[label]
        if np.array_equal(before, label):
            return nodes[label]
