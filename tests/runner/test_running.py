"""What `make run` starts, says and ends."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from tools import environment, keeper, processes, run


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def wait_until_dead(pid: int) -> bool:
    deadline = time.monotonic() + 5
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not alive(pid)


def test_ready_block_says_address_sign_ins_and_the_end() -> None:
    block = run.ready_block(8001, demo=True)
    for said in ("http://localhost:8001", "/demo/", "coordinator, manager, head", "/demo/zinas/", "Ctrl-C"):
        assert said in block


def test_ready_block_without_demo_offers_no_sign_ins() -> None:
    assert "demo" not in run.ready_block(8001, demo=False)


def test_children_leave_no_pid_files_and_no_control_socket() -> None:
    children = {name: [str(part) for part in command] for name, command in run.children_of_a_run(8001).items()}
    assert children["beat"][children["beat"].index("--pidfile") + 1] == ""
    assert "--no-control-socket" in children["web"]
    assert "127.0.0.1:8001" in children["web"]
    assert children["worker"][children["worker"].index("--pool") + 1] == "solo"


def test_secret_key_is_kept_and_private(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(run, "VAR", tmp_path)
    key = run.own_key("secret_key")
    assert run.own_key("secret_key") == key
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_run_is_the_demonstration_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(run, "VAR", tmp_path)
    for name in ("DEMO", "SITE_URL", "SECRET_KEY", "PSEUDONYM_KEY"):
        monkeypatch.delenv(name, raising=False)
    env = run.settings_of_a_run(8001)
    assert (env["DEMO"], env["SITE_URL"]) == ("1", "http://localhost:8001")
    assert "PSEUDONYM_KEY" not in env
    monkeypatch.setenv("DEMO", "0")
    env = run.settings_of_a_run(8001)
    # Real people are counted by a key of their own, the same after a restart.
    assert (env["DEMO"], env["PSEUDONYM_KEY"]) == ("0", run.own_key("pseudonym_key"))


def test_installed_is_true_for_a_narrower_lock_and_false_for_a_changed_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(environment, "STAMP", tmp_path / "stamp")
    monkeypatch.setattr(environment, "_python_works", lambda: True)
    assert not environment.installed("demo")
    (tmp_path / "stamp").write_text(json.dumps({name: environment.lock_sum(name) for name in ("base", "demo", "dev")}))
    assert environment.installed("demo")
    assert environment.installed("dev")
    (tmp_path / "stamp").write_text(json.dumps({"demo": "of last week"}))
    assert not environment.installed("demo")


def test_failing_step_says_its_sentence_and_what_was_written() -> None:
    family = processes.Family()
    with pytest.raises(processes.Failed, match="It broke") as failed:
        family.must([sys.executable, "-c", "print('why'); raise SystemExit(3)"], os.environ, "It broke.")
    assert "why" in failed.value.output
    assert family.children == {}


def test_family_ends_its_children_and_what_they_started() -> None:
    family = processes.Family()
    with tempfile.TemporaryFile() as said:
        child = family.start("child", ["sh", "-c", "sleep 61 & echo $!; wait"], os.environ, said)
        while os.fstat(said.fileno()).st_size == 0:
            time.sleep(0.01)
        said.seek(0)
        grandchild = int(said.read())
    assert alive(grandchild)
    family.end()
    assert child.returncode is not None
    assert wait_until_dead(grandchild)


def test_steps_run_side_by_side_and_each_tells_its_own_end() -> None:
    family = processes.Family()
    # The first waits for what the second makes: one after the other, neither would end.
    with tempfile.TemporaryDirectory() as folder:
        steps = {
            "first": ["sh", "-c", f"while [ ! -e {folder}/made ]; do sleep 0.02; done; echo seen"],
            "second": ["sh", "-c", f"touch {folder}/made; echo made; exit 3"],
            "third": ["true"],
        }
        told = {name: (code, output) for name, code, output, _ in family.run_each(steps, os.environ, at_once=2)}
    assert told == {"first": (0, "seen\n"), "second": (3, "made\n"), "third": (0, "")}
    assert family.children == {}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's death")
def test_child_dies_with_a_killed_parent() -> None:
    code = (
        "import os, time\nfrom tools.processes import Family\n"
        "print(Family().start('child', ['sleep', '62'], os.environ).pid, flush=True)\ntime.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert alive(pid)
        parent.kill()
    assert wait_until_dead(pid)


def test_keeper_watches_the_groups_that_were_not_called_off() -> None:
    assert keeper.watch(["+11\n", "+12\n", "-11\n", "nonsense\n"]) == {12}


def test_keeper_ends_a_group_that_will_not_listen() -> None:
    stubborn = "trap '' TERM; echo up; while :; do sleep 0.1; done"
    child = subprocess.Popen(["sh", "-c", stubborn], stdout=subprocess.PIPE, start_new_session=True)
    assert child.stdout is not None
    child.stdout.readline()
    keeper.end_groups([child.pid], patience=0.3)
    assert child.wait(5) == -signal.SIGKILL
    child.stdout.close()
