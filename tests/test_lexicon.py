"""The concepts of the lexicon: what a press reader calls so is found, and what only looks so isn't.

Each text is one kind of wording in one language; its siblings are in the concept's file.
"""

from __future__ import annotations

import pytest

from crawler import query
from crawler.matching import text_fields
from crawler.matching.document import Document
from crawler.matching.term_index import Vocabulary
from crawler.seeds import Seeds

FOUND = [
    ("illicit-finance", "ناقشت الوحدتان تمويل الإرهاب وتتبع الحوالات المشبوهة."),
    ("illicit-finance", "Les deux cellules s'échangent des déclarations de soupçon."),
    ("illicit-finance", "The two agencies want stolen assets back and shell companies named."),
    ("illicit-finance", "Los ministros hablaron de la financiación del terrorismo."),
    ("identification", "طلبت المحكمة نسخة من السجل العدلي للمتهم."),
    ("identification", "سيرسل الطرفان بيانات المسافرين قبل إقلاع الطائرات."),
    ("identification", "Le casier judiciaire de l'intéressé a été joint à la demande."),
    ("identification", "Les compagnies transmettront les données des passagers."),
    ("identification", "Passenger name records and lists of stolen vehicles will be compared."),
    ("identification", "La policía científica comparó las huellas dactilares."),
    ("antiquities", "أعيدت إلى المتحف قطع أثرية صودرت في الميناء."),
    ("antiquities", "Des tablettes cunéiformes dormaient dans un conteneur."),
    ("antiquities", "Customs found looted treasures and clay tablets in a crate."),
    ("readmission", "يشمل الاتفاق إعادة قبول المهاجرين ومنح رخص المرور."),
    ("readmission", "La réadmission des migrants suppose un laissez-passer consulaire."),
    ("readmission", "Ministers spoke of the readmission of irregular migrants."),
    ("readmission", "El acuerdo prevé la readmisión de los migrantes irregulares."),
    ("deradicalisation", "استعرض المدير برنامج «مصالحة» الموجه إلى المدانين بالإرهاب."),
    ("deradicalisation", "Le contre-discours et la réinsertion des condamnés étaient au menu."),
    ("deradicalisation", "Psychologists explained how jailed extremists are talked out of it."),
    ("event-security", "سيشارك ضباط في تأمين الملاعب وإدارة الحشود."),
    ("event-security", "La sécurisation des stades et la gestion des foules s'apprennent."),
    ("event-security", "Officers were taught crowd control and stadium security."),
    ("security-field", "بحث الوزيران التعاون في المجالات الاقتصادية والثقافية والأمنية."),
    ("security-field", "اتفق الطرفان على تطوير العلاقات السياسية والأمنية."),
    ("security-field", "La coopération touche les domaines économique et sécuritaire."),
    ("security-field", "Ties are to grow in the security and economic fields."),
    ("security-field", "Un acuerdo en materia de seguridad será firmado en mayo."),
    ("other-security", "وقع الوزيران مذكرة في الأمن الغذائي."),
    ("other-security", "La sécurité sanitaire des pèlerins a été évoquée."),
    ("other-security", "Water security is a matter for both."),
    ("police", "درب المركز ضباطا على كلاب الشرطة واقتفاء الأثر."),
    ("police", "Une brigade canine a été offerte aux douaniers."),
    ("police", "A K9 course for sniffer dogs and their handlers opened on Monday."),
    ("borders", "تعلم عناصر خفر السواحل اعتراض الزوارق."),
    ("borders", "Les garde-côtes ont suivi un stage de sûreté maritime."),
    ("borders", "Coast guard officers compared baggage screening."),
    ("defence", "تلقى الجنود دروسا في إبطال المتفجرات وتطهير حقول الألغام."),
    ("defence", "Les démineurs ont appris à neutraliser des engins explosifs."),
    ("defence", "Sappers practised on landmines."),
    ("penal-justice", "أرسل القاضي ثلاث إنابات قضائية."),
    ("penal-justice", "Une commission rogatoire a été délivrée."),
    ("penal-justice", "Letters rogatory were answered within a month."),
    ("home-affairs", "زار مدير الدفاع المدني مركز رجال الإطفاء."),
    ("home-affairs", "La protection civile a formé des secouristes."),
    ("cooperation", "أشاد بالتعاون والتنسيق بين الجهازين."),
    ("cooperation", "La coopération est exemplaire et les polices travaillent ensemble."),
    ("cooperation", "Both work together and the partnership grows."),
    ("cooperation", "La cooperación es ejemplar."),
    ("discussing", "تدارس الطرفان ملف المخدرات."),
    ("discussing", "Les entretiens ont porté sur la drogue."),
    ("discussing", "They went over the file and talks focused on drugs."),
    ("discussing", "Abordaron la cuestión y las negociaciones siguen."),
    ("trade-and-aid", "ارتفع التبادل التجاري ووصلت مساعدات طبية."),
    ("trade-and-aid", "Les échanges commerciaux et les bourses universitaires augmentent."),
    ("trade-and-aid", "Bilateral trade grew and scholarships were offered."),
    ("passing-on", "سلمت الرباط لائحة من عشرين اسما."),
    ("passing-on", "زودت بغداد المحققين بمعطيات عن الشبكة."),
    ("courses", "أنهى عشرون ضابطا دورة في كشف المتفجرات."),
    ("courses", "The institute trains 40 officers a year."),
    ("strengthening", "لتقوية الشراكة بين الجهازين."),
    ("strengthening", "Estrechar los lazos."),
    ("signing", "توافق الجانبان على موعد جديد."),
    ("signing", "Les deux directeurs sont convenus d'un calendrier."),
    ("signing", "The chiefs settled on a yearly round."),
    ("bringing-into-force", "أحالت الحكومة مشروع قانون يوافق بموجبه على الاتفاقية."),
    ("bringing-into-force", "Le projet de loi portant approbation de la convention est adopté."),
    ("bringing-into-force", "The treaty was put to parliament and enters into force in May."),
    ("bringing-into-force", "دعا الوزير إلى تفعيل الاتفاقية."),
    ("strengthening", "بحثا سبل تعزيز التعاون والارتقاء بالعلاقات."),
    ("strengthening", "Ils veulent hisser les relations à un niveau supérieur."),
    ("strengthening", "They looked for ways to strengthen cooperation."),
    ("passing-on", "سلمت السفارة قائمة بأسماء ثلاثين شخصا."),
    ("passing-on", "وضعت المعلومات تحت تصرف المحققين."),
    ("passing-on", "Une liste nominative a été remise au parquet."),
    ("passing-on", "Les fichiers seront mis à la disposition des enquêteurs."),
    ("passing-on", "The two services compared notes and passed on what they knew."),
    ("passing-on", "Leads on three suspects were forwarded to the ministry."),
    ("passing-on", "Acordaron el intercambio de información."),
    ("courses", "سيوفد العراق دفعة من الضباط إلى معاهد التدريب."),
    ("courses", "استضافة متدربين من الحرس ستبدأ في الخريف."),
    ("courses", "Le centre accueillera des stagiaires et des élèves officiers."),
    ("courses", "Officers will attend courses and trainees will be hosted."),
    ("advice", "يطلع الوفد على عمل المختبر ويرغب في الاستفادة من التجربة المغربية."),
    ("advice", "Une mission technique viendra s'inspirer du modèle marocain."),
    ("advice", "The visitors took notes and were briefed on the programme."),
    ("standing-channel", "اتفقا على إحداث خلية مشتركة وتعيين ضباط ارتباط."),
    ("standing-channel", "Un officier de liaison sera accueilli et un comité mixte créé."),
    ("standing-channel", "They opened a channel of communication and a joint cell."),
    ("standing-channel", "Habrá un oficial de enlace y una comisión mixta."),
    ("joint-operation", "نفذت العملية بالتنسيق مع الشرطة هناك ضمن تحقيق مشترك."),
    ("joint-operation", "L'enquête a été menée conjointement."),
    ("joint-operation", "Simultaneous raids followed a joint investigation."),
    ("asking", "طلبت بغداد رسميا خبراء، ووافقت على الشروط."),
    ("asking", "Bagdad a sollicité l'aide de la police."),
    ("asking", "Lawmakers asked for help and sought the help of experts."),
    ("put-off", "تقرر تأجيل التوقيع وتعليق العمل بالاتفاقية."),
    ("put-off", "La cour refuse l'extradition et la visite est reportée."),
    ("put-off", "The visit was put off and the files are on hold."),
    ("meeting", "جلس مع نظيره حول طاولة واحدة."),
    ("meeting", "Les deux ministres se sont entretenus à huis clos."),
    ("meeting", "He sat down with the head of the service."),
    ("message", "سلم القائم بالأعمال مذكرة شفوية."),
    ("message", "L'échange de notes a eu lieu lundi."),
    ("message", "He presented his credentials and an oral message."),
    ("reopening", "تقرر استئناف الرحلات وإعادة فتح السفارة."),
    ("reopening", "La reprise des vols suit la réouverture du consulat."),
    ("reopening", "The embassy reopened and visas were eased."),
    ("consular-care", "زار القنصل السجين بعد طلب زيارة قنصلية."),
    ("consular-care", "Le rapatriement de la dépouille a pris dix jours."),
    ("consular-care", "The embassy arranged consular access."),
    ("pair", "تبادل الوفدان الرأي، وتعهد كل طرف بالرد."),
    ("pair", "Les deux hommes se sont salués."),
    ("pair", "Neither side gave a date."),
    ("pair", "Los dos países y ambas partes."),
    ("career", "عمل سابقا سفيرا، وبدأ مسيرته في بغداد."),
    ("career", "L'ancien ambassadeur a commencé sa carrière en Irak."),
    ("career", "The former ambassador to Iraq retired last year."),
    ("private-matter", "تعرف السائح على خطيبته في مراكش."),
    ("private-matter", "Le couple a fêté ses fiançailles ; la société privée les a logés."),
    ("private-matter", "The private company opened a franchise; tourists came."),
    ("venue-of-many", "اجتمع التحالف الدولي ضد داعش في مراكش."),
    ("venue-of-many", "La Coalition contre Daech se réunit jeudi."),
    ("venue-of-many", "The Global Counterterrorism Forum met."),
    ("not-on-the-table", "لا توجد أي اتفاقية بين الطرفين."),
    ("not-on-the-table", "Aucun accord n'existe, et la question n'est pas à l'ordre du jour."),
    ("not-on-the-table", "Extradition was not discussed; there is no treaty."),
]

