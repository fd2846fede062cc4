"""What killed holders of the embedded server leave behind is cleared before the next start."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ecosystem import embedded


@pytest.fixture
def living_python() -> Iterator[int]:
    process = subprocess.Popen([sys.executable, "-c", "print('up', flush=True); input()"], stdin=-1, stdout=-1)
    assert process.stdout is not None
    process.stdout.readline()
    yield process.pid
    process.communicate(b"\n")


def dead_pid() -> int:
    process = subprocess.Popen(["true"])
    process.wait()
    return process.pid


def handles(pgdata: Path) -> list[int]:
    return json.loads((pgdata / ".handle_pids.json").read_text())


def test_prune_handles_keeps_living_holders_alone(tmp_path: Path, living_python: int) -> None:
    with subprocess.Popen(["sleep", "60"]) as other_program:
        (tmp_path / ".handle_pids.json").write_text(json.dumps([dead_pid(), living_python, other_program.pid]))
        embedded.prune_handles(tmp_path)
        other_program.kill()
    assert handles(tmp_path) == [living_python]


def test_prune_handles_drops_a_number_that_a_younger_python_carries(tmp_path: Path, living_python: int) -> None:
    path = tmp_path / ".handle_pids.json"
    path.write_text(json.dumps([living_python]))
    os.utime(path, (1_000_000_000, 1_000_000_000))
    embedded.prune_handles(tmp_path)
    assert handles(tmp_path) == []


@pytest.mark.parametrize("text", ["", "[1, 2", "null"])
def test_prune_handles_survives_a_broken_list(tmp_path: Path, text: str) -> None:
    (tmp_path / ".handle_pids.json").write_text(text)
    embedded.prune_handles(tmp_path)
    assert handles(tmp_path) == []


def test_prune_handles_of_a_new_folder_does_nothing(tmp_path: Path) -> None:
    embedded.prune_handles(tmp_path)
    assert not list(tmp_path.iterdir())


def test_prune_postmaster_drops_a_number_that_another_program_carries(tmp_path: Path, living_python: int) -> None:
    path = tmp_path / "postmaster.pid"
    path.write_text(f"{living_python}\n{tmp_path}\n")
    embedded.prune_postmaster(tmp_path)
    assert not path.exists()


def test_prune_postmaster_leaves_a_dead_servers_file_to_postgres(tmp_path: Path) -> None:
    path = tmp_path / "postmaster.pid"
    path.write_text(f"{dead_pid()}\n{tmp_path}\n")
    embedded.prune_postmaster(tmp_path)
    assert path.exists()


def test_the_wheel_is_imported_without_its_warnings(tmp_path: Path) -> None:
    # The wheel opens the runtime folder when a socket must lie there; the next import used to warn about that.
    folder = tmp_path / "runtime"
    folder.mkdir(mode=0o755)
    code = (
        "import sys, pathlib; from ecosystem import embedded\n"
        "embedded._runtime_folder = lambda: pathlib.Path(sys.argv[1])\n"
        "print(embedded._wheel().lock_path)"
    )
    env = {name: value for name, value in os.environ.items() if name != "XDG_RUNTIME_DIR"}
    said = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, folder], capture_output=True, text=True, env=env, check=False
    )
    assert (said.stdout.strip(), said.stderr) == (str(folder / ".lockfile"), "")
