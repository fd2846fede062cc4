"""Each rule of the harness does fail, or it proves nothing."""

import random
import socket
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.template import Context, Origin, Template
from django.utils import translation

from ecosystem.models import Topic
from tests.factories import CompetenceFactory, TopicFactory
from tests.harness import offences, ordering, pages, queries, skipping, templates

pytest_plugins = ["pytester"]


def render(source: str, **context: object) -> str:
    """A template of ours."""
    template = Template(source, origin=Origin(str(templates.OURS / "try.html")))
    return template.render(Context(context))


# Undefined variables.


@pytest.mark.parametrize(
    "source",
    [
        "{{ titel }}",
        "{% if titel %}yes{% endif %}",
        "{% if titel == 1 %}yes{% endif %}",
        "{% if not titel and title %}yes{% endif %}",
        "{% for x in titel %}{% endfor %}",
        "{{ title|add:titel }}",
        "{{ thing.titel }}",
        "{% if thing.titel %}yes{% endif %}",
        "{{ nothing.name }}",
        "{% with x=titel %}{% endwith %}",
        "{% firstof titel title %}",
        "{% url titel %}",
        "{% blocktranslate %}About {{ titel }}{% endblocktranslate %}",
        "{% blocktranslate count n=2 %}one{% plural %}{{ n }} {{ titel }}{% endblocktranslate %}",
    ],
)
def test_undefined_variable_fails(source: str) -> None:
    # Django swallows what a comparison raises: the breach is on record all the same.
    with offences.expected() as caught, suppress(offences.Offence):
        render(source, title="x", thing={"a": 1}, nothing=None)
    assert len(caught) == 1
    assert caught[0].startswith("try.html: “")


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ title }}{{ empty }}{{ nothing }}", "xNone"),
        ('{{ titel|default:"–" }}', "–"),
        ('{% if titel|default:"" %}yes{% endif %}', ""),
        ("{% if nothing.name %}yes{% else %}no{% endif %}", "no"),
        ("{% if nothing.name == 1 %}yes{% else %}no{% endif %}", "no"),
        ("{% if thing.a|add:1 == 2 %}yes{% endif %}", "yes"),
        ("{% for x in thing.b %}{{ x }}{{ forloop.last }}{% endfor %}", "1True"),
        ("{% blocktranslate with t=title %}About {{ t }}{% endblocktranslate %}", "About x"),
        ("{% blocktranslate count n=2 %}one{% plural %}{{ n }} {{ title }}{% endblocktranslate %}", "2 x"),
    ],
)
def test_defined_variable_passes(source: str, text: str) -> None:
    context = {"title": "x", "empty": "", "nothing": None, "thing": {"a": 1, "b": [1]}}
    assert render(source, **context) == text


def test_undefined_variable_of_others_templates_is_left_to_django() -> None:
    assert Template("{{ titel }}{% if titel %}yes{% endif %}").render(Context()) == ""


def test_swallowed_offence_still_fails_the_test(pytester: pytest.Pytester) -> None:
    result = run_inside(
        pytester,
        """
        from tests.harness import offences

        def test_it():
            try:
                raise offences.record("somebody misspelt a name")
            except Exception:
                pass
        """,
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*somebody misspelt a name*"])


# Order.


@pytest.fixture
def topics(db: None) -> list[str]:
    competence = CompetenceFactory()
    codes = ["crafts", "garden", "health", "language"]
    for place, code in enumerate(codes):
        TopicFactory(code=code, name=code, competence=competence, position=place)
    return codes


def test_unordered_rows_are_shuffled(topics: list[str]) -> None:
    unordered = Topic.objects.order_by()
    assert [topic.pk for topic in unordered] != topics
    assert sorted(topic.pk for topic in unordered) == topics
    assert list(unordered.values_list("pk", flat=True)) != topics
    assert [topic.pk for topic in unordered.iterator()] != topics


def test_ordered_rows_are_left_alone(topics: list[str]) -> None:
    assert [topic.pk for topic in Topic.objects.all()] == topics
    assert list(Topic.objects.order_by("-position").values_list("pk", flat=True)) == topics[::-1]


def test_prefetched_rows_are_shuffled_unless_ordered(topics: list[str]) -> None:
    competence = Topic.objects.get(pk="crafts").competence
    again = type(competence).objects.prefetch_related("topics").get(pk=competence.pk)
    assert [topic.pk for topic in again.topics.all()] == topics


def test_shuffle_repeats_by_its_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ordering, "_random", random.Random(7))
    first = ordering.shuffled([1, 2, 3, 4])
    monkeypatch.setattr(ordering, "_random", random.Random(7))
    assert ordering.shuffled([1, 2, 3, 4]) == first != [1, 2, 3, 4]


# Pages.

GOOD = '<!doctype html><html lang="lv"><title>x</title><h1 id="a">x</h1></html>'


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        (GOOD + "{{ title }}", "a stray {{"),
        (GOOD + "{% if x %}", "a stray {%"),
        (GOOD + "<h1>again</h1>", "2 <h1>, not one"),
        (GOOD.replace("h1", "h2"), "0 <h1>, not one"),
        (GOOD.replace(' lang="lv"', ""), "no lang on <html>"),
        (GOOD.replace('"lv"', '"en"'), "lang is “en”, the answer says “lv”"),
        (GOOD.replace("title", "p"), "no <title>"),
        (GOOD + '<p style="color: red">', "style= on <p>"),
        (GOOD + "<style>p {}</style>", "a <style> in the page"),
        (GOOD + "<button onclick='go()'>", "onclick= on <button>"),
        (GOOD + "<script>go()</script>", "a <script> in the page"),
        (GOOD + '<p id="a">', "the id “a” 2 times"),
        ("<h1>x</h1>", "not a whole page: no <html>"),
    ],
)
def test_faulty_page_fails(html: str, fault: str) -> None:
    assert pages.faults(html, is_part=False, language="lv") == [fault]


