"""What is found in English news, in sentences of the project's own."""

import pytest

from schemas.entity import Entity
from streams.entities.entries import WIKIDATA


def named(found) -> dict[str, set[str]]:
    """Surfaces by the name of their entity."""
    return {entity.name: {mention.surface for mention in entity.mentions} for entity in found}


def typed(found) -> dict[str, str]:
    return {mention.surface: str(mention.type) for entity in found for mention in entity.mentions}


def test_a_dateline_names_a_place_and_an_agency(entities):
    found = typed(entities("BAGHDAD (Reuters) - A convoy was hit by two rockets near the airport on Tuesday."))

    assert found == {"BAGHDAD": "GPE", "Reuters": "MEDIA"}


def test_titles_are_no_part_of_a_name(entities):
    found = typed(entities("Iraqi Prime Minister Karim Waleed met Maj. Gen. Daniel Foster on Sunday."))

    assert found == {"Iraqi": "NORP", "Karim Waleed": "PERSON", "Daniel Foster": "PERSON"}


def test_last_names_belong_to_the_full_name_also_in_the_title(entities):
    found = entities("Marwan Haddad resigned on Monday. Haddad had led the bank since 2010.", title="Haddad resigns")

    assert named(found)["Marwan Haddad"] == {"Marwan Haddad", "Haddad"}
    assert found[0].count == 3


@pytest.mark.parametrize(
    ("full", "last"),
    [
        ("Jan van Houten", "van Houten"),
        ("Pieter de la Rey", "de la Rey"),
        ("Marco d'Alberti", "d'Alberti"),
        ("Luca dell'Orto", "dell'Orto"),
        ("Khalid bin Sudayri", "Bin Sudayri"),
    ],
)
def test_a_last_name_with_a_particle_belongs_to_the_full_name_wherever_that_stands(entities, full, last):
    [person] = entities(f"{full} resigned on Monday. Later {last} said he was tired.", title=f"{last} resigns")

    assert person.name == full
    assert {mention.surface for mention in person.mentions} >= {full, last}


def test_a_name_that_begins_with_a_particle_stands_by_itself(entities):
    found = named(entities("Mark Houten met Van Dalen in Oslo. D Houten is somebody else."))

    assert {"Mark Houten", "Van Dalen", "D Houten"} <= found.keys()


def test_an_acronym_belongs_to_the_organisation_also_where_it_reads_like_a_persons_name(entities):
    found = named(
        entities("The Larnby Institute for Strategic Affairs (LISA) published a report. LISA gave no details.")
    )

    assert found == {"Larnby Institute for Strategic Affairs": {"Larnby Institute for Strategic Affairs", "LISA"}}


def test_the_end_of_a_firms_name_may_end_the_sentence(entities):
    found = named(entities("Marlow said it would buy Tessmer & Sons Inc. Tessmer shares rose on Monday."))

    assert found["Tessmer & Sons Inc."] == {"Tessmer & Sons Inc.", "Tessmer"}


def test_people_of_one_last_name_are_told_apart_by_their_initials(entities):
    found = named(entities("D. Horvat met R. Horvat in Bled."))

    assert {"D. Horvat", "R. Horvat"} <= found.keys()


@pytest.mark.parametrize("quotes", ['""', "“”"])
def test_a_nickname_in_quotes_is_inside_the_name_and_stands_for_it(entities, quotes):
    opening, closing = quotes
    full = f"Mohammed {opening}Abu Omar{closing} al-Rashid"
    found = named(entities(f"{full} was killed on Monday. Abu Omar led the group. Al-Rashid was 40."))

    assert found == {full: {full, "Abu Omar", "Al-Rashid"}}


def test_people_of_one_name_are_told_apart_by_the_initials_in_its_middle(entities):
    found = entities("Ruth K. Hadley met Ruth M. Hadley in Leeds. Ruth Hadley left, Ruth M. Hadley stayed.")

    hadleys = [[m.surface for m in entity.mentions] for entity in found if "Hadley" in entity.name]
    assert hadleys == [["Ruth K. Hadley", "Ruth Hadley"], ["Ruth M. Hadley", "Ruth M. Hadley"]]


def test_an_initial_between_names_makes_nobody_else(entities):
    [person] = entities("Daniel P. Costa and Daniel Costa are one.")

    assert person.count == 2