NOT_FOUND = [
    ("police", "قال مصدر أمني إن الطريق أغلقت لأسباب أمنية."),
    ("police", "Security reasons were given."),
    ("police", "Des sources sécuritaires l'affirment."),
    ("police", "زار مدير الدفاع المدني المعرض."),
    ("counter-terrorism", "La Coalition contre Daech se réunit jeudi."),
    ("counter-terrorism", "اجتمع التحالف الدولي ضد داعش في مراكش."),
    ("counter-terrorism", "أدانت الوزارة الهجمات الإرهابية."),
    ("counter-terrorism", "The Global Counterterrorism Forum met."),
    ("defence", "انطلقت مسيرات احتجاجية في المدينة."),
    ("defence", "La défense a plaidé l'acquittement."),
    ("relation", "نشر على مواقع التواصل الاجتماعي."),
    ("relation", "ويتوقع الخبراء أمطارا، مع توقع انخفاض الحرارة."),
    ("relation", "ارتفع ثمنه ثلاث مرات."),
    ("joint-act", "مع توقع ارتفاع درجات الحرارة."),
    ("repatriation", "استغرقت رحلته ثلاثة أيام."),
    ("security-field", "وقع الوزيران مذكرة في مجال الأمن الغذائي."),
    ("security-field", "Une réunion sur la sécurité alimentaire."),
    ("security-field", "Members voted on Security Council reform."),
    ("security-field", "قالت مصادر أمنية وعسكرية إن المعارك استمرت."),
    ("identification", "وضع الفنان بصمات واضحة في الأغنية."),
    ("cooperation", "اجتمع وزراء دول مجلس التعاون الخليجي."),
    ("cooperation", "Le ministre des Affaires étrangères, de la Coopération africaine."),
    ("cooperation", "The Gulf Cooperation Council met."),
    ("discussing", "تناول الأطفال وجبة الإفطار."),
    ("signing", "وقع الهجوم عند الظهر."),
    ("signing", "Experts conclude that signs of drought remain."),
    ("bringing-into-force", "كان رجلا صادقا."),
    ("strengthening", "رفع مستوى الوعي لدى التلاميذ."),
    ("passing-on", "The tip of the iceberg."),
    ("advice", "يمكن الاطلاع على الشروط في الموقع."),
    ("standing-channel", "وضع فريق العمل تطبيقا جديدا."),
    ("asking", "قال راسل إن الأمر بسيط."),
    ("put-off", "بحثت الشرطة في أرجاء المدينة، وقال معلق رياضي."),
    ("meeting", "الشؤون الاجتماعية والاقتصادية."),
    ("message", "Vol de câbles de fibre optique."),
    ("reopening", "قررت النيابة إعادة فتح التحقيق."),
    ("courses", "قتل في معسكر تدريب."),
]


@pytest.fixture(scope="module")
def vocabulary(seeds: Seeds) -> Vocabulary:
    """All concepts that the texts name."""
    named = {concept for concept, _ in (*FOUND, *NOT_FOUND)}
    return Vocabulary({name: seeds.concepts[name] for name in sorted(named)})


def is_found(concept: str, text: str, vocabulary: Vocabulary) -> bool:
    """Whether the text has a mention of the concept that counts."""
    document = Document.from_fields(text_fields("", text), vocabulary)
    return document.evaluate(query.ConceptRef(concept))[0]


@pytest.mark.parametrize(("concept", "text"), FOUND)
def test_what_a_reader_calls_so_is_found(concept: str, text: str, vocabulary: Vocabulary) -> None:
    """A matter or an act is found in the wordings of the press."""
    assert is_found(concept, text, vocabulary)


@pytest.mark.parametrize(("concept", "text"), NOT_FOUND)
def test_what_only_looks_so_is_not_found(concept: str, text: str, vocabulary: Vocabulary) -> None:
    """Another sense of the word, or the name of a body, is neither."""
    assert not is_found(concept, text, vocabulary)
