"""Days as languages other than English write them: ``22. Dezember 2023``, ``22 de diciembre de 2023``."""

import re
from collections.abc import Iterator
from datetime import date

_NAMES = (
    "januar jänner janvier enero gennaio janeiro januari januári január styczeń stycznia ocak января gener ianuarie "
    "ledna siječnja tammikuuta ιανουαρίου січня януари يناير जनवरी janv jan ene gen sty oca янв جنوری",
    "februar februari február février fevrier febrero febbraio fevereiro luty lutego şubat февраля febrer februarie "
    "února veljače helmikuuta φεβρουαρίου лютого февруари فبراير फरवरी फ़रवरी févr fév feb fev lut şub фев فروری",
    "märz maerz mars marzo março marco maart mart marec marca marzec марта март març martie marts maret március "
    "března ožujka maaliskuuta μαρτίου березня مارس मार्च mär mar mrt мар مارچ",
    "april avril abril aprile kwiecień kwietnia nisan апреля април aprilie április dubna travnja huhtikuuta απριλίου "
    "квітня أبريل إبريل अप्रैल apr avr abr kwi nis апр اپریل",
    "mai mayo maggio maio mei maj maja mayıs мая май maig május máj května svibnja toukokuuta μαΐου травня مايو मई "
    "mag may مئی",
    "juni juin junio giugno junho jún czerwiec czerwca haziran июня юни juny iunie június junij června lipnja "
    "kesäkuuta ιουνίου червня يونيو जून jun giu cze haz июн جون",
    "juli juillet julio luglio julho júl lipiec lipca temmuz июля юли juliol iulie július julij července srpnja "
    "heinäkuuta ιουλίου липня يوليو जुलाई juil jul lug lip tem июл جولائی",
    "august août aout agosto augustus augusti sierpień sierpnia ağustos августа август agost agustus augusztus avgust "
    "avgusta srpna kolovoza elokuuta αυγούστου серпня أغسطس अगस्त aug ago sie ağu авг اگست",
    "september septembre septiembre setiembre settembre setembro wrzesień września eylül сентября септември setembre "
    "septembrie szeptember septembar září rujna syyskuuta σεπτεμβρίου вересня سبتمبر सितंबर sept sep set wrz eyl сен "
    "сент ستمبر",
    "oktober octobre octubre ottobre outubro październik października ekim октября октомври octombrie október oktobar "
    "října .listopada lokakuuta οκτωβρίου жовтня أكتوبر अक्टूबर okt oct ott out paź eki окт اکتوبر",
    "november novembre noviembre novembro listopad listopada listopadu kasım ноября ноември noiembrie novembar "
    "studenoga studenog marraskuuta νοεμβρίου листопада نوفمبر नवंबर nov lis kas ноя нояб نومبر",
    "dezember decembre décembre diciembre dicembre dezembro december grudzień grudnia aralık декабря декември desembre "
    "decembrie desember decembar prosince prosinca joulukuuta δεκεμβρίου грудня ديسمبر दिसंबर dez dec déc dic des gru "
    "ara дек دسمبر",
)
MONTHS = {name.casefold(): number for number, names in enumerate(_NAMES, start=1) for name in names.split()}
"""By names. One with a full stop before it counts after a day with one: Croatian has such days, Polish has not."""
_WORDS = sorted((name for name in " ".join(_NAMES).split() if name[0] != "."), key=len, reverse=True)
_MONTH = rf"(?P<month>{'|'.join(_WORDS)})"
_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d)"
_DAY = r"(?P<day>\d{1,2})(?:er|º|ª|°)?"
_WRITTEN = re.compile(rf"(?<!\d){_DAY}(?P<mark>\.?)\s*(?:de\s+|d['’])?{_MONTH}\.?,?\s+(?:de[l]?\s+)?{_YEAR}", re.I)
_MONTH_FIRST = re.compile(
    rf"(?<!\w){_MONTH}\.?\s+{_DAY}(?P<mark>\.?),?\s+(?:de[l]?\s+)?{_YEAR}"
    rf"|(?<!\d){_YEAR.replace('year', 'year2')}\.?\s+{_MONTH.replace('month', 'month2')}\.?"
    r"\s+(?P<day2>\d{1,2})(?!\d)",
    re.I,
)
_NUMBERED = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)\s?[年년]\s?(?P<month>\d{1,2})\s?[月월]\s?(?P<day>\d{1,2})\s?[日일]"
)
_VIETNAMESE = re.compile(rf"(?<!\d)(?P<day>\d{{1,2}})\s+tháng\s+(?P<month>\d{{1,2}}),?\s+(?:năm\s+)?{_YEAR}", re.I)
_THAI_MONTHS = (
    "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม".split()  # noqa: SIM905
)
MONTHS.update((name, number) for number, name in enumerate(_THAI_MONTHS, start=1))
_THAI = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})\s+(?P<month>{'|'.join(_THAI_MONTHS)})\s+(?:(?:พ\.ศ|ค\.ศ)\.\s*)?(?P<year>(?:19|2[05])\d\d)(?!\d)"
)
BUDDHIST = 543
"""Years that the Thai calendar is ahead."""
_HAS_YEAR = re.compile(r"(?:19|2[05])\d\d")


def day_abroad(text: str) -> tuple[date, int, int] | None:
    """The first day in ``text`` and where it stands; None where there is none, or none that the calendar has.

    >>> day_abroad("Publié le 22 décembre 2023 à 10h45")
    (datetime.date(2023, 12, 22), 10, 26)
    """
    return next(days_abroad(text), None)


def days_abroad(text: str) -> Iterator[tuple[date, int, int]]:
    """Every day in ``text`` that is written as the first one is, and where it stands."""
    if not _HAS_YEAR.search(text):
        return
    forms = (list(pattern.finditer(text)) for pattern in (_WRITTEN, _NUMBERED, _VIETNAMESE, _THAI, _MONTH_FIRST))
    for match in next(filter(None, forms), []):
        if day := _day_of(match):
            yield day, match.start(), match.end()


def _day_of(match: re.Match[str]) -> date | None:
    part = match.groupdict()
    month = (part["month"] or part["month2"]).casefold()
    number = MONTHS.get(f"{part.get('mark') or ''}{month}") or MONTHS.get(month)
    year = int(part["year"] or part["year2"])
    try:
        return date(year - BUDDHIST if year >= 2500 else year, number or int(month), int(part["day"] or part["day2"]))
    except ValueError:
        return None
