"""Pages that are no article: walls, errors, shells, lists. Each needs several signs, never one phrase.

A sign is a group of phrases that say the same thing; two phrases of a group are one sign. Words
count only where the text is short, or where most of its sentences say nothing else: an article
about cookies, paywalls or robots has sentences about other things.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from streams.text.sentences import ends_sentence

SHORT = 1200
"""Characters of prose above which a text is no wall, unless nearly every sentence of it is one."""
READABLE = 250
"""Characters of prose before a paywall from which the article is worth keeping."""


def _signs(*groups: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(group, re.I) for group in groups)


_SIGNS: Mapping[str, tuple[re.Pattern[str], ...]] = {
    "bot_check": _signs(
        r"\b(?:not|are you) a (?:ro)?bot\b|\bhuman (?:being|visitor)\b|\b(?:verify|confirm"
        r"|prove)(?:ing)? (?:that )?you(?:['’]re| are)\b",
        r"\bcaptcha\b|\bpress (?:&|and) hold\b|\bcomplete the (?:security|challenge)\b"
        r"|\bsecurity (?:check|verification|service)\b",
        r"\bunusual (?:traffic|activity)\b|\bautomated (?:access|requests|queries|traffic)\b"
        r"|\bsuspicious activity\b|\bbot (?:activity|traffic|detection)\b",
        r"\b(?:enable|turn on|allow|supports?) (?:javascript|cookies)\b|\bjavascript and cookies\b"
        r"|\bjavascript is (?:disabled|required)\b",
        r"\bchecking your (?:browser|connection)\b|\bray id\b|\bcloudflare\b|\bddos\b"
        r"|\breference (?:id|number|#)|\bincident id\b|\bperimeterx\b|\bip address\b",
        r"\baccess (?:to this page )?(?:has been |is )?(?:denied|blocked|restricted)\b"
        r"|\bhas been blocked\b|\bjust a moment\b|\bone more step\b",
    ),
    "error_page": _signs(
        r"\b(?:error|http|status)?\s?(?:40[0-9]|41[0-9]|50[0-9])\b(?:\W+(?:error|not found|forbidden"
        r"|gone|page|bad gateway|service))?",
        r"\b(?:page|article|content|url|file|site|link|story) (?:you(?:['’]re| are| were"
        r"| have)? ?(?:looking for|requested|trying to (?:reach|view|access))|(?:was |could )?(?:not"
        r"|n['’]t|cannot|can['’]t) (?:be )?(?:found|exist)|(?:does|do)(?:n['’]t| not) exist|(?:is"
        r"|has) (?:no longer|been (?:removed|moved|deleted|archived))|not found|unavailable"
        r"|has expired)",
        r"\b(?:page|article|content) not (?:found|available)\b|\bnot found\b|\b(?:can['’]t|cannot"
        r"|couldn['’]t|could not|unable to) (?:find|be found|locate|load|display)\b",
        r"\b(?:oops|uh[- ]oh|whoops|sorry|apologi[sz]e|something went wrong|went wrong"
        r"|technical (?:difficult|problem|error))",
        r"\b(?:server error|bad gateway|service unavailable|temporarily unavailable|gateway time-?out"
        r"|internal error|try again later|under maintenance)\b",
        r"\b(?:check the (?:url|address|spelling)|go (?:back )?to (?:the |our )?home ?page"
        r"|return (?:to (?:the )?)?home|use the search|try (?:searching|a search)|back to home"
        r"|broken link|mistyped)",
    ),
    "cookie_wall": _signs(
        r"\bcookies?\b|\bsimilar technologies\b|\btracking technologies\b|\btracker",
        r"\bconsent\b|\baccept all\b|\breject all\b|\b(?:accept|allow|decline"
        r"|manage) (?:all )?(?:cookies|your|settings|preferences|choices)|\bi (?:agree|accept)\b"
        r"|\bopt[- ]out\b",
        r"\b(?:our |trusted |third[- ]party |advertising )*partners\b|\bvendors\b|\bthird[- ]part(?:y|ies)\b|\biab\b",
        r"\b(?:your|personal|browsing|user|device|location) (?:data|information|privacy)\b"
        r"|\bprivacy (?:policy|choices|settings|cent)|\bdata protection\b|\bgdpr\b",
        r"\bpersonali[sz]ed? (?:ads?|advertising|content)|\b(?:ad|content) measurement\b"
        r"|\blegitimate interest|\baudience (?:insights|research|measurement)\b|\b(?:show"
        r"|serve) (?:you )?(?:relevant )?ad",
        r"\b(?:ip address|identifiers?|store (?:and/or|or|and) access|access information on a device|geolocation)\b",
    ),
    "paywall": _signs(
        r"\b(?:subscribe|sign up|register|join|upgrade)\b.{0,40}\b(?:to (?:continue|keep|read|access"
        r"|unlock)|now|today|for (?:full|unlimited|just|only|as little))|\bsubscription\b"
        r"|\bsubscribe\b",
        r"\b(?:subscribers?|members?)(?:['’]| )?\s?(?:only|exclusive)|\bexclusive(?:ly)? (?:to"
        r"|for) (?:our )?(?:subscribers|members)|\b(?:premium|subscriber|member) (?:content|article"
        r"|access)|\bfor subscribers\b",
        r"\balready (?:a |an |have )?(?:subscriber|subscribed|member|account|registered|subscription)"
        r"|\b(?:log|sign) in to (?:continue|read|your)",
        r"\b(?:to (?:continue|keep) reading|continue reading|read the (?:full|rest|whole)|(?:full"
        r"|unlimited|complete|digital) access|rest of (?:this|the) (?:article|story)|unlock (?:this"
        r"|the|all))\b",
        r"\b(?:free (?:articles?|trial|stories)|articles? (?:left|remaining)"
        r"|reached your (?:\w+ )?limit|first (?:month|week)s? free|cancel (?:at )?any ?time"
        r"|per (?:month|week|year)|[$£€]\s?\d+(?:\.\d+)?\s?(?:/|a |per |for ))",
        r"\b(?:support|fund) (?:our|quality|independent|local) (?:journalism|reporting|newsroom)"
        r"|\bunlimited (?:access|articles|digital)\b|\bcreate (?:a |an )?(?:free )?account\b",
    ),
    "empty_shell": _signs(
        r"\b(?:you )?need to enable javascript\b|\b(?:please )?(?:enable|turn on) javascript\b"
        r"|\bjavascript (?:is |to be )?(?:disabled|required|enabled)\b",
        r"\bto run this app\b|\bfor (?:the|this) (?:site|app|full)|\bbrowser (?:does not|doesn['’]t"
        r"|is not|isn['’]t) support|\bunsupported browser\b|\b(?:upgrade|update) your browser\b"
        r"|\bview this (?:page|site)\b",
        r"^\W*loading\b|\bloading\W*$|\bplease wait\b|\bredirecting\b|\bif you are not redirected\b",
    ),
}
_SENTENCE = re.compile(r"[^.!?…。！？]+[.!?…。！？]*")
_ROLE = (
    r"(?:reporter|writer|editor|journalist|correspondent|columnist|contributor|author|producer"
    r"|photographer|anchor|host|analyst)"
)
_BIOGRAPHY = re.compile(
    rf"\b(?:is|was) (?:an?|the|our)\b.{{0,80}}\b{_ROLE}\b|\b(?:covers|has covered|writes about"
    rf"|reports on|previously worked|joined (?:the|us)|"
    r"(?:his|her|their) (?:work|writing|articles|reporting) (?:has|have) (?:appeared|been)"
    r"|is based in|lives in|graduated from|holds a|earned (?:a|his|her))\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a wall is judged by."""

    kept: Sequence[str]
    """Lines that were kept as the article."""
    seen: str
    """Text of the whole page or text, its beginning at least."""
    title: str | None
    kinds: frozenset[str] = frozenset()
    """Types the page gives itself."""
    linked: float = 0.0
    """Share of the kept text that is links."""
    dated: bool = False
    """Whether the page states when it was published."""