@pytest.mark.parametrize("code", ["F-16", "MQ-9", "B-52s", "Su-27"])
def test_the_letters_of_a_code_are_no_part_of_a_name(entities, code):
    assert typed(entities(f"Two Iraqi {code} jets took off on Monday.")) == {"Iraqi": "NORP"}


def test_a_name_with_al_is_found_again_by_it(entities):
    found = entities("The court sentenced Mustafa Yasin al-Rawi on Sunday. A lawyer for al-Rawi said he would appeal.")

    assert named(found) == {"Mustafa Yasin al-Rawi": {"Mustafa Yasin al-Rawi", "al-Rawi"}}


def test_two_full_names_are_two_people(entities):
    found = entities("Samir Khalil Haddad met Karim Haddad in the morning.")

    assert {entity.name for entity in found} == {"Samir Khalil Haddad", "Karim Haddad"}
    assert len({entity.id for entity in found}) == 2


def test_a_demonym_points_at_its_country_without_being_it(entities):
    [iraq] = entities("Iraqi soldiers left.")

    assert (iraq.id, iraq.name, iraq.type, iraq.mentions[0].type) == ("Q796", "Iraq", "GPE", "NORP")


def test_initials_and_abbreviations_name_the_same_country(entities):
    found = entities("The U.S. and Iran met. The United States left. The US stayed.")

    assert named(found) == {"United States": {"U.S.", "United States", "US"}, "Iran": {"Iran"}}


def test_the_same_id_for_one_name_in_two_articles(entities):
    first = entities("Yahya Rasool spoke in the morning to reporters of the city.")
    second = entities("According to Yahya Rasoul, a spokesman, nobody was hurt.")

    assert [entity.id for entity in first] == [entity.id for entity in second]


def test_possessives_are_left_out(entities):
    found = typed(entities("Iran’s rivers and Syria's ports were named in Norway's letter."))

    assert set(found) == {"Iran", "Syria", "Norway"}


@pytest.mark.parametrize(
    "text", ["", "word", "the", ".", "\n\n", "don't", "It was not clear whether he knew of this at all."]
)
def test_nothing_is_found_where_nothing_is_named(entities, text):
    assert entities(text) == ()


def test_a_currency_is_not_a_country(entities):
    assert entities("He was released on US$20,000 bail.") == ()


def test_what_stands_in_the_title_and_early_and_often_is_salient(entities):
    found = entities("Iraq said so. Iraq did so. Later a man in Norway agreed.", title="Iraq speaks")

    assert [entity.name for entity in found] == ["Iraq", "Norway"]
    assert 0 < found[1].salience < found[0].salience <= 1


def test_the_count_is_that_of_the_mentions_in_order(entities):
    [iraq] = entities("Iraq, Iraq and again Iraq.", title="Iraq")

    assert iraq.count == len(iraq.mentions) == 4
    assert [mention.field for mention in iraq.mentions] == ["title", "body", "body", "body"]


def test_a_full_name_gives_support_to_an_ambiguous_short_one(entities):
    found = named(entities("The Islamic State group said so. Officials think that IS was not behind the attack."))

    assert found["Islamic State"] == {"Islamic State", "IS"}


def test_an_acronym_in_brackets_belongs_to_the_name_before_it(entities):
    found = named(entities("The National Council of Nurses (NCN) met on Monday. The NCN has no office in Norway."))

    assert found["National Council of Nurses"] == {"National Council of Nurses", "NCN"}


def test_second_syllables_of_korean_names_are_part_of_them(entities):
    found = typed(entities("Foreign Minister Han Dong-hyun spoke to reporters in Seoul on Tuesday."))

    assert found["Han Dong-hyun"] == "PERSON"


def test_a_last_name_beats_a_town_of_that_name_but_not_a_country(entities):
    found = typed(entities("Robert Lansing resigned. Lansing had flown to Jordan with a lawyer of the company."))

    assert (found["Lansing"], found["Jordan"]) == ("PERSON", "GPE")


def test_the_state_of_a_legislator_is_a_place_and_the_party_mark_is_nothing(entities):
    found = typed(entities("Sen. Karim Waleed, D-Mass., voted against the bill on Thursday."))

    assert found == {"Karim Waleed": "PERSON", "Mass.": "GPE"}


def test_headlines_in_capitals_are_read(entities):
    found = typed(entities("BRITISH MINISTER MEETS IRAQI LEADER IN BAGHDAD"))

    assert found == {"BRITISH": "NORP", "IRAQI": "NORP", "BAGHDAD": "GPE"}


