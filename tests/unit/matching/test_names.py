"""The names of both states in the lexicon that ships: what counts for which, and what for none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from crawler import matching, query
from crawler.matching import matcher
from crawler.matching.document import Document
from crawler.matching.fields import ItemFacts
from crawler.matching.topics import Topic

STATES = ("morocco", "iraq")


def named(topic: Topic, text: str, *, country: str = "", language: str = "") -> str:
    """Which of the two states the text names, by their first letters."""
    fields = replace(
        matcher.text_fields("", text), facts=ItemFacts(country=country, language=language)
    )
    document = Document.from_fields(fields, matching.get_matcher(topic).vocabulary)
    return "".join(
        name[0].upper() for name in STATES if document.evaluate(query.ConceptRef(name))[0]
    )


@pytest.mark.parametrize(
    ("text", "states"),
    [
        ("وصل الوزير العراقي إلى الطائف وجدة في زيارة رسمية.", "I"),
        ("وصل الوفد العراقي إلى الرباط ثم إلى وجدة.", "MI"),
        ("نقل الجرحى من مدينة وجدة إلى بغداد.", "MI"),
        ("بحث محافظ كركوك مع أهالي ناحية تازة نقص المياه.", "I"),
        ("سلا الشاعر العراقي همومه.", "I"),
        ("ثار بركان في إندونيسيا، وسافر العراقيون.", "I"),
        ("أبدى السفير العراقي أسفه، وقال إن أسفي كبير.", "I"),
        ("زار وزير عراقي قضاء الصويرة.", "I"),
        ("أفران الغاز في بغداد نادرة.", "I"),
        ("القائمة الرمادية تقلق المغرب.", "M"),
        ("لون رمادي في عراق ما بعد الحرب، وأشبه بمغرب الشمس.", "I"),
        ("نقل المساعدات للرمادي وللمغرب من العراق.", "MI"),
        ("افتتحت مدينة جديدة قرب بغداد.", "I"),
        ("مدينة الرمادي تستقبل وفدا مغربيا.", "MI"),
        ("ارتدى الوزير المغربي الحلة الجديدة.", "M"),
        ("افتتح في الكويت ملتقى الديوانية بحضور مغربي.", "M"),
        ("قالت منظمة الفاو إن المغرب يزرع القمح.", "M"),
        ("شبه موصل جديد يصنع في المغرب.", "M"),
        ("اجتمع مجلس المستشارين الياباني بوفد عراقي.", "I"),
        ("استقبل رئيس مجلس المستشارين السفير العراقي.", "MI"),
        ("البحرية الملكية البريطانية في البصرة.", "I"),
        ("استقبل المدير العام للأمن الوطني ضباطا من بغداد.", "MI"),
        ("استقبل المدير العام للأمن الوطني الجزائري ضباطا من بغداد.", "I"),
        ("Un ministre irakien à Rabat, sur l'île maltaise de Gozo.", "I"),
        ("Un ministre irakien à Rabat, où il reste deux jours.", "MI"),
        ("L'ambassadeur du Royaume-Uni à Bagdad a signé.", "I"),
        ("L'ambassadeur du Royaume à Bagdad a signé.", "MI"),
        ("La DGSN algérienne reçoit des policiers irakiens.", "I"),
        ("La DGSN reçoit des policiers irakiens.", "MI"),
        ("Une gendarmerie royale du Canada forme des Irakiens.", "I"),
        ("Un plat salé est servi à Bagdad.", "I"),
        ("Le chef de l'EI, al-Bagdadi, aurait vu des Marocains.", "M"),
        ("The fez was worn in Baghdad.", "I"),
        ("A student from Fez lives in Baghdad.", "MI"),
        ("An oil sale in Baghdad.", "I"),
        ("The Green Zone label of Morocco is eco-friendly.", "M"),
    ],
)
def test_a_town_of_the_same_name_is_another(topic: Topic, text: str, states: str) -> None:
    """A town that is a word, or a town elsewhere, counts with support only."""
    assert named(topic, text) == states


@pytest.mark.parametrize(
    ("text", "states"),
    [
        ("انضم العراق إلى معاهدة مراكش.", "I"),
        ("وقع العراق على ميثاق الدار البيضاء.", "I"),
        ("أشاد العراق بإعلان مراكش.", "I"),
        ("اتفاق الصخيرات الليبي يدرس في بغداد.", "I"),
        ("اتفاقية أكادير لا تضم العراق.", "I"),
        ("افتتح مقهى الدار البيضاء في بغداد.", "I"),
        ("يعرض فيلم الدار البيضاء في بغداد.", "I"),
        ("وقع العراق اتفاقا في مراكش.", "MI"),
        ("عقد في الدار البيضاء لقاء مع العراق.", "MI"),
        ("فندق بغداد يستقبل السياح في المغرب.", "M"),
        ("حلف بغداد في كتاب مغربي.", "M"),
        ("L'Irak adhère au traité de Marrakech.", "I"),
        ("L'Irak applique l'accord d'Agadir.", "I"),
        ("L'Irak salue la déclaration de Casablanca.", "I"),
        ("Le restaurant Casablanca ouvre à Bagdad.", "I"),
        ("La rue de Marrakech à Bagdad est fermée.", "I"),
        ("L'Irak signe à Marrakech.", "MI"),
        ("Avec l'accord de Rabat, l'Irak rouvre son consulat.", "MI"),
        ("Iraq joined the Marrakesh Treaty.", "I"),
        ("Iraq signed the Casablanca Protocol.", "I"),
        ("Iraq hailed the Treaty of Fez.", "I"),
        ("The film Casablanca is on in Baghdad.", "I"),
        ("Iraq opens a consulate in Casablanca.", "MI"),
        ("Irak se suma al tratado de Marrakech.", "I"),
    ],
)
def test_what_bears_a_citys_name_is_not_the_city(topic: Topic, text: str, states: str) -> None:
    """Treaties, cafés, streets and films, by kind."""
    assert named(topic, text) == states


@pytest.mark.parametrize(
    ("text", "states"),
    [
        ("التقى عبداللطيف وهبي وفدا.", "M"),
        ("التقى عبد اللطيف وهبي وفدا.", "M"),
        ("التقى عبدالإله بنكيران وفدا.", "M"),
        ("تحدث محمد عبدالنباوي عن القضاء.", "M"),
        ("تحدث المهدي بن سعيد عن السينما.", "M"),
        ("التقى عبدالأمير الشمري وفدا.", "I"),
        ("التقى خالد شواني وفدا.", "I"),
        ("Khalid Chouani a parlé.", "I"),
        ("Khaled al-Shawani spoke.", "I"),
        ("Abdelamir Chammari a parlé.", "I"),
        ("Abdul-Amir al-Shammari spoke.", "I"),
        ("Mohamed Ali Lami a parlé.", "I"),
        ("Mehdi Ben Said a parlé.", "M"),
    ],
)
def test_a_name_has_its_spellings(topic: Topic, text: str, states: str) -> None:
    """Abd- and Ben- apart or joined, articles written or not, French and English sounds."""
    assert named(topic, text) == states


@pytest.mark.parametrize(
    ("text", "language", "states"),
    [
        ("Marruecos e Irak firman un acuerdo en Bagdad.", "es", "MI"),
        ("SM el Rey felicita al presidente iraquí.", "es", "MI"),
        ("SM el Rey Felipe VI recibe al presidente iraquí.", "es", "I"),
        ("La DGSN recibe a una delegación de Bagdad.", "es", "MI"),
        ("Marokko und der Irak wollen enger zusammenarbeiten.", "und", "MI"),
        ("Der irakische Minister traf seinen marokkanischen Kollegen.", "und", "MI"),
        ("Fas ve Irak güvenlik anlaşması imzaladı, Fas'ta tören düzenlendi.", "und", "MI"),
        ("Iraklı bakan Faslı mevkidaşını Bağdat'ta kabul etti.", "und", "MI"),
        ("مەغریب و عێراق ڕێککەوتننامەیەکیان واژۆ کرد.", "ckb", "MI"),
        ("باڵیۆزی مەغریبییەکان لە عێراقەوە گەیشتە ڕەباتدا.", "ckb", "MI"),
        ("وەزیری دەرەوەی مەغریبی لە بەغدا پێشوازی لێکرا.", "ckb", "MI"),
        ("وزیر کشور عراق با همتای مراکشی خود در بغداد دیدار کرد.", "fa", "MI"),
        ("نماز مغرب در بغداد برگزار شد.", "fa", "I"),
        ("از مشرق تا مغرب، عراق در میانه است.", "fa", "I"),
    ],
)
def test_other_languages_name_both(topic: Topic, text: str, language: str, states: str) -> None:
    """Spanish, German, Turkish, Kurdish and Persian; the Persian مغرب is the west."""
    assert named(topic, text, language=language) == states


@pytest.mark.parametrize(
    ("text", "country", "states"),
    [
        ("وقعت وزارة الداخلية مذكرة مع بغداد.", "MA", "MI"),
        ("وقعت وزارة الداخلية مذكرة مع بغداد.", "IQ", "I"),
        ("وقعت وزارة الداخلية مذكرة مع بغداد.", "SA", "I"),
        ("استقبل وزير الداخلية نظيره المغربي.", "IQ", "MI"),
        ("استقبل وزير العدل وفدا عراقيا.", "MA", "MI"),
        ("Le gouvernement signe un accord avec l'Irak.", "MA", "MI"),
        ("Le gouvernement baisse les salaires en Irak.", "MA", "I"),
        ("رفضت الحكومة مرشح ائتلاف المالكي في بغداد.", "MA", "I"),
        ("بحث وزير الخارجية مع سفير العراق في تونس ملف الهجرة.", "MA", "I"),
        ("وزارة الداخلية العراقية تنفي. وقالت وزارة الداخلية إنها تحقق.", "MA", "I"),
        ("وزير الداخلية السعودي يصل إلى بغداد.", "MA", "I"),
        ("بغداد (وكالات) – أعلنت وزارة الداخلية اعتقال عشرة.", "MA", "I"),
        ("Le ministre de l'Intérieur reçoit l'ambassadeur d'Irak.", "MA", "MI"),
        ("Le ministre de l'Intérieur de l'Irak est arrivé.", "MA", "I"),
        ("The interior minister received a Moroccan envoy.", "IQ", "MI"),
        ("زار الوفد العراقي الصويرة وتازة.", "MA", "MI"),
        ("زار الوفد العراقي الصويرة وتازة.", "IQ", "I"),
    ],
)
def test_a_bare_office_is_of_the_papers_country(
    topic: Topic, text: str, country: str, states: str
) -> None:
    """A paper at Rabat needn't say whose interior ministry it means."""
    assert named(topic, text, country=country) == states


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Le ministre a salué l'autonomie du Kurdistan et l'intégrité territoriale.", False),
        ("Ankara soutient la souveraineté et l'intégrité territoriale de l'Irak.", False),
        ("وحدة ترابية وحكم ذاتي لإقليم كردستان في العراق.", False),
        ("L'Irak soutient le plan d'autonomie et l'intégrité territoriale du Maroc.", True),
        ("العراق يدعم مبادرة الحكم الذاتي المغربية.", True),
        ("Bagdad réaffirme sa position sur le Sahara occidental.", True),
        ("The unity and territorial integrity of Iraq, said Morocco.", False),
    ],
)
def test_the_sahara_needs_morocco(topic: Topic, text: str, found: bool) -> None:
    """Autonomy and territorial integrity are also Iraq's own matters."""
    document = Document.from_fields(
        matcher.text_fields("", text), matching.get_matcher(topic).vocabulary
    )
    assert document.evaluate(query.ConceptRef("sahara"))[0] is found


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("أجرت الجمارك المغربية تفتيشا.", "services-of-morocco"),
        ("قال محققون مغاربة إنهم وصلوا.", "services-of-morocco"),
        ("Des instructeurs marocains sont arrivés.", "services-of-morocco"),
        ("Moroccan customs seized it.", "services-of-morocco"),
        ("أعلنت الجمارك العراقية الضبط.", "services-of-iraq"),
        ("Des douaniers irakiens sont arrivés.", "services-of-iraq"),
        ("Iraqi border guards seized it.", "services-of-iraq"),
        ("وقعت هيئة الإعلام والاتصالات مذكرة.", "iraq"),
        ("وقعت المندوبية السامية للتخطيط مذكرة.", "morocco"),
        ("L'OFPPT a signé une convention.", "morocco"),
        ("L'ADII a signé une convention.", "morocco"),
    ],
)
def test_who_acts_is_found_by_kind(topic: Topic, text: str, concept: str) -> None:
    """Services with their country's adjective; offices and state companies by their names."""
    document = Document.from_fields(
        matcher.text_fields("", text), matching.get_matcher(topic).vocabulary
    )
    assert document.evaluate(query.ConceptRef(concept))[0]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("التعاون المالي بين المغرب والعراق.", False),
        ("جامعة وجدة تستقبل طلبة عراقيين.", False),
        ("عاد العراقي إلى مسقط رأسه في المغرب.", False),
        ("دعا الله أن يمن على الجرحى في بغداد والرباط.", False),
        ("السوداني يستقبل وزيرا مغربيا في بغداد.", False),
        ("وصل الوفد إلى مسقط.", True),
        ("قاتل في مالي ثم في العراق.", True),
        ("التقى السوداني في الرباط، وهو وزير خارجية السودان.", True),
        ("بحث الوزير اليمني ملف الهجرة.", True),
    ],
)
def test_a_third_state_is_none_by_a_word_alone(topic: Topic, text: str, found: bool) -> None:
    """Financial is not Mali, "and Jeddah" may be Oujda, a birthplace is not Muscat."""
    document = Document.from_fields(
        matcher.text_fields("", text), matching.get_matcher(topic).vocabulary
    )
    assert document.evaluate(query.ConceptRef("other-countries"))[0] is found


@pytest.mark.parametrize(
    ("text", "day", "role"),
    [
        ("التقى خالد شواني وفدا، وقال شواني إنه راض.", None, "justice minister"),
        ("Khaled Shawani a parlé.", None, "justice minister"),
        ("Qassem al-Araji spoke.", date(2018, 5, 1), "interior minister"),
        ("Qassem al-Araji spoke.", date(2024, 5, 1), "national security adviser"),
        ("تحدث قاسم الأعرجي.", date(2018, 5, 1), "interior minister"),
    ],
)
def test_a_bare_term_hides_no_person_in_office(
    topic: Topic, text: str, day: date | None, role: str
) -> None:
    """Of two terms for the same words, the person who held the office that day counts."""
    fields = replace(matcher.text_fields("", text), facts=ItemFacts(day=day))
    document = Document.from_fields(fields, matching.get_matcher(topic).vocabulary)
    assert [actor.role for actor in document.actors] == [role]
    assert document.excluded == []