def test_good_page_passes() -> None:
    data = '<script type="application/ld+json">{"a": {"b": 1}}</script><script src="/static/x.js"></script>'
    hidden = '<template><p id="a"></p></template>'
    assert pages.faults(GOOD + data + hidden, is_part=False, language="lv") == []
    assert pages.faults('<li id="a">a part</li>', is_part=True, language="lv") == []


def test_page_of_the_test_client_is_looked_over(client, settings) -> None:
    settings.ROOT_URLCONF = "tests.harness.urls"
    with offences.expected() as caught:
        client.get("/")
    assert caught == ["GET /: a stray {{", "GET /: not a whole page: no <html>"]


# Network, caches, languages, warnings.


def test_connection_elsewhere_fails() -> None:
    with offences.expected() as caught:
        with pytest.raises(offences.Offence):
            socket.create_connection(("192.0.2.1", 80), timeout=1)
        with pytest.raises(offences.Offence):
            socket.getaddrinfo("example.org", 80)
    assert caught == ["a connection to 192.0.2.1 was tried", "a connection to example.org was tried"]


@pytest.mark.parametrize("turn", [1, 2])
def test_nothing_is_kept_between_tests(turn: int) -> None:
    assert cache.get("kept") is None
    cache.set("kept", turn)
    assert translation.get_language() == "lv"
    translation.activate("en")


def test_warning_fails(pytester: pytest.Pytester) -> None:
    result = run_inside(pytester, "import warnings\n\ndef test_it():\n    warnings.warn('old')\n")
    result.assert_outcomes(failed=1)


# Skipping.

TWO_SKIPPED = """
    import pytest

    @pytest.mark.journey
    def test_far(): pass

    @pytest.mark.skip(reason="not today")
    def test_near(): pass

    def test_here(): pass
    """


def test_journeys_are_skipped_with_one_line_without_a_browser(pytester, monkeypatch) -> None:
    monkeypatch.setenv("CHROMIUM", "there-is-no-such-browser")
    monkeypatch.delenv("NO_SKIP", raising=False)
    result = run_inside(pytester, TWO_SKIPPED)
    result.assert_outcomes(passed=1, skipped=2)
    assert result.ret == 0
    result.stdout.fnmatch_lines([f"1 journeys skipped: {skipping.NO_CHROMIUM}"])


def test_skipping_fails_the_run_where_forbidden(pytester, monkeypatch) -> None:
    monkeypatch.setenv("CHROMIUM", "there-is-no-such-browser")
    monkeypatch.setenv("NO_SKIP", "1")
    result = run_inside(pytester, TWO_SKIPPED)
    result.assert_outcomes(passed=1, skipped=2)
    assert result.ret == 1
    result.stdout.fnmatch_lines(
        [
            "skipped though NO_SKIP is set: *test_far (no Chromium*",
            "skipped though NO_SKIP is set: *test_near (not today)",
        ]
    )


def run_inside(pytester: pytest.Pytester, source: str) -> pytest.RunResult:
    """A run of its own, in a process of its own, under the harness's plugins that need no Django."""
    pytester.makepyfile(source)
    pytester.makeini(
        """
        [pytest]
        filterwarnings = error
        markers =
            journey: drives a browser
        """
    )
    pytester.makeconftest('pytest_plugins = ["tests.harness.offences", "tests.harness.skipping"]')
    pytester._monkeypatch.setenv("PYTHONPATH", str(settings.BASE_DIR))
    return pytester.runpytest_subprocess("-p", "no:django", "-p", "no:cacheprovider", "-p", "no:xdist")


# Queries.


def test_other_number_of_queries_fails(db: None) -> None:
    with pytest.raises(pytest.fail.Exception, match="1 queries, not 2:"), queries.exactly(2):
        ask_once()


def test_more_queries_for_more_rows_fail(db: None, same_queries) -> None:
    rows: list[int] = []

    def ask_for_each() -> None:
        for _row in rows:
            ask_once()

    same_queries(1, add=lambda _place: None, visit=ask_once)
    with pytest.raises(pytest.fail.Exception, match="3 queries, not 1"):
        same_queries(1, add=rows.append, visit=ask_for_each)


def ask_once() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


# The house.


def test_every_module_of_the_floor_stands_in_the_contract() -> None:
    """``ecosystem`` is floor and roof, so import-linter cannot be exhaustive about it by itself."""
    folder = Path(settings.BASE_DIR) / "ecosystem"
    modules = {path.stem for path in folder.glob("*.py")} | {path.parent.name for path in folder.glob("*/__init__.py")}
    contracts = (Path(settings.BASE_DIR) / ".importlinter").read_text(encoding="utf-8")
    assert {name for name in modules if f"ecosystem.{name}" not in contracts} - {
        "__init__",
        "migrations",
        "wsgi",
    } == set()
