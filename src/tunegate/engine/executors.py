"""Run one function over many items, in this process or in several.

An executor supplies one primitive, `map_tasks(fn, items)`: at least once for each item, results in
any order. `fn` and the items must pickle; whatever is large travels in files.
"""

import os
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import active_children, get_context
from typing import Protocol, TypeVar

from tunegate.errors import EngineError

Item = TypeVar("Item")
Result = TypeVar("Result")

IN_FLIGHT = 2  # tasks waiting a worker: enough that none idles, few enough to stop quickly
DEATHS = 2  # a task that was there when a worker died this often is the likely cause


class Executor(Protocol):
    """Runs tasks somewhere."""

    def map_tasks(self, fn: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """Yield `fn(item)` for every item, in any order."""
        ...


@dataclass(frozen=True)
class InProcess:
    """Runs one task after the other, here."""

    def map_tasks(self, fn: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """Yield the results in order."""
        return map(fn, items)


@dataclass(frozen=True)
class Pool:
    """Runs tasks in `workers` processes, and goes on when one of them dies.

    The processes are started afresh, not forked: polars holds threads, and a forked copy of a
    lock never opens.
    """

    workers: int

    def map_tasks(self, fn: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """Yield the results as they come.

        Raises:
            EngineError: a worker died twice on the same task.
        """
        deaths: dict[int, int] = {}
        strangers = active_children()  # a program that calls us may have processes of its own
        waiting = list(enumerate(items))[::-1]
        while waiting:
            pool = ProcessPoolExecutor(self.workers, mp_context=get_context("spawn"))
            running: dict[Future[Result], tuple[int, Item]] = {}
            try:
                while waiting or running:
                    while waiting and len(running) < self.workers * IN_FLIGHT:
                        number, item = waiting.pop()
                        try:
                            with _interrupts_held_back():
                                running[pool.submit(fn, item)] = number, item
                        except BrokenProcessPool:
                            waiting.append((number, item))
                            raise
                    done, _ = wait(running, return_when=FIRST_COMPLETED)
                    for future in done:
                        result = future.result()
                        del running[future]
                        yield result
            except BrokenProcessPool:
                for number, item in sorted(running.values(), key=lambda task: -task[0]):
                    deaths[number] = deaths.get(number, 0) + 1
                    waiting.append((number, item))
                    if deaths[number] >= DEATHS:
                        raise EngineError(
                            f"a worker process died {deaths[number]} times near task {number}",
                            hint="memory may have run out: try `--workers 1`",
                        ) from None
            except BaseException:
                for process in set(active_children()).difference(strangers):
                    process.terminate()
                raise
            finally:
                pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Start workers that Ctrl-C does not reach, not even while they import.

    It goes to the whole process group, and only the parent may answer it. A blocked signal stays
    blocked in a started process, and here it arrives as soon as this block ends.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def choose(workers: int | None, *, size: int, threshold: int) -> tuple[Executor, int]:
    """Return an executor and its number of processes.

    workers: as asked for; None chooses. size, threshold: bytes to read, and from how many on
    starting processes pays.
    """
    if workers is None:
        workers = available() if size >= threshold else 1
    return (InProcess(), 1) if workers <= 1 else (Pool(workers), workers)


def available() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
