"""What each compiled kernel takes and gives. Arrays are contiguous; those named first are read, the others written."""

from array import array
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]
Ints = NDArray[np.int64]
Narrow = NDArray[np.int32]
Points = NDArray[np.uint32]
Bytes = NDArray[np.uint8]
Flags = NDArray[np.bool_]
Marks = NDArray[np.uint16]
Weights = NDArray[np.int8]
Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]


class Kernels(Protocol):
    """The compiled kernels. Each raises TypeError or ValueError for arrays that do not fit, before it reads them."""

    def known(
        self, hashes: Hashes, first: Narrow, wanted: Hashes, levels: Bytes, lists: Marks, level: Bytes, marks: Marks, /
    ) -> None:
        """``streams.entities.vocabulary.Vocabulary.of``; the last of ``levels`` and ``lists`` is of no hash."""

    def one_spelling(self, words: Hashes, present: Flags, spelled: Hashes, meant: Hashes, found: Hashes, /) -> None:
        """``streams.entities.variants.one_spelling``; ``present`` are the low 16 bits that ``spelled`` have."""

    # fmt: off
    def letters(
        self, points: Points, table: Points, split: Flags,
        at: Ints, kind: Bytes, code: Points, upper: Flags, packed: Points, sums: Hashes, /,
    ) -> tuple[int, int]:
        """The letters of a text as ``streams.entities.tokens.Letters``; how many there are, and how many words.

        ``split`` is empty or says of each character whether an apostrophe there ends a word.
        """

    def words(
        self, points: Points, at: Ints, kind: Bytes, code: Points, upper: Flags, packed: Points, texts: Ints,
        first: Ints, start: Ints, end: Ints, low: Ints, high: Ints, line: Ints, hashes: Hashes,
        case: Bytes, gap: Bytes, opens: Flags, number: Flags, script: Bytes, before: Bytes, after: Bytes, /,
    ) -> int:
        """The words among letters as ``streams.entities.tokens.Tokens``, and their scripts, a bit each.

        ``texts`` says where each text starts.
        """

    def names(
        self, hashes: Hashes, buckets: Narrow, first_alias: Ints, signature: Hashes,
        words: Hashes, gap: Bytes, case: Bytes, low: Ints, high: Ints, starts: Ints, opening: Hashes, shifts: Ints,
        start: Ints, length: Ints, alias: Ints, shift: Ints, /,
    ) -> int:
        """How many matches ``streams.entities.index.Index.agreeing`` leaves of ``search``; as many as fit are written.

        Names begin with each of ``words``; and at ``starts``, with a word of which only ``opening`` is left.
        """

    def written_out(
        self, start: Ints, length: Ints, alias: Ints, interrupted: Flags, abbreviated: Flags,
        case: Bytes, gap: Bytes, number: Flags, starts: Ints, ends: Ints, low: Ints, high: Ints, marks: Marks,
        code: Points, keep: Flags, /,
    ) -> None:
        """``streams.entities.matching.written_out``: which matches to keep."""

    def painted(
        self, start: Ints, length: Ints, alias: Ints, owner: Ints, first: Hashes, other: Hashes, found: Hashes, /
    ) -> None:
        """``streams.entities.clues.painted``: the bits of every word that stands in a known name."""

    def believed(
        self, start: Ints, length: Ints, alias: Ints, shift: Ints, owner: Ints, unsure: Flags,
        source: Ints, weight: Ints, kind: Ints, case: Bytes, gap: Bytes, script: Bytes, starts: Ints, ends: Ints,
        low: Ints, high: Ints, level: Bytes, marks: Marks, tables: Hashes, gpe: int, person: int, untyped: int,
        sure: Flags, /,
    ) -> None:
        """``streams.entities.matching.believed``; ``kind`` is the type of an entry."""

    def ordered(
        self, start: Ints, length: Ints, alias: Ints, shift: Ints, sure: Flags, owner: Ints, abbreviated: Flags,
        unsure: Flags, source: Ints, order: Ints, guessed: Ints, ends: Ints, words: int, left_out: int,
        first: Ints, lengths: Ints, shifts: Ints, aliases: Ints, entry: Ints, believed: Flags, /,
    ) -> int:
        """How many matches of so many words ``streams.entities.listing`` looks at, which are written in order.

        They are sure, unsure, or of the words of a span from ``guessed`` to ``ends``; none is of the source
        ``left_out``.
        """

    def supported(
        self, first: Ints, entry: Ints, alias: Ints, sure: Flags, articles: Ints, unsure: Flags, described: Flags,
        same: Ints, found: Flags, /,
    ) -> int:
        """Which unsure matches name what a sure one of their article names, and how many are descriptions:
        ``streams.entities.listing``."""

    def listed(
        self, first: Ints, length: Ints, shift: Ints, alias: Ints, entry: Ints, sure: Flags,
        letters: Ints, low: Ints, ends: Ints, abbreviated: Flags, types: Ints,
        firsts: Ints, lasts: Ints, starts: Ints, stops: Ints, kinds: Ints, begins: Ints, meant: Ints, others: Ints, /,
    ) -> tuple[int, int]:
        """Spans of sure matches as ``streams.entities.listing.spans_of`` has them, and the rows of the others: how
        many of each.

        ``begins`` says where the entries of each span begin in ``meant``, which has one for each sure match.
        """

    def capitals(
        self, case: Bytes, script: Bytes, opens: Flags, gap: Bytes, level: Bytes, marks: Marks, articles: Ints,
        numbers: Ints, edges: Ints, small: Ints, /,
    ) -> int:
        """``streams.entities.screening.screened``: how many words may name something, which are written."""

    def segments(
        self, case: Bytes, gap: Bytes, script: Bytes, number: Flags, low: Ints, high: Ints, code: Points, marks: Marks,
        row: Ints, first: Ints, /,
    ) -> tuple[int, int]:
        """``streams.entities.segments.find_segments``: how many rows were written, and how many segments of them."""

    def clues(
        self, hashes: Hashes, case: Bytes, gap: Bytes, opening: Flags, number: Flags, low: Ints, high: Ints,
        line: Ints, marks: Marks, document: Ints, rows: Ints,
        opens: Flags, sentence: Ints, style: Hashes, elsewhere: Hashes, shape: Hashes, /,
    ) -> None:
        """The columns of ``streams.entities.features.Clues`` that no table gives."""

    def scores(
        self, hashes: Hashes, low: Ints, high: Ints, code: Points, gap: Bytes, before: Bytes, after: Bytes,
        tables: Hashes, ordinary: Bytes, opens: Flags, sentence: Ints, style: Hashes, elsewhere: Hashes, shape: Hashes,
        rows: Ints, segments: Ints, weights: Weights, scale: Floats, scores: Floats, /,
    ) -> None:
        """``streams.entities.model.Model.scores`` of ``streams.entities.features.columns``."""

    def viterbi(self, scores: Floats, segments: Ints, starting: Floats, follows: Floats, chosen: Ints, /) -> None:
        """``streams.entities.model.viterbi``; ``follows`` is what pairs of labels add, forbidden ones included."""

    def runs(
        self, scores: Floats, labels: Ints, rows: Ints, segments: Ints, hashes: Hashes, case: Bytes, gap: Bytes,
        number: Flags, ordinary: Bytes, opens: Flags, marks: Marks, document: Ints, asked: Flags,
        first: Ints, last: Ints, kind: Ints, opening: Flags, /,
    ) -> int:
        """How many spans ``streams.entities.guessing.labelled`` finds, which are written."""

    def spans(
        self, forms: tuple[object, ...], first: Ints, last: Ints, start: Ints, end: Ints, kinds: Ints, noted: Flags,
        begins: Ints, entries: Ints, articles: Ints, /,
    ) -> list[list[Any]]:
        """``streams.entities.spans.spans_from``; ``forms`` are the class of spans, a source, types and two notes."""

    def merged(
        self, guessed: list[Any], listed: list[Any], kept: list[Any], rejected: list[Any], maybe: Mapping[Any, Any],
        readings: dict[Any, Any], resumed: Callable[[Any, int], int], read: Callable[[Any, Any], object],
        words: object, text: str, forms: tuple[object, ...], types: Ints, starts: Ints, ends: Ints, case: Bytes,
        marks: Marks, /,
    ) -> bool:
        """What ``streams.entities.merging.merged`` keeps and rejects before names are framed, and whether any may be.

        ``resumed`` does what has to be weighed; ``readings`` and ``read`` are of ``streams.entities.readings``,
        ``forms`` of ``_forms`` there.
        """

    def grouped(
        self, spans: list[Any], capitalised: list[int], words: object, text: str, lexicon: tuple[object, ...],
        forms: tuple[object, ...], types: Ints, orders: Ints, sources: Ints, starts: Ints, ends: Ints, hashes: Hashes,
        case: Bytes, before: Bytes, marks: Marks, gazetteer: int, items: int, /,
    ) -> list[Any]:
        """The groups of ``streams.entities.coreference.grouped``.

        ``lexicon`` and ``forms`` are of ``Lexicon.lists`` and ``_forms`` there; ``gazetteer`` and ``items`` are the
        numbers of the sources whose names of one word are rather the last names of people.
        """

    def described(
        self, groups: list[Any], text: str, forms: tuple[Any, ...], title: int, body: int, end: int,
        starts: Ints, ends: Ints, marks: Marks, /,
    ) -> list[Any]:
        """The entities of ``streams.entities.entities.described``, in the order of their groups.

        ``forms`` are the models of mentions and of entities, the names of the fields of each, the types by their
        names, and the slots of a message, each of which is set.
        """

    def spelled(
        self, points: Points, table: Bytes, texts: Ints, hashes: Hashes, starts: Ints, ends: Ints, opening: Points,
        numeric: Flags, letters: Ints, owners: Ints, firsts: Ints, /,
    ) -> int:
        """How many words ``streams.dedup.words.words_of`` finds; as many as fit are written.

        ``texts`` says where each text starts, and where one more would; ``firsts`` is written in full.
        """

    def sequences(self, hashes: Hashes, firsts: Ints, found: Hashes, /) -> None:
        """``streams.dedup.words.sequence_hashes``."""

    def terms(
        self, hashes: Hashes, starts: Ints, opening: Points, numeric: Flags, letters: Ints, firsts: Ints,
        cased: Points, by_place: Ints, rare_ids: Points, idf: Floats, unseen: Doubles,
        dates: Hashes, meant: Hashes, cases: Ints, dated_ids: Ints, factors: Doubles, terms: Points, sizes: Ints, /,
    ) -> int:
        """How many terms ``streams.dedup.terms.terms_of_each`` finds, and of which kind in which article."""

    def samples(
        self, hashes: Hashes, numeric: Flags, firsts: Ints,
        prints: Points, kept: Ints, whole: Flags, numbers: Marks, numbered: Ints, /,
    ) -> None:
        """Prints and numbers of ``streams.dedup.sketch.Sketch`` for each text.

        ``prints`` and ``numbers`` have room for the most that a sketch holds; ``kept`` and ``numbered`` say how many.
        """

    def split_words(
        self, text: str, table: Ints, kinds: "array[int]", seed: int,
        numbers: Narrow, starts: Narrow, ends: Narrow, hashes: Ints, counts: Ints, /,
    ) -> int:
        """``streams.rules.numbered``: number (-1 where unknown), start, end and hash of each word; how many there are.

        ``table`` has a power of two of places, each a word's hash and its number, which is -1 where the place is free.
        Into ``counts`` goes how many are unknown, and the kinds of all that are known.
        """

    def enter_words(self, table: Ints, hashes: "array[int]", number: int, /) -> None:
        """Words put into a table that has room, numbered from ``number`` on."""

    def part_sentences(
        self, text: str, numbers: Narrow, starts: Narrow, ends: Narrow, kinds: "array[int]",
        firsts: Narrow, parts: Narrow, /,
    ) -> int:
        """Positions of the words that begin a sentence (1) or a paragraph (2), and which; how many there are."""

    def places_of(self, numbers: Narrow, wanted: "array[int]", places: Narrow, /) -> int:
        """Where the words are that have one of some numbers; how many there are."""

    def meet_needs(
        self, numbers: Narrow, firsts: Narrow, begins: "array[int]", groups: "array[int]", needs: "array[int]",
        adds: "array[int]", added: "array[int]", sums: Hashes, met: Narrow, masks: Hashes, unknown: Narrow, /,
    ) -> int:
        """``streams.rules.meeting``: needs that a sentence meets, counted from 1, and by which, a bit each; how many.

        A need has five groups, -1 where it has fewer. The groups of a word begin in ``groups`` with their count, and
        in ``added`` those that a sentence has from then on, for the needs after it, once it meets a need.
        ``sums`` has a row for each sentence and one for all: the groups that it has a word of, a bit each. Where the
        groups of words are not known, these words go to ``unknown``, and minus their count is returned.
        """

    def find_postings(
        self, rows: Points, held: Bytes, bits: int, width: int, grown: int, spread: Points, swept: int, offset: int,
        hidden: int, index: Ints, numbers: Ints, full: Bytes, /,
    ) -> int:
        """``streams.dedup.buckets.Buckets.find``: how many postings there are; as many as fit are written.

        ``rows`` and ``held`` are a table of so many bits and buckets a set, of which there is one more in each set
        from ``grown`` on.
        """

    def put_postings(
        self, rows: Points, held: Bytes, bits: int, width: int, grown: int, spread: Points, numbers: Points,
        over: Ints, /,
    ) -> int:
        """Postings put into a table, of one number each or one for all; how many do not fit, and which."""

    def widen_sets(
        self, rows: Points, held: Bytes, bits: int, width: int, grown: int, first: int,
        prints: Points, numbers: Points, /,
    ) -> int:
        """The sets from ``first`` on, but for those that have it, moved to where they have a bucket more; how many
        postings do not fit then, and which."""

    def lower_sets(
        self, rows: Points, held: Bytes, bits: int, width: int, grown: int, first: int, end: int, by: int, /
    ) -> int:
        """``streams.dedup.buckets.Buckets.lower``."""

    def sharing(
        self, prints: Points, stops: Points, index: Ints, groups: Ints, counts: Ints, numbers: Ints, shared: Ints, /
    ) -> int:
        """In how many groups each print stands, and how many groups share enough prints that count: which, and how many
        prints each."""

    def additions(
        self, prints: Points, index: Ints, groups: Ints, counts: Ints, group: int, added: Points, stopped: Points, /
    ) -> tuple[int, int]:
        """``streams.dedup.copies.Copies.additions``: how many prints are added, and how many of them stop."""

    def gathered(self, parts: list[Any], numbers: Ints, gone: int, bits: int, width: int, entries: Bytes, /) -> None:
        """``streams.dedup.columns.Column.many``: the bytes of some entries, of ``width`` each.

        The part of an entry is what its number has above so many bits, less ``gone``.
        """

    def alike(
        self, every: Points, sizes: Ints, rows: Bytes, time: int, fading: Doubles, undated: Doubles,
        alike: Doubles, whenever: Doubles, /,
    ) -> None:
        """``streams.dedup.alike.Comparing.alike_and_whenever``; rows as bytes of ``streams.dedup.alike.ROW``."""

    def weeds(
        self, every: Points, sizes: Ints, rows: Bytes, least: Doubles, found: Bytes, weeds: Flags, /
    ) -> int:
        """``streams.dedup.sites.weeded``: how many terms are boilerplate, and which; ``found`` is only written."""

    def told(self, every: Points, sizes: Ints, row: Points, asked: Points, /) -> int:
        """The terms and squared lengths of ``streams.dedup.alike.ROW``; how many terms an article is looked up by, and
        which."""

    def spliced(self, parts: Sequence[bytes], which: Ints, starts: Ints, ends: Ints, into: Bytes, /) -> int:
        """Parts of some bytes, one after the other; how long they are together."""

    def digests(self, texts: Bytes, ends: Ints, found: Hashes, /) -> None:
        """BLAKE2b of eight bytes of each text, little-endian; a text begins where the one before ends."""

    def ring_put(self, rings: Narrow, turns: Bytes, bits: int, entries: Ints, asked: Points, /) -> None:
        """Entries, ascending, or one, put into the rings of terms: ``streams.dedup.rings``."""

    def ring_latest(self, rings: Narrow, bits: int, asked: Points, base: int, latest: Ints, /) -> int:
        """``streams.dedup.rings.Rings.latest``: how many entries there are, and which."""

    def normal_form(self, text: str, fold: Callable[[str], str], /) -> str:
        """``streams.text.normal.normalised``; ``fold`` is called with words that have other signs than ASCII and common
        marks."""

    def open_gates(
        self, text: str, labels: Marks, rows: Marks, firsts: Points, edges: Marks, ends: Marks, fails: Marks,
        masks: Hashes, found: Hashes, size: int, /,
    ) -> None:
        """``streams.text.gates``: the sets of what stands in each line of a text, of which ``masks`` has that of each
        state; those of ``found`` are widened. The first states have ``rows`` of so many states, one for each label."""

    def count_lines(
        self, text: str, lower: str, title: str, stops: str, telling: str, final: str, closing: str, symbols: str,
        quotes: str, seed: int, table: Doubles, /,
    ) -> None:
        """``streams.text.counting``: a row of each of its ``ROWS``; ``lower`` is the text in lower case, as the title
        is. Words of sets are parted by blanks."""

    def describe_neighbours(self, columns: Doubles, longer: Doubles, rows: Doubles, /) -> None:
        """``streams.text.features.CONTEXT`` but for logarithms, and rows ``prose_before`` to ``text_prose``."""

    def describe_manner(
        self, text: str, kinds: str, groups: Ints, prose: Doubles, rows: Doubles, /
    ) -> None:
        """``streams.text.manner.ROWS`` of each line of ``text``; words of each of the ``kinds``, parted by blanks,
        stand in a line of their own. ``groups`` are those of the lines' cues, as bits; ``prose`` says which
        lines are sentences."""

    def tree_sums(
        self, columns: Ints, thresholds: Doubles, asked: Ints, values: Doubles, table: Doubles, sums: Doubles,
        depth: int, /,
    ) -> None:
        """``streams.text.classifier``: what the leaves of all trees add up to for each column of ``table``."""
    # fmt: on
