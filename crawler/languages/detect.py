"""Which language a text is in: script, letters of its own, common words, endings. No model.

Told are ar, ckb, fa, en, es and fr; what is surely another language, or nothing sure, is ``und``.
The neighbours whose words look alike (de, it, nl, pt, tr; ur, ps, ug) are known only to be refused.
"""

from __future__ import annotations

import re
import struct
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

ENOUGH = 1_500  # characters: more change no verdict
KNOWN = frozenset({"ar", "ckb", "fa", "en", "es", "fr"})

# Words no text of the language does without, or that headlines love, and that its neighbours lack.
# A word that two languages share stands in both and so decides nothing between them.
_WORDS: dict[str, str] = {
    "en": "the of and to in is that for with was on as by at from its his has have had said were be are it this an but not they after "
          "over who will new says how why what when where more than up out about into could would should against amid us uk first year "
          "years two three four five world people death dies killed war talks deal set report back one government minister attack police state court bank oil "
          "power trade visit sign signs signed agreement agree agrees security between king prime foreign calls call urges warns warn face faces ahead return "
          "launch launches win wins win hit hits loses beat beats hold holds open opens close meets meet plan plans aid rises rise fall falls cut cuts bid crisis "
          "growth dead hundreds thousands city country week month day time home water school women children army military cooperation ties their our can may or no do if so we he she you your my all",
    "fr": "le les des du et une dans que qui pour sur au par avec est ce cette aux ses été la un de en il elle ne pas se son sa plus "
          "ou où nous vous leur leurs mais comme sans sous entre après avant chez contre selon depuis vers dont deux trois quatre cinq "
          "ont sont fait être avoir a à l d s n qu j c ces ans an pays ministre gouvernement accord roi premier guerre mort morts "
          "coopération sécurité signent signe signé visite attaque justice eau école femmes enfants armée police nouveau nouvelle nouvelles hausse baisse projet "
          "sommet crise élections président jeunes marché prix lance annonce annoncent face bientôt lundi mardi mercredi jeudi vendredi samedi dimanche "
          "renforcent renforcer deuxième première fin tout tous toute toutes leur quand comment pourquoi était million millions milliards",
    "es": "el los las del que una por con para se su al como más fue entre también un de en la y a es lo no sus ya o pero este esta "
          "sobre tras hasta desde sin muy años año país gobierno ministro acuerdo rey guerra muertos firma firman seguridad cooperación "
          "primer primera dos tres cuatro cinco contra según ante crisis presidente reunión visita ataque agua escuela mujeres niños ejército policía nuevo nueva "
          "millones dice anuncia lunes martes miércoles jueves viernes sábado domingo hoy mañana ciudad elecciones mercado precios cómo quién cuándo dónde ha han son está están ser",
    "de": "der die das und ist von mit den dem ein eine nicht auf für im zu sich auch nach bei aus wird werden über vor gegen zwischen wie hat als mehr neue neuen am zum zur einen sind oder",
    "it": "il lo gli di che è per con del della dei delle nel nella non una sono da dal alla anche più ma ha si su tra dopo contro come guerra accordo governo anni e al ai",
    "pt": "o os as do da dos das em que é para com não uma um na no nas nos por mais ao foi como mas são sobre após entre contra acordo governo anos e à pelo pela",
    "nl": "de het een van en in is dat op te zijn met voor niet aan er om ook als bij naar uit nog wordt door over tegen na meer geen jaar",
    "tr": "ve bir bu için ile da de olarak çok daha en gibi kadar sonra yeni olan değil var oldu göre yıl iki arasında ilk büyük karşı",
    "ar": "من في على إلى الى أن ان عن التي الذي هذا هذه مع كان بعد قال وقد ما لم بين كما حيث لا أو قبل خلال عبر ضد نحو منذ هل كيف ثم لن قد بسبب بشأن حول أمام عند غير كل أي فيه عليه إن انه أنه هي هو يوم عام لدى دون حتى تحت فوق ضمن رغم وسط عقب وفي ومن وعلى",
    "fa": "از به که در این را با است برای آن می های شد کرد خود ها شده یک هم تا بر نیز اما یا باید بود نیست کند دارد شود گفت ایران ما پس چه هر دو سال روز ای کردن کنند خواهد پیش پشت چگونه چرا",
    "ckb": "لە بە و بۆ کە ئەم ئەو لەگەڵ لەسەر دەکات دەکرێت کرد کردن بوو دوای نێوان ساڵی وەک هەر نییە دەبێت هەیە پێش یان بەڵام چۆن ژمارەیەک لەلایەن سەرۆکی هەرێمی وەزیری کوردستان سەرۆک تر ئەوەی",
    "ur": "کے کی کا میں ہے سے کو نے پر اور کہ ہیں یہ وہ بھی تھا گیا کر ہو ایک لیے تک",
    "ps": "د په چې ته کې او له دی شوي يې هم سره کړی وي ده",
}  # fmt: skip
_ENDINGS: dict[str, str] = {  # of three or four letters, where a word is long enough to have one
    "en": "ing ted ned sed led red ved ght ers ess ths ked ied nts ngs shed ship ness ally ould land hip ity tly sts ws",
    "fr": "eur eux aux ait ées ier ère ent ain ois oir ais ise ux ées gne lle tte nne que rie ées age",
    "es": "ción dad ado ada ados idas ido nte aje ario ones eros anza ico ica rán ará ían aba",
    "de": "ung gen ten ich sch eit cht aft keit ern",
    "it": "zione tà ato ata gli tti zza tto sta nti nno ella",
    "pt": "ção ões ão dade nho nha eira eiro",
    "nl": "ijk eid ijn aan oor lijk",
    "tr": "lar ler ları leri dan den nin nın",
}  # fmt: skip
_LAST_TWO: dict[str, str] = {  # asked where neither word nor longer ending is known
    "en": "ng ed ly er ls ts ds ps ks ms rs ll ss ck th sh ch ey oy ay ow ew gh ht rt rd ld nd st ft lt ok rk wn em et ct ic al gy ry ty cy ny",
    "fr": "ez re le te ne se ce ge ve me de ie ée és ir if il el ix ux oi eu ue et ns ts al nt ur é",
    "es": "io do to no ro so lo co mo go po vo ia da ta na ra sa la ca ma ga os as ón ar or al ez ió oy es le án",
    "de": "en er et es ht lt nd rt ß te in an st ie el be", "it": "no to ro lo ni ti ri li si la ia ta na ra io va re ne te di",
    "pt": "ão am ou em do da os as ia to ta ra ro eu va", "nl": "en et er ng rt ts oe ij te nt st", "tr": "ı ar er an in ya ye ti di dı tı or ur ir ak ek uk",
}  # fmt: skip
_LETTERS: dict[str, str] = {
    "fr": "çœêèàùâîôûëï", "es": "ñ¿¡áíóú", "de": "äöüß", "pt": "ãõ", "tr": "ğışİ", "it": "ìò",
    "ar": "ةىإؤئكي", "fa": "پچژگیک", "ckb": "ەێۆڕڵڤ", "ur": "ٹڈڑںےہھ", "ps": "ټډړښږېځڅۍ", "ug": "ۇۈۋې",
}  # fmt: skip
_OF_LETTERS = {
    "fa": 1.5,
    "ckb": 4.0,
    "ur": 4.0,
    "ps": 4.0,
    "ug": 5.0,
    "ar": 1.0,
    "es": 2.0,
    "pt": 5.0,
    "tr": 4.0,
    "de": 2.5,
    "it": 1.5,
    "fr": 1.5,
}