@dataclass(frozen=True, slots=True)
class Wall:
    """Why a text is no article, and by which signs."""

    reason: str
    """A value of ``Reason``."""
    detail: str


def wall_of(evidence: Evidence) -> Wall | None:
    """What a text is instead of an article; None for an article, however short."""
    prose = [line for line in evidence.kept if _is_prose(line)]
    size = sum(map(len, prose))
    return _worded(evidence, size) or _author_page(evidence, prose, size) or _link_list(evidence, size)


def _is_prose(line: str) -> bool:
    return (bool(ends_sentence(line)) and len(line) >= 40) or len(line) >= 200


def _worded(evidence: Evidence, size: int) -> Wall | None:
    text = "\n".join(evidence.kept) or evidence.seen
    if len(text) > SHORT and _density(text) < 1 / 200:
        return None
    for reason in ("bot_check", "error_page", "cookie_wall", "paywall", "empty_shell"):
        signs = [sign for sign in _SIGNS[reason] if sign.search(text)]
        titled = any(sign.search(evidence.title or "") for sign in _SIGNS[reason])
        if len(signs) + titled < (3 if size > 400 or reason == "paywall" else 2):
            continue
        share = _share(text, _SIGNS[reason])
        if share >= (0.5 if len(text) <= SHORT else 0.7) and (len(text) <= SHORT or reason in _LONG):
            return Wall(reason, f"{len(signs)} signs{' and the title' if titled else ''}; {share:.0%} of its sentences")
    return None


