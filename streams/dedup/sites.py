"""What a site's articles have in common whatever they tell of: left-over boilerplate, by which no story is told.

A term that a good part of a site's latest articles have is its boilerplate, or what much of its news is about
just now. The articles themselves tell which: boilerplate joins articles that have nothing else in common, an
event articles that are alike in their rarer terms, too.
"""

from collections import OrderedDict
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from streams.dedup.columns import runs
from streams.dedup.terms import Terms

Flags: TypeAlias = NDArray[np.bool_]

LATEST = 16
"""Articles of a site that are looked at."""
FEWEST, SHARE = 4, 0.3
"""How many of them have a term that is common there, and what share."""
STRANGERS = 0.5
"""What share of those that have a term are strangers to an article which is not told by it."""
STRANGE = 0.02
"""Strangers are alike by less, but for the common terms; reports of one event hardly ever are."""
SWEPT = 2
"""Sites that are let go with each article, once all of theirs are forgotten."""


class Sites:
    """The latest entries of each site, by 64-bit hashes; 0 is no site."""

    def __init__(self) -> None:
        self._latest: OrderedDict[int, list[int]] = OrderedDict()
        """The site that sent last comes last."""

    def __len__(self) -> int:
        return len(self._latest)

    def of(self, site: int, base: int) -> list[int]:
        """The latest entries of a site, from ``base`` on, ascending."""
        return [entry for entry in self._latest.get(site, ()) if entry >= base]

    def add(self, site: int, entry: int, base: int) -> None:
        """Take an entry in, the one after the last; those below ``base`` are forgotten."""
        self._let_go(SWEPT, base)
        if site:
            latest = self._latest.setdefault(site, [])
            latest.append(entry)
            del latest[:-LATEST]
            self._latest.move_to_end(site)

    def extend(self, sites: NDArray[np.uint64], entry: int, base: int) -> None:
        """Take many entries in, from ``entry`` on, which is the one after the last."""
        order = np.argsort(sites, kind="stable")
        first, sizes = runs(sites[order])
        ends = first + sizes
        for turn in np.argsort(order[ends - 1]).tolist():  # the site that sent last comes last
            these = order[max(first[turn], ends[turn] - LATEST) : ends[turn]]
            if site := int(sites[these[-1]]):
                self._latest[site] = [*self._latest.pop(site, ()), *(these + entry).tolist()][-LATEST:]
        self._let_go(SWEPT * len(sites), base)

    def _let_go(self, most: int, base: int) -> None:
        """Let go of some of the sites that sent nothing from ``base`` on."""
        for _ in range(min(most, len(self._latest))):
            if self._latest[next(iter(self._latest))][-1] >= base:
                break
            self._latest.popitem(last=False)

    def nbytes(self) -> int:
        """Bytes held."""
        return sum(250 + 40 * len(latest) for latest in self._latest.values())


def weeded(terms: Terms, found: NDArray[np.uint8], theirs: NDArray[np.uint8]) -> Terms:
    """The terms of an article, without weight and at the end of their kind those that are boilerplate of its site.

    ``theirs`` are the weights of the terms of the site's latest articles, a row each; ``found`` says for each which
    of the article's terms it is, counted from 1, or 0.
    """
    least, size = least_common(len(found)), len(terms.every) + 1
    holders = np.bincount(found.ravel(), minlength=size)
    holders[0] = 0
    common = holders >= least
    if not common.any():
        return terms
    strangers = np.bincount(found[_strange(common, terms, found, theirs)].ravel(), minlength=size)
    weeds = (common & (strangers >= np.maximum(least, STRANGERS * holders)))[1:]
    if not weeds.any():
        return terms
    return without_weight(terms, weeds)


def least_common(articles: int) -> float:
    """How many of so many articles of a site have a term that is common there."""
    return max(FEWEST, SHARE * articles)


def without_weight(terms: Terms, weeds: Flags) -> Terms:
    """The terms, some of them without weight and at the end of their kind."""
    every = np.where(weeds, terms.every & ~np.uint32(255), terms.every)
    return Terms(every[np.argsort(2 * terms.kinds + weeds, kind="stable")], terms.sizes)


def _strange(common: Flags, terms: Terms, found: NDArray[np.uint8], theirs: NDArray[np.uint8]) -> Flags:
    """Which articles an article is not like, by cosine of all terms but the common ones."""
    mine = np.zeros(len(common), dtype=np.uint32)
    mine[1:] = terms.every & np.uint32(255)
    mine[common] = 0
    rest = np.multiply(theirs, ~common.take(found), dtype=np.uint32)
    dots = np.einsum("ij,ij->i", mine.take(found), rest)
    squares = np.einsum("ij,ij->i", rest, rest) * float(mine @ mine)
    strange: Flags = (dots < STRANGE * np.sqrt(squares)) | (dots == 0)
    return strange
