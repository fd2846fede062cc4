"""What a title is read to be about."""

import csv
from collections import defaultdict

import pytest

from ecosystem.overlap import lexicon, prepared, tells, thing
from ecosystem.overlap.prepared import of
from ecosystem.overlap.stems import alike, root_of
from ecosystem.overlap.words import read
from tests.overlap.test_questions import activity


def things(title: str, topic: str = "crafts") -> list[str]:
    """The known things that a title is about."""
    return [notion.key for notion in read(title, topic).things]


def likeness(one: str, other: str, topic: str = "crafts", **said: str) -> int:
    """How alike two titles are, per cent."""
    found = thing.compare(of(activity(lv=one, topic=topic)), of(activity(lv=other, topic=topic, **said)))
    return round(found.likeness * 100)


@pytest.mark.parametrize(
    "words",
    [
        "kursi kursiem kursu",
        "sāpes sāpju sāpēm",
        "upe upes upju",
        "kartīte kartīšu kartītēm",
        "zaķītis zaķīši zaķīšiem",
        "sēne sēņu sēnēm",
        "керамика керамики керамикой",
        "йога йоги йогой",
    ],
)
def test_forms_of_a_word_have_one_root(words: str) -> None:
    assert len({root_of(word) for word in words.split()}) == 1


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("metināšana", "metinātāju", True),
        ("makšķerēšana", "makšķernieki", True),
        ("keramika", "keramkia", True),
        ("burciņas", "bulciņas", False),
        ("joga", "jogurts", False),
        ("kāzas", "krāsas", False),
    ],
)
def test_derived_and_mistyped_words_are_alike(one: str, other: str, expected: bool) -> None:
    assert alike(root_of(one), root_of(other)) is expected
    assert alike(root_of(other), root_of(one)) is expected


def test_the_topic_decides_between_two_senses_of_a_word() -> None:
    assert things("Potēšana", "garden") == ["grafting"]
    assert things("Potēšana", "health") == ["vaccination"]
    assert things("Vainagi", "garden") == ["pruning"]
    assert things("Vainagi", "crafts") == ["wreaths"]


def test_long_vowels_decide_between_short_words_where_they_are_written() -> None:
    assert things("Pūķu darbnīca", "nature") == ["kites"]
    assert things("Puķu darbnīca ģimenēm", "nature") == ["flowers"]
    assert things("Kāzu dejas", "arts") == ["dance"]


def test_nations_are_languages_only_where_languages_are_learnt() -> None:
    assert things("Latviešu valoda", "work") == ["Latvian"]
    assert things("Latviešu tautasdziesmas", "arts") == ["folklore"]


def test_a_kind_takes_the_place_of_the_wider_thing() -> None:
    assert things("Hip-hop dejas", "arts") == ["hip-hop dance"]
    assert likeness("Hip-hop dejas", "Tautas dejas", "arts") == 0
    assert likeness("Dejas", "Tautas dejas", "arts") == 80


def test_before_a_word_of_the_frame_stands_what_it_is_about() -> None:
    titles = ("Datorskola", "Fotodiena", "Dziesmuvakars", "Velotūre", "Putnudienas", "Zirgstāsts")
    named = [[notion.key for notion in read(title, "").notions] for title in titles]
    assert named == [
        ["computers"],
        ["photography"],
        ["singing"],
        ["cycling"],
        ["birds"],
        ["horses"],
    ]


def test_a_deed_and_its_object_stand_either_way_round() -> None:
    assert things("Krāsojam olas") == things("Olu krāsošana") == ["Easter eggs"]