_LONG = ("cookie_wall",)


def _density(text: str) -> float:
    """Words of consent for each character: the only wall that may be long is full of them."""
    lower = text[:20_000].lower()
    return sum(lower.count(word) for word in ("cookie", "consent", "privacy", "partners", "personal data")) / len(lower)


def _share(text: str, signs: Sequence[re.Pattern[str]]) -> float:
    """Share of a text's sentences, by length, that bear any of the signs."""
    sentences = [
        sentence for line in text[:20_000].split("\n") for sentence in _SENTENCE.findall(line) if len(sentence) > 8
    ]
    bearing = sum(len(sentence) for sentence in sentences if any(sign.search(sentence) for sign in signs))
    return bearing / max(1, sum(map(len, sentences)))


def _author_page(evidence: Evidence, prose: Sequence[str], size: int) -> Wall | None:
    """A short text, nearly all of it about what somebody writes, titled with their name or a page of a profile."""
    if not prose or size > SHORT or evidence.dated:
        return None
    share = sum(len(line) for line in prose if _BIOGRAPHY.search(line)) / size
    first = prose[0]
    name = (evidence.title or "").split("|")[0].split(" - ")[0].strip()
    own = bool(name) and len(name.split()) <= 5 and name.casefold() in first[:80].casefold()
    profile = any("profile" in kind or kind in ("person", "og:profile") for kind in evidence.kinds)
    opens = re.match(rf"(?:[A-Z][\w.'’-]+ ){{2,4}}(?:is|was) (?:an?|the|our)\b.{{0,80}}\b{_ROLE}\b", first) is not None
    if share >= 0.6 and own + profile + opens >= (1 if share >= 0.9 else 2):
        return Wall("author_page", f"{share:.0%} of it tells who somebody is")
    return None


def _link_list(evidence: Evidence, size: int) -> Wall | None:
    """Many lines, hardly a sentence among them, most of them links."""
    lines = evidence.kept or evidence.seen.split("\n")
    total = sum(map(len, lines))
    if (
        len(lines) >= 8
        and size < 0.25 * total
        and (evidence.linked >= 0.5 or (size < 0.1 * total and evidence.linked >= 0.3))
    ):
        return Wall("link_list", f"{len(lines)} lines, {evidence.linked:.0%} of it links")
    return None


def paywalled(removed: Sequence[str]) -> bool:
    """Whether what stands round an article says that the rest of it is paid for."""
    text = "\n".join(line for line in removed if len(line) < 400)
    signs = _SIGNS["paywall"]
    return signs[3].search(text) is not None and sum(bool(sign.search(text)) for sign in signs) >= 3