# Points are counted in units that every weight is a whole number of, however many languages share it;
# the points of all languages of a script stand in one number, 32 bits each, so that a text's are one sum.
_UNIT, _LANE = 4_200, 32
_UNPACK = struct.Struct("<8I").unpack


def _packed(points: Iterable[tuple[int, float]]) -> int:
    return sum(round(weight * _UNIT) << (_LANE * place) for place, weight in points)


def _weights(names: Sequence[str], table: dict[str, str], weight: float) -> dict[str, int]:
    """Entry → the points of each language in ``names``, fewer where several share it."""
    found: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        for entry in dict.fromkeys(table.get(name, "").split()):
            found.setdefault(entry, []).append(place)
    return {
        entry: _packed((place, weight / len(places)) for place in places)
        for entry, places in found.items()
    }


def _letters(names: Sequence[str]) -> dict[str, int]:
    found: dict[str, list[tuple[int, float]]] = {}
    for place, name in enumerate(names):
        for letter in _LETTERS.get(name, ""):
            found.setdefault(letter, []).append((place, _OF_LETTERS[name]))
    return {letter: _packed(points) for letter, points in found.items()}


class _Script(dict[str, int]):
    """What stands between two spaces → its points, counted when first met: news repeat their words."""

    def __init__(self, names: tuple[str, ...], of_word: Callable[[_Script, str], int]) -> None:
        self.names, self._of_word = names, of_word
        self.told = tuple(name if name in KNOWN else "und" for name in names)
        self.words = _weights(names, _WORDS, 2.0)
        self.endings = _weights(names, _LAST_TWO, 0.8) | _weights(names, _ENDINGS, 1.0)
        self.letters = _letters(names)
        self.own = frozenset(self.letters)

    def __missing__(self, piece: str) -> int:
        if len(self) >= REMEMBERED:
            self.clear()
        of_word = self._of_word
        points = (
            of_word(self, piece)
            if piece.isalpha()
            else sum([of_word(self, word) for word in _SPLIT(piece)])
        )
        self[piece] = points
        return points


