"""Journeys are skipped with one line that says so where no Chromium is found; ``NO_SKIP=1`` forbids all skipping."""

import os
import shutil

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NO_CHROMIUM = f"no Chromium found (looked for $CHROMIUM, {', '.join(NAMES)})"


def chromium() -> str | None:
    """The browser that journeys drive: ``CHROMIUM``, or the first of the usual names."""
    given = os.environ.get("CHROMIUM")
    if given:
        return shutil.which(given)
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def is_forbidden() -> bool:
    """Whether a skipped test makes the run fail."""
    return os.environ.get("NO_SKIP", "") not in ("", "0")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip journeys where no browser is found."""
    if chromium() is None:
        for item in items:
            if item.get_closest_marker("journey"):
                item.add_marker(pytest.mark.skip(reason=NO_CHROMIUM))


def _skipped(config: pytest.Config) -> list[pytest.TestReport]:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return reporter.stats.get("skipped", []) if reporter else []


def _reason(report: pytest.TestReport) -> str:
    what = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return what.removeprefix("Skipped: ")


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where skipping is forbidden, a skipped test fails the run."""
    if is_forbidden() and _skipped(session.config) and session.exitstatus in (0, 5):
        session.exitstatus = 1


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """One line for the journeys; every name where skipping is forbidden."""
    skipped = _skipped(config)
    journeys = [report for report in skipped if _reason(report) == NO_CHROMIUM]
    if is_forbidden():
        for report in skipped:
            terminalreporter.write_line(f"skipped though NO_SKIP is set: {report.nodeid} ({_reason(report)})", red=True)
    elif journeys:
        terminalreporter.write_line(f"{len(journeys)} journeys skipped: {NO_CHROMIUM}", yellow=True)
