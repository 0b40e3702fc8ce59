"""Languages that are recognised only so that they are not taken for a similar one of ours.

A text in one of these is reported as ``und``. Without German words in the table, a German headline
would be taken for English.
"""

from __future__ import annotations

from crawler.languages.tables import LanguageTables

NEIGHBOURS = (
    LanguageTables(
        code="de",
        script="latin",
        words="""
            der die das und ist von mit den dem ein eine nicht auf für im zu sich auch nach bei
            aus wird werden über vor gegen zwischen wie hat als mehr neue neuen am zum zur einen
            sind oder
        """,
        endings="ung gen ten ich sch eit cht aft keit ern",
        last_two="en er et es ht lt nd rt ß te in an st ie el be",
        letters="äöüß",
        letter_weight=2.5,
    ),  # German
    LanguageTables(
        code="it",
        script="latin",
        words="""
            il lo gli di che è per con del della dei delle nel nella non una sono da dal alla
            anche più ma ha si su tra dopo contro come guerra accordo governo anni e al ai
        """,
        endings="zione tà ato ata gli tti zza tto sta nti nno ella",
        last_two="no to ro lo ni ti ri li si la ia ta na ra io va re ne te di",
        letters="ìò",
        letter_weight=1.5,
    ),  # Italian
    LanguageTables(
        code="pt",
        script="latin",
        words="""
            o os as do da dos das em que é para com não uma um na no nas nos por mais ao foi
            como mas são sobre após entre contra acordo governo anos e à pelo pela
        """,
        endings="ção ões ão dade nho nha eira eiro",
        last_two="ão am ou em do da os as ia to ta ra ro eu va",
        letters="ãõ",
        letter_weight=5.0,
    ),  # Portuguese
    LanguageTables(
        code="nl",
        script="latin",
        words="""
            de het een van en in is dat op te zijn met voor niet aan er om ook als bij naar uit
            nog wordt door over tegen na meer geen jaar
        """,
        endings="ijk eid ijn aan oor lijk",
        last_two="en et er ng rt ts oe ij te nt st",
    ),  # Dutch
    LanguageTables(
        code="tr",
        script="latin",
        words="""
            ve bir bu için ile da de olarak çok daha en gibi kadar sonra yeni olan değil var
            oldu göre yıl iki arasında ilk büyük karşı
        """,
        endings="lar ler ları leri dan den nin nın",
        last_two="ı ar er an in ya ye ti di dı tı or ur ir ak ek uk",
        letters="ğışİ",
        letter_weight=4.0,
    ),  # Turkish
    LanguageTables(
        code="ur",
        script="arabic",
        right_to_left=True,
        words="کے کی کا میں ہے سے کو نے پر اور کہ ہیں یہ وہ بھی تھا گیا کر ہو ایک لیے تک",
        letters="ٹڈڑںےہھ",
        letter_weight=4.0,
    ),  # Urdu
    LanguageTables(
        code="ps",
        script="arabic",
        right_to_left=True,
        words="د په چې ته کې او له دی شوي يې هم سره کړی وي ده",
        letters="ټډړښږېځڅۍ",
        letter_weight=4.0,
    ),  # Pashto
    LanguageTables(
        code="ug",
        script="arabic",
        right_to_left=True,
        letters="ۇۈۋې",
        letter_weight=5.0,
    ),  # Uyghur
)
