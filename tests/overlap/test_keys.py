"""Two activities that share no number are about nothing alike."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations, product

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ecosystem.overlap import keys, thing
from ecosystem.overlap.keys import _forms
from ecosystem.overlap.prepared import Content, of
from ecosystem.overlap.stems import alike, root_of
from tests.overlap.test_properties import SEVERAL, SIDES, WORDS
from tests.overlap.test_questions import activity

MANY = settings(SEVERAL, max_examples=2000)
ENDINGS = ("", "san", "ib", "niek", "taj", "jam", "ej")

letters = st.text("abesnt", min_size=1, max_size=12)


@st.composite
def slips(draw: st.DrawFn) -> tuple[str, str]:
    """A word, and the same with a few letters changed, doubled, left out or in each other's place, or something before it."""
    word = draw(letters) + draw(st.sampled_from(ENDINGS))
    other = list(word)
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, max(0, len(other) - 1)))
        how = draw(st.sampled_from(("change", "double", "leave", "swap", "put")))
        if how == "change" and other:
            other[at] = draw(st.sampled_from("abestn"))
        elif how == "double" and other:
            other.insert(at, other[at])
        elif how == "leave" and other:
            del other[at]
        elif how == "swap" and at + 1 < len(other):
            other[at], other[at + 1] = other[at + 1], other[at]
        elif how == "put":
            other.insert(at, draw(st.sampled_from("abestn")))
    return word, draw(st.sampled_from(("", "", "pa", "foto"))) + "".join(other)


@given(slips())
@example(("abest", "abset"))
@example(("aabbsan", "aabsan"))
@MANY
def test_words_that_are_alike_have_a_form_in_common(pair: tuple[str, str]) -> None:
    one, other = pair
    if one == other or alike(one, other):
        assert set(_forms(one)) & set(_forms(other))


def test_roots_that_are_alike_have_a_form_in_common() -> None:
    """All the words of the labelled titles, each with each."""
    forms = {root: frozenset(_forms(root)) for root in sorted({root_of(word.lower()) for word in WORDS})}
    met = [pair for pair in combinations(forms, 2) if pair[0] and pair[1] and alike(*pair)]
    assert len(met) > 100
    assert [pair for pair in met if forms[pair[0]].isdisjoint(forms[pair[1]])] == []


def _alike(pairs: Iterable[tuple[Content, Content]]) -> tuple[int, int, int]:
    """How many pairs have no number in common, are alike at all, and are the same thing; what numbers promise, proved of each."""
    apart = met = same = 0
    for one, other in pairs:
        likeness, common, _differ = thing._compared.__wrapped__(one, other)
        if one.keys.all.isdisjoint(other.keys.all):
            apart += 1
            assert (likeness, common) == (0.0, ())
        met += likeness > 0
        if round(likeness * 100) >= keys.STRONG_FROM:
            same += 1
            assert one.keys.strong & other.keys.all or one.keys.all & other.keys.strong
    return apart, met, same


def test_what_is_alike_has_a_number_in_common() -> None:
    """Every two of the labelled activities: those without a common number are about nothing alike, as they would be if
    their words were compared; and those that are the same thing under the rules have one that tells."""
    apart, met, same = _alike(combinations({of(side).content for side in SIDES}, 2))
    assert apart > 20 * met
    assert same > 400


def test_what_only_summaries_tell_has_a_number_in_common() -> None:
    """The labelled summaries under a title that names nothing, against every title that has none."""
    catchy = {of(replace(side, titles={"lv": "Zgrubla brunkšķis"})).content: None for side in SIDES if side.summaries}
    titles = {of(side).content: None for side in SIDES if not side.summaries}
    # One in three titles: all of them take half a minute.
    _apart, met, same = _alike(product(catchy, list(titles)[::3]))
    assert len(catchy) > 400
    assert met > same > 700


MADE_UP = st.lists(
    st.builds(
        "{}{}{}".format,
        st.sampled_from(("zgrub", "brunk", "plipš", "knauķ")),
        st.sampled_from(("ul", "sk", "")),
        st.sampled_from(("a", "is", "ošana", "niece")),
    ),
    min_size=1,
    max_size=4,
    unique=True,
)


@given(MADE_UP, MADE_UP, st.sampled_from(("", " Kaligrāfija.", " Zupas un sautējumi.")))
@SEVERAL
def test_words_that_a_summary_says_have_a_number_in_common(title: list[str], said: list[str], more: str) -> None:
    one = activity(lv=" ".join(title))
    other = activity(lv="Jauna pieredze", about=" ".join(said) + more)
    _alike([(of(one).content, of(other).content)])


def test_numbers_fit_four_bytes() -> None:
    assert all(-(2**31) <= key < 2**31 for side in SIDES for key in of(side).content.keys.all)
    assert len(keys.stamp()) == 8
