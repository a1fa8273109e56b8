"""What the words of a name say about its type, in English; and words that are never a name by themselves."""

import re
from collections.abc import Set


def words_in(text: str) -> frozenset[str]:
    """The words of a list that is written as one text."""
    return frozenset(text.split())


MEDIA_WORDS = words_in(
    "news times post herald tribune gazette tv television radio broadcasting magazine newspaper daily guardian "
    "telegraph chronicle observer bulletin press network"
)
ARMED_WORDS = words_in(
    "brigade brigades militia militias battalion battalions mujahideen mujahedeen katibat kataib liwa saraya jaysh "
    "jaish harakat ansar fedayeen insurgents rebels guerrillas cartel"
)
ARMS = words_in(
    "mechanized mechanised armored armoured infantry airborne airmobile marine tank artillery parachute territorial"
)
"""Words in the names of brigades that are of a state's army."""

LAND_WORDS = words_in(
    "river lake sea mountain mountains mount valley strait gulf island islands desert ocean bay cape peninsula coast "
    "forest hills plateau basin heights delta canal region"
)
BUILT_WORDS = words_in(
    "airport airfield airbase base street bridge square road avenue hospital prison stadium building palace mosque "
    "church cathedral highway station port camp crossing checkpoint museum tower dam plant barracks boulevard shrine "
    "temple synagogue harbor harbour terminal hotel mall tunnel expressway house castle theatre theater arena hall "
    "garrison compound complex outpost center centre school observatory pipeline"
)
ARABIC_HEADS = words_in(
    "kataib kataeb katibat liwa saraya harakat jaysh jaish asaib faylaq firqat alwiyat usbat quwat fawj afwaj hizb"
)
"""Words that open the names of armed groups and of hardly anything else."""

AFTER_PLACES = words_in(
    "province governorate state district city town village municipality county suburb neighbourhood "
    "neighborhood subdistrict prefecture oblast"
)
AFTER_LAND = words_in(
    "river sea lake mountain mountains valley desert island islands peninsula strait delta plateau hills highlands"
)
AFTER_BUILDINGS = words_in(
    "airport airfield airbase hospital prison stadium bridge mosque church cathedral refinery dam "
    "checkpoint shrine barracks crossing highway base camp"
)
AFTER_PEOPLES = words_in("tribe tribes tribesmen tribespeople clan clansmen")
AFTER_ARMED = words_in("militia militias brigade brigades insurgents rebels guerrillas gunmen cartel faction")
AFTER_MEDIA = words_in("newspaper daily weekly magazine television broadcaster")
FOLLOWED = {
    **dict.fromkeys(AFTER_PLACES, "GPE"),
    **dict.fromkeys(AFTER_LAND, "LOC"),
    **dict.fromkeys(AFTER_BUILDINGS, "FAC"),
    **dict.fromkeys(AFTER_ARMED, "ARMED_GROUP"),
    **dict.fromkeys(AFTER_MEDIA, "MEDIA"),
    **dict.fromkeys(AFTER_PEOPLES, "NORP"),
}
"""The type that a word in lower case after a name gives it: the Surma river."""

AFTER_CLUBS = words_in(
    "play plays played beat beats thrashed edged striker strikers midfielder winger defender goalkeeper keeper manager "
    "captain fans supporters coach boss fullback forward face host visit"
)
BEFORE_CLUBS = frozenset({"beat ", "beats ", "play ", "plays ", "thrashed ", "edged ", "faced ", "versus ", "v "})
"""Words beside the names of clubs, which many share with their cities."""

BETWEEN_BUILDINGS = words_in("air naval cargo border refugee nuclear power oil gas coal railway train bus metro")
SECOND_BUILDINGS = AFTER_BUILDINGS | words_in("station plant terminal port field depot")
"""Words of which one with one of the others before it is of something built: the Manas air base."""

BEFORE_PLACES = words_in("city town village province district municipality port settlement suburb island capital")
"""Words that, with ``of`` after them, stand before a place: the village of Ariel."""

BODY_WORDS = words_in(
    "university college institute institutes ministry department agency commission council committee corporation "
    "company foundation association federation party bank court airlines airways clinic"
)
"""Last words of names that are those of a body, whatever a table says."""

