"""What the words of a name say about its type, in English; and words that are never a name by themselves."""

from collections.abc import Set


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


MEDIA_WORDS = _words(
    "news times post herald tribune gazette tv television radio broadcasting magazine newspaper daily guardian "
    "telegraph chronicle observer bulletin press network"
)
ARMED_WORDS = _words(
    "brigade brigades militia militias battalion battalions mujahideen mujahedeen katibat kataib liwa saraya jaysh "
    "jaish harakat ansar fedayeen insurgents rebels guerrillas cartel"
)
LAND_WORDS = _words(
    "river lake sea mountain mountains mount valley strait gulf island islands desert ocean bay cape peninsula coast "
    "forest hills plateau basin heights delta canal region"
)
BUILT_WORDS = _words(
    "airport airfield airbase base street bridge square road avenue hospital prison stadium building palace mosque "
    "church cathedral highway station port camp crossing checkpoint museum tower dam plant barracks boulevard shrine "
    "temple synagogue harbor harbour terminal hotel mall tunnel expressway house castle theatre theater arena"
)
EVENT_WORDS = _words(
    "war wars summit olympics cup games festival conference election elections revolution uprising massacre hurricane "
    "cyclone typhoon earthquake championship championships tournament prix marathon intifada operation coup genocide "
    "spring accords ceasefire referendum pandemic day"
)
STORMS = _words("hurricane cyclone typhoon storm")
SYLLABLES = _words(
    "un il in moon hye wen yeol ik hyun ho soo jin won kyu min jung jong hee sung kwon ryol hui chol nam hyok sik ju "
    "ki te huei hsiung jeou bian cheng ching fu ying shek tung chul hwan woo seok sook eun joon wook young shik pyo "
    "hwa chang kuo lin yuan ming hsien chi mo chih mou hua gun rok tae koo"
)
"""Second syllables of Korean and Chinese given names, which follow a hyphen in lower case: Kim Jong-un."""


def refined(kind: str, words: list[str]) -> str | None:
    """The type of a name that the trained tagger calls PER, ORG, LOC or MISC; None where it is of no type of ours.

    ``words`` are the name's words in lower case.
    """
    last, first = words[-1], words[0]
    if first in STORMS:
        return "EVENT" if len(words) > 1 else None
    if kind == "PER":
        return "PERSON"
    if kind == "ORG":
        if last in MEDIA_WORDS:
            return "MEDIA"
        return "ARMED_GROUP" if last in ARMED_WORDS or first in ARMED_WORDS else "ORG"
    if kind == "LOC":
        if last in BUILT_WORDS:
            return "FAC"
        return "LOC" if last in LAND_WORDS or first in ("mount", "lake", "cape", "gulf", "strait") else "GPE"
    return "EVENT" if any(word in EVENT_WORDS for word in words) else None


TITLES = _words(
    "mr mrs ms miss dr sir dame lord lady gen lt col sgt maj capt cmdr adm brig cpl pvt sen rep gov rev hon pres prof "
    "general lieutenant colonel sergeant major captain commander admiral brigadier corporal private senator "
    "representative governor reverend president professor prime minister chancellor king queen prince princess pope "
    "sheikh shaikh ayatollah imam sayyid mullah mufti secretary ambassador judge justice chief chairman chairwoman "
    "presidents ministers senators generals representatives reps sens colonels chiefs kings princes "
    "congressman congresswoman archbishop bishop cardinal pastor father sister brother foreign defense defence "
    "interior finance deputy vice former emir sultan crown speaker spokesman spokeswoman spokesperson director coach "
    "officer detective inspector marshal field grand hajj haji"
)
"""Words before a name that are not of it."""


ENDING_WITH_PERIOD = _words("inc corp co ltd jr sr bros cos")
"""Abbreviations at the end of a name."""

LINKING = _words("of for and the state states affairs")
"""Words that stand between titles: Secretary of State, Minister for Foreign Affairs."""


def titles_before(words: list[str], peoples: Set[int] = frozenset()) -> int:
    """How many words before a person's name are not of it; at least the last word is the name.

    ``peoples`` are the places of words that name a country or a people, which count when a title follows.

    >>> titles_before("iraqi prime minister mohammed shia al sudani".split(), frozenset({0}))
    3
    """
    count = 0
    for place, word in enumerate(words[:-1]):
        if word in TITLES:
            count = place + 1
        elif not (place in peoples or (word in LINKING and count == place)):
            break
        elif word in LINKING and count:
            count = place + 1
    return count
