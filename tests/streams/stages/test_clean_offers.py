"""Offers to pay for the rest of a text, below what can be read of it, in several languages."""

import pytest

from schemas.article import Flag, RawArticle
from streams.stage import Reject
from streams.stages.clean import clean

TOLD = {
    "es": "Los vecinos de Puertalta llevan seis semanas sin autobús, desde que la empresa se declaró en quiebra.",
    "fr": "Les habitants de Port-Salin sont privés d'autobus depuis six semaines, le transporteur ayant fait faillite.",
    "de": "Seit sechs Wochen fährt in Hohenrode kein Bus mehr, weil das Unternehmen Insolvenz angemeldet hat.",
    "tr": "Otobüs şirketinin iflas etmesinin ardından kasaba halkı altı haftadır yürüyerek işe gidiyor.",
    "ar": "بقي سكان البلدة بلا حافلات منذ ستة أسابيع بعد إفلاس الشركة المشغلة للخط في بداية الربيع.",
    "ru": "Жители Порт-Солёного шестую неделю остаются без автобуса: перевозчик разорился в начале весны.",
    "zh": "客运公司破产之后，镇上居民已经六个星期没有公交车可坐，只能步行上班，镇政府正在紧急寻找替代者。",
    "he": "תושבי העיירה נותרו בלי אוטובוס זה שישה שבועות, לאחר שחברת ההסעות פשטה את הרגל בתחילת האביב.",
}
OFFERS = {
    "es": ["Esta noticia es solo para suscriptores", "Sigue leyendo desde 2 € al mes", "Suscríbete", "Iniciar sesión"],
    "fr": ["La suite est réservée à nos abonnés", "Lisez tous nos articles pour 1 € par semaine", "Déjà abonné ?"],
    "de": ["Jetzt weiterlesen mit dem Abo", "Im ersten Monat kostenlos", "Bereits Abonnent? Anmelden"],
    "tr": ["Devamını okumak için abone olun", "Aylık 45 TL", "Zaten abone misiniz? Giriş yapın"],
    "ar": ["اشترك لمواصلة القراءة", "الشهر الأول مجانا", "لديك حساب؟ تسجيل الدخول"],
    "ru": ["Оформите подписку, чтобы читать дальше", "Первый месяц бесплатно", "Уже есть подписка? Войдите"],
    "zh": ["订阅后继续阅读全文", "首月仅需1元", "已有账号？登录"],
    "he": ["להמשך קריאה הצטרפו למינוי", "חודש ראשון בחינם", "כבר מנויים? התחברו"],
}


def cleaned(*lines):
    return clean(RawArticle(id="a", text="\n\n".join(lines)))


@pytest.mark.parametrize("language", OFFERS)
def test_an_offer_below_a_text_is_no_part_of_it(language):
    [article] = cleaned(TOLD[language], *OFFERS[language])

    assert article.body == TOLD[language]
    assert Flag.PARTIAL in article.flags


@pytest.mark.parametrize("language", OFFERS)
def test_a_page_is_read_as_its_text_is(language):
    body = "".join(f"<p>{line}</p>" for line in (TOLD[language], *OFFERS[language]))
    [article] = clean(RawArticle(id="a", html=f"<html><body><main><article>{body}</article></main></body></html>"))

    assert article.body == TOLD[language]
    assert Flag.PARTIAL in article.flags


def test_an_offer_inside_a_text_goes_and_leaves_it_whole():
    [article] = cleaned(TOLD["es"], *OFFERS["es"], TOLD["es"].replace("seis", "ocho"))

    assert article.body == f"{TOLD['es']}\n\n{TOLD['es'].replace('seis', 'ocho')}"
    assert Flag.PARTIAL not in article.flags


def test_the_last_sentence_above_an_offer_stays_though_it_has_a_price():
    price = "La directrice espère deux cent mille visiteurs par an, soit le double d'avant la fermeture."
    [article] = cleaned(TOLD["fr"], price, *OFFERS["fr"])

    assert article.body.endswith(price)


@pytest.mark.parametrize(
    "lines",
    [
        ["Suscríbete", "Iniciar sesión", "Seguir leyendo"],
        ["Sigue leyendo desde 2 € al mes"],
        ["Suscríbete al boletín", "Es gratis", "¿Ya tienes cuenta?"],
    ],
    ids=["buttons", "one line", "nothing more to read"],
)
def test_less_than_an_offer_flags_nothing(lines):
    [article] = cleaned(TOLD["es"], *lines)

    assert Flag.PARTIAL not in article.flags


def test_an_offer_alone_is_a_wall():
    assert isinstance(cleaned(*OFFERS["es"]), Reject)


@pytest.mark.parametrize(
    "text",
    [
        "El diario cobrará por leer sus noticias: la suscripción costará cinco euros al mes, anunció el lunes.\n\n"
        "Los lectores que ya son suscriptores podrán iniciar sesión sin pagar más y seguir leyendo sin límites.",
        "Trois gestes si l'on vous prélève à tort\n\nConnectez-vous à votre compte et téléchargez les relevés.\n\n"
        "Écrivez à l'entreprise : c'est gratuit et le délai est d'un mois.\n\nSans réponse, saisissez le médiateur.",
        "Сколько стоит подписка на кино\n\nМесяц обойдётся в 399 рублей.\n\nПервый месяц бесплатно получают новые "
        "клиенты.\n\nОтменить подписку можно в настройках, напоминает общество потребителей.",
    ],
    ids=["news of a paywall", "advice about accounts", "prices of subscriptions"],
)
def test_articles_about_paying_are_whole_articles(text):
    [article] = clean(RawArticle(id="a", text=text))

    assert Flag.PARTIAL not in article.flags
    assert text.split("\n\n")[-1] in article.body