NO_PLACES = BODY_WORDS - {"bank", "court"} | words_in(
    "regiment force forces corps army navy parliament congress senate assembly"
)
"""Last words of names that are no places: the Larnby Institute, not the Left Bank."""

SURELY_BUILT = words_in(
    "airport airfield airbase stadium bridge street square avenue arena hall prison mosque cathedral"
)
"""Last words of names that are those of something built, even where the trained tagger sees an organisation."""

NO_LAST_NAMES = BODY_WORDS - {"bank", "court"} | words_in(
    "airport airfield airbase stadium mosque cathedral observatory hospital museum pipeline"
)
"""Last words of names that are not those of people, who they may be called after: the Vera Rubin Observatory."""

SURELY_EVENTS = words_in("prix olympics championship championships marathon summit tournament earthquake massacre")
"""Last words of names that are those of events, whatever stands before them: Las Vegas Grand Prix."""

FIRM_ENDS = words_in("inc corp corporation co company ltd limited plc llc ag sa nv group holdings")
"""Words after the name of a firm that change nothing about which one it is."""

EVENT_WORDS = words_in(
    "war wars summit olympics cup games festival conference election elections revolution uprising massacre hurricane "
    "cyclone typhoon earthquake championship championships tournament prix marathon intifada operation coup genocide "
    "spring accords ceasefire referendum pandemic day convention conventions treaty charter protocol accord agreement "
    "pact protests"
)
OF_BODIES = words_in(
    "college society order house academy faculty department chair museum prize bureau office union league church army "
    "legion sons knights friends duke duchess prince princess king queen earl bishop archbishop board state center"
).union(BODY_WORDS, BUILT_WORDS, EVENT_WORDS)
"""Words with ``of`` after them inside names that are not those of people."""

REPORTING = words_in(
    "said says told tells added adds warned warns announced announces claimed claims stated states insisted insists "
    "argued argues explained explains denied denies confirmed confirms declared declares vowed vows accused accuses "
    "condemned condemns tweeted wrote writes reported reports noted notes suggested suggests acknowledged urged urges "
    "pledged pledges replied concluded testified recalled predicted rejected"
)
"""Verbs whose subject speaks."""

DATELINE = re.compile(
    r"\s{0,9}([A-Z][A-Z'’.-]{2,19}(?: [A-Z][A-Z'’.-]{1,19}){0,3})(?=[ ,])"
    r"(?:, [^\n()–—]{2,40}?)?(?: \([^()\n]{2,30}\))? (?:--?|[–—]) ",
)
"""The place in capitals that opens a report, with a region or an agency after it: ALLAHABAD, India - ..."""

STORMS = words_in("hurricane cyclone typhoon storm")
SYLLABLES = words_in(
    "un il in moon hye wen yeol ik hyun ho soo jin won kyu min jung jong hee sung kwon ryol hui chol nam hyok sik ju "
    "ki te huei hsiung jeou bian cheng ching fu ying shek tung chul hwan woo seok sook eun joon wook young shik pyo "
    "hwa chang kuo lin yuan ming hsien chi mo chih mou hua gun rok tae koo kun kung ping hung jen shui teng feng hao "
    "hsi hsin hsiu jui kai kang kao kuang kuei lan liang lung mei nien sheng shih shu tai tsai tse tung wei wen yao "
    "yen geun gyu han hee ik jae jeong jin joong jun keun koo kwan kyong kyung myung nak pil rae ryong seok seong "
    "ja ryon ran ah eui hui seop sup sub hoe hwi rim rin gyeong kyeong byung byeong chan cheol hyeon hyang hyo "
    "seung shin soon suk sul yong yul yun bak bok dae dong gi hak hyuk hyung jik jong kap kil ryul sam sang sop taek"
)
"""Second syllables of Korean and Chinese given names, which follow a hyphen in lower case: Kim Jong-un."""


STATES = words_in("republic kingdom emirate sultanate principality duchy municipality")
"""Words that open the names of states, with ``of`` after them."""


