"""Groups of copies that a later text showed to be one: each stands under the oldest, as long as that is remembered."""

import numpy as np

from streams.dedup.quotients import Numbers
from streams.text.hashing import looked_up

_NONE = np.zeros(0, dtype=np.int64)


class United:
    """Which groups are under which; a fold over what records say."""

    def __init__(self) -> None:
        self._under: dict[int, int] = {}
        """The older group of each, which may itself be under another one."""
        self._groups, self._heads = _NONE, _NONE
        """The same groups, ascending, and the oldest that each stands under."""

    def __len__(self) -> int:
        return len(self._under)

    def add(self, group: int, under: int) -> None:
        """Let a group stand under an older one, neither of which stands under another yet."""
        if group in self._under:
            return
        self._under[group] = under
        self._heads[self._heads == group] = under
        at = int(self._groups.searchsorted(group))
        self._groups, self._heads = np.insert(self._groups, at, group), np.insert(self._heads, at, under)

    def of(self, group: int) -> int:
        """The group that stands for this one."""
        while group in self._under:
            group = self._under[group]
        return group

    def many(self, groups: Numbers) -> Numbers:
        """The groups that stand for these: the same array where all stand for themselves."""
        if not len(self._groups) or not len(groups):
            return groups
        at, under = looked_up(groups, self._groups)
        return np.where(under, self._heads.take(at, mode="clip"), groups) if under.any() else groups

    def forget(self, base: int) -> None:
        """Forget the groups below ``base``: what stood under one of them stands for itself."""
        if not self._under:
            return
        self._under = {group: under for group, under in self._under.items() if under >= base}
        self._groups = np.array(sorted(self._under), dtype=np.int64)
        self._heads = np.array([self.of(group) for group in self._groups.tolist()], dtype=np.int64)

    def nbytes(self) -> int:
        """Bytes held."""
        return 120 * len(self._under) + self._groups.nbytes + self._heads.nbytes
