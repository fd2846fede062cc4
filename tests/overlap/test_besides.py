"""What a summary says besides what the activity is about is no thing that it is about."""

from dataclasses import replace

import pytest

from ecosystem.overlap import besides, thing
from ecosystem.overlap.judge import World, judge
from ecosystem.overlap.prepared import of
from tests.overlap.labelled import neighbours
from tests.overlap.test_questions import activity

WORLD = World(neighbours=neighbours())


@pytest.mark.parametrize(
    ("summary", "rest"),
    [
        ("Veidosim rotas. Pieteikšanās pa tālruni vai e-pastu.", "Veidosim rotas."),
        ("Veidosim rotas. Pieteikties līdz 1. martam pa tālruni 63012345.", "Veidosim rotas."),
        ("Veidosim rotas, pieteikties pa e-pastu.", "Veidosim rotas,"),
        ("Veidosim rotas. Lūdzam iepriekš pieteikties, zvanot pa tālruni.", "Veidosim rotas."),
        ("Veidosim rotas (obligāta reģistrācija internetā).", "Veidosim rotas ("),
        ("Veidosim rotas. Tālrunis uzziņām 26123456, e-pasts kods@novads.lv", "Veidosim rotas."),
        ("Veidosim rotas. Talr. 26 123 456", "Veidosim rotas. Talr."),
        ("Veidosim rotas. Kafijas pauze.", "Veidosim rotas. ."),
        ("Veidosim rotas. Līdzi jāņem savs dators.", "Veidosim rotas."),
        ("We make jewellery. Call before Monday. Registration online.", "We make jewellery."),
        ("Делаем украшения. Запись по телефону.", "Делаем украшения."),
        # What one brings says what it is about where nothing else does.
        ("Līdzi ņemiet savu viedtālruni!", "Līdzi ņemiet savu viedtālruni!"),
    ],
)
def test_what_is_besides_is_left_out(summary: str, rest: str) -> None:
    assert " ".join(besides.without(summary).split()) == rest


@pytest.mark.parametrize(
    "summary",
    [
        "Mācīsimies zvanīt un sūtīt ziņas ar viedtālruni.",
        "Kā pieteikties darbam un uzrakstīt CV.",
        "Projekta pieteikuma rakstīšana.",
        "Uzņēmuma reģistrācija un nodokļi.",
        "Reģistrēšanās e-veselībā, e-pasta izveide.",
        "Tālruņa iespējas: kamera, ziņas.",
        "Dziedi līdzi! 2026./2027. gada sezona.",
        "Sarunas pie tējas tases",
        "",
    ],
)
def test_what_it_is_about_stays(summary: str) -> None:
    assert besides.without(summary) == summary


def test_how_one_registers_makes_nothing_alike() -> None:
    def kind(mine: str, theirs: str) -> str | None:
        vague = activity("a", lv="Soli pa solim", topic="digital", about=theirs)
        found = judge(activity("b", by="LAB", lv="Radošais vakars", topic="digital", about=mine), vague, world=WORLD)
        return found and found.kind

    assert kind("Pieteikšanās pa tālruni.", "Mācāmies lietot viedtālruni.") == "clash"
    assert kind("Mācīsimies lietot tālruni.", "Mācāmies lietot viedtālruni.") == "duplicate"
    assert of(activity(about="Pieteikšanās pa tālruni.")).content.told == frozenset()


@pytest.mark.parametrize(
    ("title", "parish", "rest"),
    [
        ("Dārza skola Elejā", "Elejas pagasts", "Dārza skola"),
        ("Elejas lasītāju klubs", "Elejas pagasts", "lasītāju klubs"),
        ("ROKDARBI ZAĻENIEKOS", "Zaļenieku pagasts", "ROKDARBI"),
        # Typed without capitals and long vowels.
        ("rokdarbi zalenieku biblioteka", "Zaļenieku pagasts", "rokdarbi biblioteka"),
        # Another parish is what it may be about; small letters are another word; what says nothing else stays.
        ("Ekskursija uz Sesavu", "Elejas pagasts", "Ekskursija uz Sesavu"),
        ("Lielā svētā nakts", "Svētes pagasts", "Lielā svētā nakts"),
        ("Eleja", "Elejas pagasts", "Eleja"),
        ("Pagasta pagalmu svētki", "Elejas pagasts", "Pagasta pagalmu svētki"),
        ("Rokdarbi", "", "Rokdarbi"),
    ],
)
def test_a_title_is_read_without_the_name_of_its_own_parish(title: str, parish: str, rest: str) -> None:
    assert " ".join(besides.without_place(title, parish).split()) == rest


def test_where_it_is_makes_no_two_things_of_one() -> None:
    # Given two handicraft circles that name nothing but their place
    eleja = replace(activity("a", lv="Rokdarbu pulciņš Elejā"), parish_name="Elejas pagasts")
    sesava = replace(activity("b", lv="Rokdarbnieces Sesavā"), parish_name="Sesavas pagasts")
    # Then they are alike; were the places somebody else's, they would be what tells them apart
    assert thing.compare(of(eleja), of(sesava)).likeness == 1.0
    away = replace(eleja, parish_name="Vilces pagasts"), replace(sesava, parish_name="Vilces pagasts")
    assert round(thing.compare(*map(of, away)).likeness, 2) == 0.26