def test_entities_are_what_the_schema_says(entities):
    for entity in entities("Iraqi Prime Minister Karim Waleed met Daniel Foster in Baghdad.", title="Iraq"):
        assert Entity.model_validate(entity.model_dump()) == entity
        assert Entity.model_validate_json(entity.to_json()) == entity


def test_a_country_that_the_text_uses_as_a_last_name_is_that_person(entities):
    body = 'Daniel Jordan won the race in Oslo. "I was lucky," Jordan said. Mr. Jordan will retire.'
    found = named(entities(body))

    assert found["Daniel Jordan"] == {"Daniel Jordan", "Jordan"}
    assert "Jordan" not in found


@pytest.mark.parametrize(
    "spelling",
    ["Kataib Sayyid al-Shuhada", "Kata'ib Sayyed al-Shohada", "Kataeb Sayid al Shuhada", "KATAEB SAYYID AL-SHUHADA"],
)
def test_a_name_from_arabic_is_known_in_every_spelling_of_its_words(entities, spelling):
    found = entities(f"Fighters of {spelling} left the town.")

    assert named(found) == {"Kata'ib Sayyid al-Shuhada": {spelling}}


def test_people_that_no_table_knows_have_one_id_in_every_spelling(entities):
    [first] = entities("A judge questioned Mohammed Qassem al-Rubeiwi.")
    [second] = entities("A judge questioned Muhammad Qasim al-Rubeiwi.")

    assert first.id == second.id


def test_a_description_means_what_the_article_says_it_does(entities):
    about_iraq = named(entities("Soldiers of the international coalition left Iraq on Monday."))
    elsewhere = named(entities("Farmers formed an international coalition in Canada on Monday."))

    assert about_iraq["Combined Joint Task Force – Operation Inherent Resolve"] == {"international coalition"}
    assert elsewhere == {"Canada": {"Canada"}}


def test_a_region_of_a_people_is_found_where_its_country_is_named(entities):
    found = named(entities("Iraq's autonomous Kurdish region was calm. The Kurdish region of another state was not."))
    other = named(entities("Protests went on in the Kurdish region of Turkey."))

    assert found["Kurdistan Region"] == {"Kurdish region"}
    assert "Kurdistan Region" not in other


def test_a_province_is_not_the_town_of_its_name(entities):
    found = entities("A patrol was hit in Kirkuk province. Kirkuk itself was quiet.")

    assert {name: len(mentions) for name, mentions in named(found).items()} == {"Kirkuk Governorate": 1, "Kirkuk": 1}
    assert all(mention.surface == "Kirkuk" for entity in found for mention in entity.mentions)


@pytest.mark.parametrize(
    ("text", "surface", "type_"),
    [
        ("Boats sank on the Zelvira river after the storm.", "Zelvira", "LOC"),
        ("Guards shot two men at the Zelvira prison on Friday.", "Zelvira", "FAC"),
        ("Settlers marched through the village of Zelvira on Friday.", "Zelvira", "GPE"),
        ("The Zelvira militia denied the report on Friday.", "Zelvira", "ARMED_GROUP"),
    ],
)
def test_words_around_a_name_say_what_it_is(entities, text, surface, type_):
    assert typed(entities(text)) == {surface: type_}


def test_a_dateline_names_a_place_that_no_table_knows(entities):
    found = typed(entities("ZELVIRABAD, India - Thousands marched on Tuesday."))

    assert found == {"ZELVIRABAD": "GPE", "India": "GPE"}


def test_an_office_alone_is_nobody(entities):
    found = typed(entities("The Prime Minister arrived late. A letter from the President was read out."))

    assert "PERSON" not in found.values()


def test_a_ministry_before_a_name_is_no_part_of_it(entities):
    found = typed(entities("Minister of Education Carla Bonetti said schools would open."))

    assert found == {"Carla Bonetti": "PERSON"}


def test_who_speaks_is_more_salient(entities):
    silent = entities("Carla Bonetti arrived on Monday. Rain fell all day.")
    speaking = entities("Carla Bonetti said so on Monday. Rain fell all day.")
    quoted = entities("According to Carla Bonetti, rain fell all day.")

    assert silent[0].salience < speaking[0].salience
    assert quoted[0].salience > silent[0].salience


