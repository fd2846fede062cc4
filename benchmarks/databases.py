"""The databases of a run: made on the server that ``DATABASE_URL`` names, or on the embedded one, and dropped after it."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

CHECKOUT = Path(__file__).resolve().parent.parent
PREFIX = "tuvak_bench_"


class Databases:
    """Databases of this run alone; the process' number in their names tells whose they are."""

    def __init__(self, *, keep: bool) -> None:
        self.keep = keep
        self.server = os.environ.get("DATABASE_URL", "")
        if not self.server:
            from ecosystem.embedded import database_url

            self.server = database_url(CHECKOUT / "var" / "postgres")
        self.names: list[str] = []

    def url(self, name: str) -> str:
        """The address of one database on this server."""
        return urlunsplit(urlsplit(self.server)._replace(path=f"/{name}"))

    @contextlib.contextmanager
    def admin(self) -> Iterator[psycopg.Connection]:
        """A connection for making and dropping."""
        with psycopg.connect(self.server, autocommit=True) as connection:
            yield connection

    def name(self, what: str) -> str:
        """The name of a database for this purpose."""
        return f"{PREFIX}{'kept' if self.keep else os.getpid()}_{what}"

    def exists(self, name: str) -> bool:
        """Whether a kept one is there already."""
        with self.admin() as connection:
            row = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        return row is not None

    def create(self, what: str, *, template: str | None = None) -> str:
        """Make an empty database, or a copy of another; an older one of the name goes."""
        name = self.name(what)
        with self.admin() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            # Made from template0: somebody's connection to template1 must not stop a measurement.
            source = template or "template0"
            statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            connection.execute(statement.format(sql.Identifier(name), sql.Identifier(source)))
        if name not in self.names:
            self.names.append(name)
        return name

    def forget_the_dead(self) -> None:
        """Drop what a killed run left behind; never what somebody on another machine is using."""
        unused = (
            "SELECT datname FROM pg_database WHERE datname LIKE %s"
            " AND datname NOT IN (SELECT datname FROM pg_stat_activity WHERE datname IS NOT NULL)"
        )
        with self.admin() as connection:
            rows = connection.execute(unused, [f"{PREFIX}%"])
            for (name,) in rows.fetchall():
                pid = name.removeprefix(PREFIX).split("_")[0]
                if pid.isdigit() and not Path(f"/proc/{pid}").exists():
                    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def drop_one(self, name: str) -> None:
        """One is done with: a great one leaves its room to the next."""
        with self.admin() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        self.names.remove(name)

    def drop(self) -> None:
        """Leave nothing."""
        if self.keep:
            return
        with self.admin() as connection:
            for name in self.names:
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def version(self) -> str:
        """What the server says it is: "15.20"."""
        with self.admin() as connection:
            row = connection.execute("SHOW server_version").fetchone()
        return str(row[0]).split()[0] if row else "?"

    def backends(self, name: str) -> list[int]:
        """The server processes that serve this database."""
        with self.admin() as connection:
            rows = connection.execute("SELECT pid FROM pg_stat_activity WHERE datname = %s", [name]).fetchall()
        return [pid for (pid,) in rows]


def inside(code: str, *arguments: str, env: dict[str, str]) -> str:
    """Run a module of the benchmarks in a process with Django set up for one database; its standard output."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "benchmarks.inside", code, *arguments],
        env=env,
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"benchmarks.inside {code} failed:\n{done.stderr[-4000:]}")
    return done.stdout
