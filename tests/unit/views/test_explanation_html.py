"""An explanation as a page: complete in its language, and nothing is loaded from anywhere."""

from __future__ import annotations

import pytest

from crawler.matching import explanation
from crawler.matching.topics import Topic
from crawler.views import explanation_html
from tests.unit.matching.test_explanation import LANGUAGES
from tests.unit.matching.test_explanation import judged as judged_example


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_framed_in_the_articles_language(language: str, topic: Topic) -> None:
    """Right to left if the article is, complete in words, and it loads nothing."""
    kept = judged_example(topic, language=language, headline="<b>5 > 4</b>")
    page = explanation_html.page(
        kept, explanation.explain(kept, {topic.slug: topic}), {topic.slug: topic}
    )
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in page
    assert (
        "default-src 'none'" in page
        and "<script" not in page
        and "src=" not in page
        and "url(" not in page
    )
    assert "&lt;b&gt;5 &gt; 4&lt;/b&gt;" in page
    assert explanation_html.WORDS[language]["reproduced"] in page
    assert topic.version in page


def test_all_frames_have_the_same_words() -> None:
    """A word that one language lacks would break the page of that language alone."""
    keys = {frozenset(words) for words in explanation_html.WORDS.values()}
    assert len(keys) == 1 and set(explanation_html.WORDS) == set(LANGUAGES)