def test_the_name_of_a_union_goes_on_after_the_apostrophe_of_a_plural(entities):
    found = named(entities("Turkey bombed camps of the Kurdistan Workers' Party on Sunday."))

    assert found["Kurdistan Workers' Party"] == {"Kurdistan Workers' Party"}


def test_namesakes_whom_hardly_any_text_means_have_no_item(tagger):
    lexicon = tagger.lexicon
    rows = zip(lexicon.name, lexicon.id, lexicon.sources, lexicon.weight.tolist(), strict=True)

    assert [name for name, identifier, source, weight in rows
            if source == WIKIDATA and weight < 2 and identifier and " " not in name] == []  # fmt: skip


def test_a_town_far_larger_than_its_namesakes_has_one_id_with_and_without_its_country(entities):
    [alone] = entities("Shops in Mosul were closed.")
    mosul = next(
        entity for entity in entities("Shops in Mosul, in northern Iraq, were closed.") if entity.name == "Mosul"
    )

    assert alone.id == mosul.id == "Q83317"


@pytest.mark.parametrize("surface", ["Boeing Co.", "Nvidia Corp", "Exxon Mobil Corp"])
def test_the_legal_form_of_a_firm_does_not_make_it_another(entities, surface):
    plain = surface.rsplit(" ", 1)[0]
    [full] = entities(f"Shares in {surface} rose on Monday.")
    [short] = entities(f"Shares in {plain} rose on Monday.")

    assert (full.id, full.mentions[0].surface) == (short.id, surface)


def test_a_team_is_known_again_by_the_word_after_its_city(entities):
    found = named(entities("The Miami Heat lost on Monday. Fans say the Heat need a coach, in the heat of the moment."))

    assert found["Miami Heat"] == {"Miami Heat", "Heat"}


@pytest.mark.parametrize("again", ['"Prices fell," Sharp said.', "The bank thanked Sharp.", "Sharp told reporters so."])
def test_a_last_name_that_is_a_common_word_is_known_again_where_it_names_somebody(entities, again):
    found = named(entities(f"Helen Sharp resigned. A sharp fall followed. {again} Sharp falls are rare."))

    assert found == {"Helen Sharp": {"Helen Sharp", "Sharp"}}


def test_an_article_in_capitals_is_of_the_name_inside_a_sentence_only(entities):
    found = entities("The Home Depot hired a thousand people. He left The Home Depot in May.")

    assert [mention.surface for entity in found for mention in entity.mentions] == ["Home Depot", "The Home Depot"]


def test_of_namesakes_the_one_is_meant_whose_country_the_places_around_are_of(entities):
    american = next(e for e in entities("Storms hit Alabama, Tennessee and Georgia.") if e.name == "Georgia")
    [caucasian] = entities("Georgia votes on Sunday.")

    assert (american.id, caucasian.id) == ("Q1428", "Q230")


def test_an_ordinary_word_that_opens_a_headline_is_no_given_name(entities):
    found = typed(entities("Troops may stay.", title="Will Iraq finally push the troops out?"))

    assert found == {"Iraq": "GPE"}


def test_an_acronym_is_not_that_of_an_office_in_a_country_that_the_article_does_not_name(entities):
    agency = {entity.name for entity in entities("Five men died in Iraq, an official told AFP on Monday.")}
    army = {entity.name for entity in entities("Troops of the AFP fought in the south of the Philippines on Monday.")}

    assert agency == {"Iraq", "Agence France-Presse"}
    assert army == {"Philippines", "Armed Forces of the Philippines"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Officials at the Larnby Institute Monday said so.", {"Larnby Institute": "ORG"}),
        ("President Clinton was asked about it.", {"Clinton": "PERSON"}),
        ("The offer expires Nov. 30, the buyer said.", {}),
        ("Tests for H5N1 were positive.", {}),
        ("The Zorvian People's Salvation Party won 12 seats.", {"Zorvian People's Salvation Party": "ORG"}),
    ],
)
def test_days_offices_dates_and_codes_are_no_part_of_names_but_peoples_are(entities, text, expected):
    assert typed(entities(text)) == expected


def test_who_is_called_mr_or_by_a_rank_is_a_person_whatever_else_is_called_so(entities):
    found = typed(entities("Residents thanked Mr. Sevan and Colonel Jordan, who had sent Mrs Roche a letter."))

    assert found == {"Sevan": "PERSON", "Jordan": "PERSON", "Roche": "PERSON"}