def test_the_tool_and_the_place_stand_aside() -> None:
    assert things("Mārketings sociālajos tīklos", "money") == ["marketing"]
    assert things("Fotografēšana ar viedtālruni", "arts") == ["photography"]
    # Where nothing else is named they are what it is about.
    assert things("Rēķinu apmaksa internetbankā", "digital") == ["internet banking"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Radošā darbnīca: sveces", "Radošā darbnīca: ziepes"),
        ("Rokdarbu klubiņš", "Senioru klubiņš: dejas"),
        ("Ziemassvētku kartītes", "Ziemassvētku piparkūkas"),
        ("Galda spēles", "Galda klāšana"),
        ("Tīklu pīšana", "Sociālie tīkli"),
        ("Lapu darbi", "Mājaslapas izveide"),
        ("Izšūšana", "Šūšana"),
        ("Jurista lekcija: mantojums", "Jurista lekcija: īres līgumi"),
        ("Ekskursija uz Kuldīgu", "Ekskursija uz Rundāli"),
        ("Stikla apgleznošana", "Stikla tīrīšana"),
    ],
)
def test_frames_and_other_senses_are_not_the_same_thing(one: str, other: str) -> None:
    assert likeness(one, other) < 60


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Keramikas pulciņš", "Māla darbi"),
        ("KERAMIKA", "keramikas pamati iesacejiem"),
        ("Zgrubla darbnīca", "Zgrublu darbnīca bērniem"),
        ("Drošība internetā: viltus vēstules", "Kiberdrošība"),
        ("Mācāmies zgrublēt", "Zgrublēšanas meistarklase"),
        ("Pottery", "Keramika"),
        ("Гончарная мастерская", "Keramika"),
    ],
)
def test_other_words_for_the_same_thing_are(one: str, other: str) -> None:
    assert likeness(one, other) >= 80


def test_a_summary_says_what_a_name_does_not() -> None:
    assert likeness("Angļu valoda", "Valodu tilts", "languages") < 60
    assert likeness("Angļu valoda", "Valodu tilts", "languages", about="Angļu valoda ikdienai.") >= 80


def test_titles_of_nothing_but_frame_are_alike_only_in_their_words() -> None:
    assert likeness("Radošā darbnīca", "Radošā darbnīca") == 100
    assert likeness("Piektdienas pasākums", "Ģimeņu rīts", "play") < 60


def test_concepts_are_whole() -> None:
    with (lexicon.DATA / "concepts.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    keys = [row["concept"] for row in rows]
    assert len(keys) == len(set(keys))
    assert {row["kind"] for row in rows} == {"specific", "general"}
    assert {row["within"] for row in rows} - {""} <= set(keys)
    # What is about something can be said in both languages.
    assert [row["concept"] for row in rows if row["kind"] == "specific" and not row["about"]] == []
    with (lexicon.DATA.parents[1] / "data" / "topics.csv").open(encoding="utf-8") as file:
        topics = {row["code"] for row in csv.DictReader(file)}
    assert {row["topic"] for row in rows} - {""} <= topics


def test_a_word_names_one_thing_in_a_topic() -> None:
    found: dict[tuple[tuple[str, ...], str, str], set[str]] = defaultdict(set)
    for first in lexicon.phrases().values():
        for roots, named in first:
            for concept, lengths in named:
                found[roots, concept.topic, lengths].add(concept.key)
    assert {key: names for key, names in found.items() if len(names) > 1} == {}


def test_frame_words_are_in_order_each_once() -> None:
    lines = (lexicon.DATA / "frame_words.txt").read_text(encoding="utf-8").split("\n")[:-1]
    assert lines == sorted(set(lines))


def test_a_title_that_names_nothing_is_what_its_short_summary_tells() -> None:
    guitar, told = "Ģitāras spēle", "Keramika, pankūkas, ģitāra."
    assert likeness(guitar, "Trīs zgrubli", "arts", about=told) == 65
    assert likeness(guitar, "Trīs zgrubli", "arts") == 0
    # One that tells of much is about none of it; nor does a title that names something stand back behind its summary.
    assert likeness(guitar, "Trīs zgrubli", "arts", about=f"{told} Hokejs, šahs.") < 60
    assert likeness(guitar, "Hokejs", "arts", about=told) == 0


def test_a_word_that_only_joins_names_nothing_though_it_is_cut_like_a_thing() -> None:
    # *Ir*, and *īre* typed without its long vowel.
    assert things("Kur ir tā vieta?", "citizenship") == []
    assert things("Ires tiesibas", "citizenship") == ["renting"]


def test_the_lists_are_read_before_they_are_asked_for() -> None:
    # Given a process that has read none
    for known in (lexicon.phrases, lexicon.vocabulary, lexicon.deeds, tells.listed):
        known.cache_clear()
    prepared._content.cache_clear()
    # When they are read beforehand
    prepared.load()
    # Then a title finds them there
    lists = (lexicon.phrases, lexicon.vocabulary, lexicon.deeds, tells.listed)
    assert [known.cache_info().currsize for known in lists] == [1, 1, 1, 1]
