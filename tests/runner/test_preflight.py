"""Each refusal of `make run` is one sentence, told before anything is made."""

import json
import os
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from ecosystem import embedded
from tools import __main__ as entry
from tools import commands, preflight


def as_root(monkeypatch: pytest.MonkeyPatch, modes: dict[Path, int]) -> None:
    """Be root, on a machine whose folders have these permissions."""
    monkeypatch.setattr(os, "geteuid", lambda: 0)

    def folder(self: Path, **options: bool) -> os.stat_result:
        mode = modes.get(self, 0o755)
        return os.stat_result((stat.S_IFDIR | mode, 0, 0, 1, 0, 0, 0, 0, 0, 0))

    monkeypatch.setattr(Path, "stat", folder)


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.mark.parametrize("mode", [0o700, 0o750, 0o711])
def test_refusal_names_the_private_folder_as_root(monkeypatch: pytest.MonkeyPatch, mode: int) -> None:
    as_root(monkeypatch, {Path("/home/anna"): mode})
    sentence = embedded.refusal(Path("/home/anna/portal/var/postgres"), binaries=Path("/opt/wheel"))
    assert sentence is not None
    assert "private folder /home/anna readable" in sentence


def test_refusal_covers_the_binaries(monkeypatch: pytest.MonkeyPatch) -> None:
    as_root(monkeypatch, {Path("/home/anna"): 0o700})
    sentence = embedded.refusal(Path("/srv/portal/var/postgres"), binaries=Path("/home/anna/venv/lib"))
    assert sentence is not None
    assert "/home/anna" in sentence


def test_refusal_lets_open_folders_and_its_own_be(monkeypatch: pytest.MonkeyPatch) -> None:
    # The file cache makes `var` private; that is the portal's own folder, to open as it likes.
    as_root(monkeypatch, {embedded.CHECKOUT / "var": 0o700})
    monkeypatch.setattr(embedded, "_foreign", lambda pgdata: None)
    assert embedded.refusal(embedded.CHECKOUT / "var" / "postgres") is None


def test_refusal_is_for_root_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    assert embedded.refusal(private / "var" / "postgres") is None


def test_refusal_names_who_made_the_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "PG_VERSION").write_text("18")
    monkeypatch.setattr(os, "geteuid", lambda: tmp_path.stat().st_uid + 1)
    sentence = embedded.refusal(tmp_path)
    assert sentence is not None
    assert "was made by" in sentence
    assert "make fresh" in sentence


def test_database_url_of_ones_own_needs_no_open_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "refusal", lambda *arguments, **named: "Refused.")
    monkeypatch.setenv("DATABASE_URL", "postgresql://db/portal")
    preflight.folders_are_open()
    monkeypatch.delenv("DATABASE_URL")
    with pytest.raises(preflight.Refused):
        preflight.folders_are_open()


def test_busy_port_is_named_with_the_way_out(busy_port: int) -> None:
    with pytest.raises(preflight.Refused) as refused:
        preflight.port_is_free(busy_port)
    assert str(busy_port) in str(refused.value)
    assert f"PORT={busy_port + 1} make run" in str(refused.value)


def test_busy_port_after_a_killed_run_is_waited_for(
    busy_port: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    monkeypatch.setattr(preflight, "VAR", tmp_path)
    preflight.run_record(busy_port).write_text(json.dumps({"pid": ended.pid}))
    waits: list[float] = []
    monkeypatch.setattr(preflight.time, "sleep", waits.append)
    with pytest.raises(preflight.Refused):
        preflight.port_is_free(busy_port, patience=0.05)
    assert waits


@pytest.mark.parametrize("text", ["http", "0", "70000", "-1"])
def test_impossible_port_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("PORT", text)
    with pytest.raises(preflight.Refused, match="PORT must be a number"):
        preflight.wished_port()


def test_missing_venv_names_debians_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(preflight, "VENV", tmp_path / ".venv")
    preflight.venv_can_be_made()
    monkeypatch.setattr(
        preflight.importlib.util, "find_spec", lambda name: None if name == "ensurepip" else SimpleNamespace()
    )
    with pytest.raises(preflight.Refused, match=r"apt install python3\.\d+-venv"):
        preflight.venv_can_be_made()


def test_old_python_ends_with_one_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(entry, "newer_python", lambda: None)
    with pytest.raises(SystemExit) as ended:
        entry.require_python((3, 9))
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "Python 3.9 is too old" in said


def test_refused_command_is_one_sentence_and_exit_2(
    busy_port: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", str(busy_port))
    monkeypatch.setenv("DATABASE_URL", "postgresql://db/portal")
    monkeypatch.setattr(preflight, "venv_can_be_made", lambda: None)
    assert commands.main(["run"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
