"""What every test is held to, besides what it asserts itself.

Each module is a pytest plugin, loaded by ``tests/conftest.py``:

``offences``   where the rules below report; a test during which one was broken fails, whatever swallowed the error
``templates``  an undefined variable in one of our templates fails
``ordering``   rows of an unordered queryset come in a random order
``pages``      every page is whole, has one heading, a language, no stray ``{{``, nothing our own policy would block
``network``    nothing leaves this machine
``skipping``   journeys are skipped with one line where Chromium is missing, and never where skipping is forbidden
``queries``    a page asks the database as often for three rows as for one

Others save time and change nothing that a test can see:

``database``   migrations are run once; each worker begins with a copy of what they made
``cleaning``   after a test that commits, only the tables that have rows are emptied
``worlds``     what many tests begin with is made once for those that follow each other

``tests/test_harness.py`` shows that each of them does fail.
"""
