"""Spanish: frequent words, and the endings of nouns and adjectives on folded words."""

from __future__ import annotations

from crawler.languages.tables import LanguageTables, Variant


def _plural(word: str) -> frozenset[str]:
    """acuerdo → acuerdos; marroquí → marroquíes; policial → policiales."""
    return frozenset({word, word + "s", word + "es"})


def _adjective(word: str) -> frozenset[str]:
    """bilateral, conjunto → conjunta conjuntos conjuntas; español → española."""
    feminine = word[:-1] + "a" if word.endswith("o") else word + "a"
    return _plural(word) | {feminine, feminine + "s"}


def variants(word: str) -> tuple[Variant, ...]:
    """The plural in -es of a noun in -ión, and back: convención → convenciones. Other plurals are
    those of French."""
    if word.endswith("cion"):
        return (Variant(word + "es"),)
    return (Variant(word.removesuffix("es")),) if word.endswith("ciones") else ()


TABLES = LanguageTables(
    code="es",
    script="latin",
    inflections={"adj": _adjective, "plural": _plural},
    variants=variants,
    words="""
        el los las del que una por con para se su al como más fue entre también un de en la
        y a es lo no sus ya o pero este esta sobre tras hasta desde sin muy años año país
        gobierno ministro acuerdo rey guerra muertos firma firman seguridad cooperación
        primer primera dos tres cuatro cinco contra según ante crisis presidente reunión
        visita ataque agua escuela mujeres niños ejército policía nuevo nueva millones dice
        anuncia lunes martes miércoles jueves viernes sábado domingo hoy mañana ciudad
        elecciones mercado precios cómo quién cuándo dónde ha han son está están ser
    """,
    endings="""
        ción dad ado ada ados idas ido nte aje ario ones eros anza ico ica rán ará ían aba
    """,
    last_two="""
        io do to no ro so lo co mo go po vo ia da ta na ra sa la ca ma ga os as ón ar or al
        ez ió oy es le án
    """,
    letters="ñ¿¡áíóú",
    letter_weight=2.0,
)