def _arabic_word(script: _Script, word: str) -> int:
    if (told := script.words.get(word)) is not None:
        return told
    return _UNIT if "ال" in word[:3] or word[:2] == "لل" else 0


_ENGLISH_PAIRS = re.compile("th|sh|w|k|oo|ee").findall  # English above all, hardly Romance
_ENGLISH = round(0.4 * _UNIT)


def _latin_word(script: _Script, word: str) -> int:
    told = script.words.get(word, 0)
    if not told and len(word) > 3:
        told = script.endings.get(word[-3:]) or script.endings.get(word[-2:], 0)
    return told + _ENGLISH * len(_ENGLISH_PAIRS(word))


REMEMBERED = 50_000  # pieces a script: some ten megabytes
_ARABIC_WORDS = _Script(("ar", "fa", "ckb", "ur", "ps", "ug"), _arabic_word)
_LATIN_WORDS = _Script(("en", "fr", "es", "de", "it", "pt", "nl", "tr"), _latin_word)
_LATIN = frozenset("abcdefghijklmnopqrstuvwxyz")
_ARABIC = frozenset(chr(c) for c in range(0x0621, 0x06D6))
_PLAIN = (
    _LATIN
    | _ARABIC
    | frozenset(" \n.,:;!?'\"()-–—«»“”’‘…/%،؛؟0123456789")
    | frozenset("".join(_LETTERS.values()))
)
_SPLIT = re.compile(r"[^\W\d_]+").findall
_ACCENTED = re.compile(f"[{''.join(sorted(_LATIN_WORDS.own))}]").findall
# Letters of every script but Arabic, and those that its neighbours write with it and Arabic does not.
_NEIGHBOURS = "".join(sorted(_ARABIC_WORDS.own - frozenset(_LETTERS["ar"])))
_UNLIKE_ARABIC = re.compile(
    f"[A-Za-zªµº\u00c0-\u05ff\u0700-\u1fff\u2c00-\ufaff{_NEIGHBOURS}]"
).search
_BEYOND_LATIN = re.compile("[\u0370-\u1fff\u3040-\u9fff\uac00-\ud7af]").search
_OTHER_SCRIPT = re.compile("[\u0370-\u05ff\u0900-\u1fff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
SURE = 20  # characters from which a text that has points has letters enough


def detect(text: str, among: tuple[str, ...]) -> str:
    """The language of the text, ``und`` when nothing tells; ``among`` breaks ties, the first first."""
    sample = text[:ENOUGH]
    if (" ال" in sample or sample.startswith("ال")) and not _UNLIKE_ARABIC(sample):
        return "ar"  # an article before a word, and no letter that its neighbours write: nearly every Arabic text
    sample = sample.lower()
    if not sample.isascii():
        if _BEYOND_LATIN(sample):
            return _mixed(sample, among)
        accents = sum(map(_LATIN_WORDS.letters.__getitem__, set(_ACCENTED(sample))))
    else:
        accents = 0
    points = sum(map(_LATIN_WORDS.__getitem__, sample.split())) + accents
    if (not points or len(sample) < SURE) and len(_LATIN.intersection(sample)) < 2:
        return "und"
    return _told(_LATIN_WORDS, points, among)


def _mixed(sample: str, among: tuple[str, ...]) -> str:
    """The language of a text in which other letters than Latin ones stand."""
    letters = set(sample)
    arabic, latin = len(letters & _ARABIC), len(letters & _LATIN)
    if len(sample) > 200 and arabic and latin:  # in long texts both scripts are nearly whole: count
        often = Counter(sample)
        arabic, latin = (
            sum(often[c] for c in letters & _ARABIC),
            sum(often[c] for c in letters & _LATIN),
        )
    if arabic + latin < 2 or (not _PLAIN.issuperset(letters) and _is_elsewhere(sample)):
        return "und"
    script = _ARABIC_WORDS if arabic >= latin else _LATIN_WORDS
    points = sum(map(script.__getitem__, sample.split()))
    return _told(script, points + sum(map(script.letters.__getitem__, letters & script.own)), among)


def _told(script: _Script, points: int, among: tuple[str, ...]) -> str:
    """The language with the most points, or the one of ``among`` where several have them."""
    score = _UNPACK(points.to_bytes(4 * 8, "little"))
    best = max(score)
    if best and score.count(best) == 1:
        return script.told[score.index(best)]
    tied = [name for name, one in zip(script.names, score, strict=False) if one == best]
    preferred = next((name for name in among if name in tied), None)
    return preferred or ("ar" if script is _ARABIC_WORDS and "ar" in tied else "und")


def _is_elsewhere(sample: str) -> bool:
    """Whether most letters are of neither script."""
    return 2 * len(_OTHER_SCRIPT.findall(sample)) > sum(c.isalpha() for c in sample)