def test_a_rank_in_lower_case_is_a_noun_beside_a_place(entities):
    found = typed(entities("The striker was made captain. Paris cheered its new captain Paris has waited for."))

    assert set(found.values()) == {"GPE"}


def test_a_name_that_begins_with_a_known_persons_is_another_person(entities):
    found = named(entities("Prime Minister Mohammed Ali Gedi has postponed a visit to the coast."))

    assert found == {"Mohammed Ali Gedi": {"Mohammed Ali Gedi"}}


def test_the_word_after_a_name_tells_peoples_and_buildings(entities):
    found = typed(entities("Elders of the Albu Kasim tribe met at the Taqaddum airfield on Monday, residents said."))

    assert found == {"Albu Kasim": "NORP", "Taqaddum": "FAC"}


def test_the_barracks_of_a_council_are_not_its_type(entities):
    found = typed(
        entities("Two guards died when a car bomb went off at the gate of a Hasakah Military Council barracks.")
    )

    assert found["Hasakah Military Council"] == "ORG"


def test_a_convention_is_not_the_people_in_its_name(entities):
    found = typed(entities("The judges cited the European Convention on Human Rights in their ruling."))

    assert found == {"European Convention on Human Rights": "EVENT"}


def test_units_by_their_number_are_found(entities):
    found = typed(entities("Fighters of the PMF's 45th Brigade relieved the 51st Brigade south of the town on Friday."))

    assert found["45th Brigade"] == found["51st Brigade"] == "ARMED_GROUP"


def test_a_pilgrim_is_not_the_pilgrimage(entities):
    found = typed(entities("Hajj Radwan al-Saadi, a commander of the group, received the visitors."))

    assert found == {"Radwan al-Saadi": "PERSON"}


def test_a_brigade_with_an_arm_in_its_name_is_of_an_army(entities):
    found = typed(entities("Ukraine's 47th Mechanized Brigade said on Friday that it had held the road."))

    assert found["47th Mechanized Brigade"] == "ORG"


def test_clubs_are_told_from_their_cities_by_words_of_sport(entities):
    found = typed(entities("Barcelona play Juventus on Tuesday. The striker was born in Barcelona."))

    assert found["Barcelona"] == "GPE"
    assert typed(entities("Barcelona face Juventus in the cup on Tuesday."))["Barcelona"] == "ORG"


@pytest.mark.parametrize(
    ("full", "listed"), [("Raed Arafat", "Yasser Arafat"), ("Ramzi Netanyahu", "Benjamin Netanyahu")]
)
def test_a_listed_last_name_after_another_given_name_is_somebody_else(entities, full, listed):
    last = full.split()[1]
    found = named(entities(f"The surgeon {full} was late. {last} said he was sorry."))

    assert found == {full: {full, last}}
    assert listed in named(entities(f"{listed} was late. {last} met the surgeon {full}. {last} left."))


def test_a_listed_person_with_a_middle_name_is_still_that_person(entities):
    assert "Joe Biden" in named(entities("Voters met Joe Robinette Biden in Delaware."))


def test_a_suffix_is_not_the_last_name(entities):
    found = named(entities("Orrin Tessmer Jr. resigned on Monday. Tessmer had led the bank."))

    assert found["Orrin Tessmer Jr."] == {"Orrin Tessmer Jr.", "Tessmer"}


@pytest.mark.parametrize(
    ("full", "short"), [("Rafael López Aliaga", "López Aliaga"), ("Vladimir Padrino López", "Padrino")]
)
def test_both_of_two_last_names_stand_for_the_person(entities, full, short):
    found = named(entities(f"{full} left Lima on Friday. {short} said he was tired.", title=f"{short} resigns"))

    assert {full, short} in found.values()
    assert {short} not in found.values()


def test_a_father_is_not_his_son(entities):
    found = named(entities("She said Hassan Mahmoud Abbas had left. Mahmoud Abbas stayed."))

    assert {"Hassan Mahmoud Abbas", "Mahmoud Abbas"} <= found.keys()


def test_the_family_comes_first_where_the_given_name_has_syllables(entities):
    found = named(entities("Kim Jung-kwan, the trade minister, flew to Washington. The secretary praised Kim."))

    assert found["Kim Jung-kwan"] == {"Kim Jung-kwan", "Kim"}


