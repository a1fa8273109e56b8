"""Articles that stand alone although the story they are of has grown since: one that came too early is looked at again.

An article is compared with the few that came before it, of which its event may have one or two that say little. Once a
story has more, the article would join it, had it come now.
"""

from streams.dedup.joining import NEAREST, Choice, asked_of, least_of, of_nearest
from streams.dedup.state import State
from streams.dedup.stories import Members, Neighbours

AGAIN = 1.1
"""How much more is asked of an article that is looked at again."""
FEW_COPIES = 16
"""Articles of a story up to which it is looked at whether all are copies of one."""


def with_stray(state: State, members: Members, neighbours: Neighbours, choice: Choice, least: float) -> Choice:
    """The choice of an article, with the younger story merged that is of one article, is alike to this one by
    ``least`` and would join the chosen story now: of several the most alike."""
    stories = state.ledger.stories.some(neighbours.numbers.tolist())
    united = (choice.story, *choice.merged)
    own = [place for place, story in enumerate(stories) if story in united]
    if len(own) + 1 < NEAREST:
        return choice
    place = _nearest_alone(state, neighbours, stories, choice, least)
    if place is None or not _joins(state, members, neighbours, place, own, choice.likeness):
        return choice
    return Choice(choice.story, choice.likeness, (*choice.merged, stories[place]))


def _nearest_alone(
    state: State, neighbours: Neighbours, stories: list[int], choice: Choice, least: float
) -> int | None:
    """The place among the neighbours of the most alike one whose story is younger and of it alone."""
    scores = neighbours.scores.tolist()
    likely = [
        (-score, story, place)
        for place, (score, story) in enumerate(zip(scores, stories, strict=True))
        if score >= least and story > choice.story and story not in choice.merged and stories.count(story) == 1
    ]
    return next((place for _, story, place in sorted(likely) if _alone(state, story, choice)), None)


def _alone(state: State, story: int, choice: Choice) -> bool:
    """Whether a story is of one article and its copies, and no person took it from the chosen one."""
    if any(state.are_apart(one, story) for one in (choice.story, *choice.merged)):
        return False
    found = state.story(story)
    return found.size == 1 or (found.size <= FEW_COPIES and _of_copies(state, found.members))


def _of_copies(state: State, members: list[int]) -> bool:
    return not any(state.ledger.likeness.some([number for number in members if number >= state.ledger.base]))


def _joins(state: State, members: Members, neighbours: Neighbours, place: int, own: list[int], likeness: float) -> bool:
    """Whether the article at ``place`` would join the story of the others now, this article being one of these."""
    words, alike = members.among(neighbours, place, own)
    joined = [joined for joined in state.ledger.likeness.some(neighbours.numbers[own].tolist()) if joined]
    asked = asked_of([*joined, round(likeness * 1000)], least_of(words))
    return of_nearest([*alike, float(neighbours.scores[place])]) >= AGAIN * asked
