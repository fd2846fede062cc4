"""After a test that commits, the tables that it wrote to are emptied.

Django would truncate all tables and make the permissions anew, which takes many times as long as the test. The outcome
is the same: no row of ours is left, content types and permissions stand as the migrations left them. What still writes
(a thread of the server that a browser asked) is waited for, as a truncation would.
"""

from functools import cache

from django.db import connections, transaction
from django.test import TransactionTestCase

# Made by the migrations, written by no test.
STANDING = {"django_content_type", "auth_permission"}
# Tables with triggers of ours refuse to have rows deleted; they and what names them are truncated, and come first, since
# nothing may wait to be checked then.
_EMPTY = """
DO $$
DECLARE
    found record;
    is_filled boolean;
BEGIN
    LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE;
    FOR found IN
        SELECT c.oid::regclass AS name,
            EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal) AS is_guarded
        FROM unnest(ARRAY[{texts}]) wanted (name)
        JOIN pg_class c ON c.oid = wanted.name::regclass
        ORDER BY is_guarded DESC
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %s)', found.name) INTO is_filled;
        IF is_filled AND found.is_guarded THEN
            EXECUTE format('TRUNCATE %s CASCADE', found.name);
        ELSIF is_filled THEN
            EXECUTE format('DELETE FROM %s', found.name);
        END IF;
    END LOOP;
END
$$
"""


@cache
def statement(alias: str) -> str:
    """What empties this database."""
    connection = connections[alias]
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    names = [connection.ops.quote_name(table) for table in sorted(tables) if table not in STANDING]
    return _EMPTY.format(names=", ".join(names), texts=", ".join(f"'{name}'" for name in names))


def empty(alias: str) -> None:
    """Leave no row behind."""
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute(statement(alias))


def _fixture_teardown(self: TransactionTestCase) -> None:
    for alias in self._databases_names(include_mirrors=False):
        empty(alias)


TransactionTestCase._fixture_teardown = _fixture_teardown  # type: ignore[method-assign]