def refined(kind: str, words: list[str]) -> str | None:
    """The type of a name that the trained tagger calls PER, ORG, LOC or MISC; None where it is of no type of ours.

    ``words`` are the name's words in lower case.
    """
    last, first = words[-1], words[0]
    if first in STORMS:
        return "EVENT" if len(words) > 1 else None
    if first in ARABIC_HEADS and len(words) > 1:
        return "ARMED_GROUP"
    if kind == "PER" and last not in NO_LAST_NAMES:
        return "PERSON"
    if last in SURELY_EVENTS and len(words) > 1:
        return "EVENT"
    if kind == "PER":
        kind = "ORG" if last in BODY_WORDS else "LOC"
    if kind == "ORG":
        if len(words) > 2 and first in STATES and words[1] == "of":
            return "GPE"
        if last in MEDIA_WORDS:
            return "MEDIA"
        if last in SURELY_BUILT and len(words) > 1:
            return "FAC"
        if ARMS.intersection(words):
            return "ORG"
        return "ARMED_GROUP" if last in ARMED_WORDS or first in ARMED_WORDS else "ORG"
    if kind == "LOC":
        if last in NO_PLACES:
            return "ORG"
        if len(words) > 1 and last in ARMED_WORDS:
            return "ARMED_GROUP"
        if last in BUILT_WORDS or (first == "port" and words[1:2] == ["of"]):
            return "FAC"
        return "LOC" if last in LAND_WORDS or first in ("mount", "lake", "cape", "gulf", "strait") else "GPE"
    return "EVENT" if any(word in EVENT_WORDS for word in words) else None


def corrected(kind: str, name: str) -> str:
    """The type of a name that a table calls ``kind``, by its last word where that leaves no doubt.

    >>> corrected("LOC", "Emirates Stadium"), corrected("GPE", "Georgetown University"), corrected("GPE", "Iraq")
    ('FAC', 'ORG', 'GPE')
    """
    _, several, last = name.lower().rpartition(" ")
    if not several or kind not in ("GPE", "LOC", "ORG", "PERSON"):
        return kind
    if last in SURELY_BUILT:
        return "FAC" if kind in ("GPE", "LOC") else kind
    return "ORG" if last in BODY_WORDS else kind


TITLES = words_in(
    "mr mrs ms miss dr sir dame lord lady gen lt col sgt maj capt cmdr adm brig cpl pvt sen rep gov rev hon pres prof "
    "general lieutenant colonel sergeant major captain commander admiral brigadier corporal private senator "
    "representative governor reverend president professor prime minister chancellor king queen prince princess pope "
    "sheikh shaikh ayatollah imam sayyid mullah mufti secretary ambassador judge justice chief chairman chairwoman "
    "presidents ministers senators generals representatives reps sens colonels chiefs kings princes "
    "congressman congresswoman archbishop bishop cardinal pastor father sister brother foreign defense defence "
    "interior finance deputy vice former emir sultan crown speaker spokesman spokeswoman spokesperson director coach "
    "officer detective inspector marshal field grand hajj haji undersecretary mayor commissioner superintendent "
    "emperor empress duke duchess baron baroness taoiseach prosecutor coroner rabbi lawmaker councillor councilman "
    "councilwoman alderman special counsel attorney solicitor envoy adviser advisor aide negotiator commissar"
)
"""Words before a name that are not of it."""

NAMES_TOO = words_in(
    "king prince pope bishop judge major marshal cardinal pastor dean coach lord speaker field sultan mayor duke baron"
)
"""Those of them that are last names, too."""


ENDING_WITH_PERIOD = words_in("inc corp co ltd jr sr bros cos")
"""Abbreviations at the end of a name."""

LINKING = words_in(
    "of for and the state states affairs education health justice oil energy transport trade agriculture culture "
    "environment economy electricity labour labor planning tourism industry treasury"
)
"""Words that stand between titles: Secretary of State, Minister for Foreign Affairs."""


def titles_before(words: list[str], peoples: Set[int] = frozenset()) -> int:
    """How many words before a person's name are not of it; at least the last word is the name.

    ``peoples`` are the places of words that name a country or a people, which count when a title follows.

    >>> titles_before("iraqi prime minister mohammed shia al sudani".split(), frozenset({0}))
    3
    >>> titles_before("of education stefania giannini".split())
    2
    """
    count = 0
    opened = words[0] in ("of", "for")
    for place, word in enumerate(words[:-1]):
        if word in TITLES or (word in LINKING and count == place and (count or opened)):
            count = place + 1
        elif place not in peoples:
            break
    return count
