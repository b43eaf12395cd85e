"""Groups of label → value pairs (items and their sub-items, keys and their objects), and which of them are one record.

*Complementary* siblings say different things (hardware, layout, memory) and are one record with what is around them.
*Parallel* siblings say the same things of several configurations: each is a record of its own.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

_UP = 6  # levels up to which a label counts as something a group says


@dataclass(slots=True)
class Groups:
    """A forest of groups; group 0 is the whole grid."""

    parents: list[int] = field(default_factory=lambda: [-1])
    apart: list[bool] = field(default_factory=lambda: [False])
    labels: list[set[str]] = field(default_factory=lambda: [set()])

    def add(self, parent: int, *, apart: bool = False) -> int:
        """A new group in a group; ``apart`` if it is a record of its own whatever it says."""
        self.parents.append(parent)
        self.apart.append(apart)
        self.labels.append(set())
        return len(self.parents) - 1

    def say(self, group: int, label: str) -> None:
        """Note that a group has a value with this label."""
        if label:
            self.labels[group].add(label.casefold())

    def records(self) -> tuple[list[int], tuple[int, ...]]:
        """Record of every group, and for every record the one it lies in (-1 for the outermost)."""
        wide = self._widened()
        said_below: list[Counter[str]] = [Counter(own) for own in self.labels]
        for group in range(1, len(self.parents)):
            said_below[self.parents[group]].update(wide[group])
        record = [0] * len(self.parents)
        outer = [-1]
        for group in range(1, len(self.parents)):  # parents come before their children
            parent = self.parents[group]
            counts = said_below[parent]
            if self.apart[group] or any(counts[label] > 1 for label in wide[group]):
                record[group] = len(outer)
                outer.append(record[parent])
            else:
                record[group] = record[parent]
        return record, tuple(outer)

    def _widened(self) -> list[set[str]]:
        """What every group says, a few levels of its descendants included."""
        wide: list[set[str]] = [set(own) for own in self.labels]
        for group, own in enumerate(self.labels):
            above, levels = self.parents[group], _UP
            while own and above > 0 and levels and not self.apart[group]:
                wide[above] |= own
                above, levels = self.parents[above], levels - 1
        return wide