def test_names_do_not_go_over_commas_and_ends_of_sentences(entities):
    found = named(
        entities("He lives in Washington. Post offices were shut. Members of the Hausa, Fulani and Igbo met.")
    )

    assert {"Washington", "Hausa", "Fulani"} <= {surface for surfaces in found.values() for surface in surfaces}


def test_a_ruler_has_a_number(entities):
    found = named(entities("Pope Benedict XVI met King Charles III in Rome."))

    assert set().union(*found.values()) == {"King Charles III", "Pope Benedict XVI", "Rome"}


@pytest.mark.parametrize("name", ["St. John's Cathedral", "St. Peter's Square", "Queen's University"])
def test_possessives_of_saints_and_queens_are_inside_names(entities, name):
    assert name in {
        mention.surface for entity in entities(f"Thousands met at {name} on Sunday.") for mention in entity.mentions
    }


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        (
            "He flew from Louisville Muhammad Ali International Airport.",
            "Louisville Muhammad Ali International Airport",
            "FAC",
        ),
        ("A grant of the John Tessmer Foundation paid for it.", "John Tessmer Foundation", "ORG"),
    ],
)
def test_what_is_called_after_somebody_is_no_person(entities, text, name, kind):
    assert typed(entities(text))[name] == kind


def test_a_role_that_opens_a_sentence_is_not_of_the_name(entities):
    assert "Sunil Wickramaratne" in named(entities("Farmer Sunil Wickramaratne lost his herd."))


def test_an_unknown_name_is_found_again_and_has_one_type(entities):
    entity = next(
        entity
        for entity in entities(
            "The chipmaker Zelvia said on Monday it would cut jobs. Zelvia shares fell. Analysts at Tessmer Corp. "
            "rate Zelvia a buy. Workers at Zelvia will strike."
        )
        if entity.name == "Zelvia"
    )

    assert entity.count == 4


@pytest.mark.parametrize("body", ["Warburg Research", "Kano"])
def test_somebody_and_what_he_is_of_are_two(entities, body):
    found = named(entities(f"Analysts agree. Ahmed Lindholm of {body} called the price fair."))

    assert {"Ahmed Lindholm", body} <= found.keys()


@pytest.mark.parametrize("event", ["Madrid Open", "Turin Olympics", "London Marathon"])
def test_an_event_that_is_called_after_its_place_is_no_place(entities, event):
    assert typed(entities(f"She came third at the {event} in May."))[event] == "EVENT"


@pytest.mark.parametrize("event", ["Australian Open", "Swedish Masters"])
def test_an_event_that_is_called_after_a_people_is_neither_the_people_nor_a_newspaper(entities, event):
    assert typed(entities(f"The {event} begins in May."))[event] == "EVENT"


def test_a_newspaper_that_is_called_like_a_people_is_one_where_its_name_ends(entities):
    assert typed(entities("The Australian reported that prices fell."))["The Australian"] == "MEDIA"


@pytest.mark.parametrize("storm", ["Tropical Storm Rita", "Storm Elin", "Cyclone Marta"])
def test_a_storm_is_no_person_where_its_name_is_said_again(entities, storm):
    name = storm.split()[-1]

    found = named(entities(f"Schools were closed by {storm} on Friday. {name} had weakened by noon."))

    assert found[storm] == {storm, name}


def test_a_person_called_like_a_storm_is_one(entities):
    found = typed(entities("Storm Rita reached Texas. Rita Hayward, a baker, stayed at home."))

    assert found["Rita Hayward"] == "PERSON"


def test_an_office_of_two_words_is_no_part_of_a_listed_name(entities):
    assert "Jack Smith" in {
        mention.surface for entity in entities("Special counsel Jack Smith spoke.") for mention in entity.mentions
    }


def test_a_word_that_a_table_knows_inside_a_longer_name_is_not_a_name(entities):
    assert "People's Liberation Front" in named(entities("The People's Liberation Front won a seat."))


@pytest.mark.parametrize(
    ("text", "surface", "kind"),
    [
        ("Soldiers left the Zhenisk air base.", "Zhenisk", "FAC"),
        ("Lorries waited at the Dabrun cargo crossing.", "Dabrun", "FAC"),
        ("Floods hit Tarvani state.", "Tarvani", "GPE"),
    ],
)
def test_two_words_after_a_name_or_a_state_say_what_it_is(entities, text, surface, kind):
    assert typed(entities(text))[surface] == kind
