"""Days as languages other than English write them: ``22. Dezember 2023``, ``22 de diciembre de 2023``."""

import re
from datetime import date

_NAMES = (
    "januar jänner janvier enero gennaio janeiro januari január styczeń stycznia ocak января",
    "februar februari février fevrier febrero febbraio fevereiro február luty lutego şubat февраля",
    "märz maerz mars marzo março marco maart mart marec marzec marca марта",
    "april avril abril aprile kwiecień kwietnia nisan апреля",
    "mai mayo maggio maio mei maj maja mayıs мая",
    "juni juin junio giugno junho jún czerwiec czerwca haziran июня",
    "juli juillet julio luglio julho júl lipiec lipca temmuz июля",
    "august août aout agosto augustus augusti sierpień sierpnia ağustos августа",
    "september septembre septiembre setiembre settembre setembro wrzesień września eylül сентября",
    "oktober octobre octubre ottobre outubro październik października ekim октября",
    "november novembre noviembre novembro listopad listopada kasım ноября",
    "dezember decembre décembre diciembre dicembre dezembro december grudzień grudnia aralık декабря",
)
_MONTHS = {name: number for number, names in enumerate(_NAMES, start=1) for name in names.split()}
_WRITTEN = re.compile(
    r"\b(?P<day>\d{1,2})(?:er|º|°)?\.?\s+(?:de\s+)?(?P<month>" + "|".join(_MONTHS) + r")\.?,?\s+(?:de[l]?\s+)?"
    r"(?P<year>(?:19|20)\d\d)\b",
    re.I,
)
_IDEOGRAPHIC = re.compile(r"(?P<year>(?:19|20)\d\d)\s?[年년]\s?(?P<month>\d{1,2})\s?[月월]\s?(?P<day>\d{1,2})\s?[日일]")


def day_abroad(text: str) -> tuple[date, int, int] | None:
    """The first day in ``text`` and where it stands; None where there is none, or none that the calendar has.

    >>> day_abroad("Publié le 22 décembre 2023 à 10h45")
    (datetime.date(2023, 12, 22), 10, 26)
    """
    found = _WRITTEN.search(text) or _IDEOGRAPHIC.search(text)
    if found is None:
        return None
    month = found["month"].casefold()
    try:
        day = date(int(found["year"]), _MONTHS.get(month) or int(month), int(found["day"]))
    except ValueError:
        return None
    return day, found.start(), found.end()
