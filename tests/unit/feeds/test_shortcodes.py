"""Shortcodes of WordPress: removed; brackets in prose stay."""

from __future__ import annotations

import pytest

from crawler.feeds.shortcodes import remove_shortcodes


@pytest.mark.parametrize(
    ("markup", "left"),
    [
        (
            "<p>[vc_row full_width=&#8221;stretch&#8221;][vc_column]Le barrage est plein."
            "[/vc_column][/vc_row]</p>",
            "<p>Le barrage est plein.</p>",
        ),
        ('[et_pb_text admin_label="Texte" _builder_version="4.9"]النص[/et_pb_text]', "النص"),
        ('Avant [gallery ids="1,2,3"] après', "Avant  après"),
        ("Vu ici : [embed]https://video.example/1[/embed]fin", "Vu ici :  fin"),
        ("[vc_raw_html]JTNDc2NyaXB0JTNF[/vc_raw_html]Fin.", " Fin."),
        (
            '[caption width="300"]<img src="a.jpg"> Le port, hier[/caption]<p>Texte.</p>',
            " <p>Texte.</p>",
        ),
        ('[highlight color="yellow"]Un mot[/highlight]', "Un mot"),
        ("[su_quote]Une phrase.[/su_quote]", "Une phrase."),
        ("[contact-form]", ""),
    ],
)
def test_codes_go_and_what_they_enclose_stays(markup: str, left: str) -> None:
    """What lies between may be prose, but for addresses and packed text."""
    assert remove_shortcodes(markup) == left


@pytest.mark.parametrize(
    "prose",
    [
        "« Nous l'avons [sic] dit » [Vidéo] [le ministre] a répondu [...] [1]",
        "قال [الوزير] إن الاتفاق [نص الاتفاق]",
        "Read more [here] and a[0] = b[1]",
    ],
)
def test_brackets_in_prose_stay(prose: str) -> None:
    """A word in brackets is an editor's, not a plugin's."""
    assert remove_shortcodes(prose) == prose
