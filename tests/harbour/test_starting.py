"""What Harbour needs before it starts, and the one sentence that it says when it cannot have it."""

import os
import socket
import stat
from pathlib import Path

import pytest

from harbour.home import disk_problems_explained, only_user_of, prepare_home
from harbour.log_files import last_reason
from harbour.ports import Listener, check_free
from harbour.problems import CannotStart
from harbour.secret_files import NAMES, create_missing_secrets


class TestHome:
    def test_only_its_owner_may_look_inside(self, tmp_path: Path) -> None:
        prepare_home(tmp_path / "home")
        assert stat.S_IMODE((tmp_path / "home").stat().st_mode) == 0o700

    def test_folders_that_others_could_open_are_closed(self, tmp_path: Path) -> None:
        (tmp_path / "home" / "logs").mkdir(parents=True)
        (tmp_path / "home" / "logs").chmod(0o755)
        prepare_home(tmp_path / "home")
        assert stat.S_IMODE((tmp_path / "home" / "logs").stat().st_mode) == 0o700

    def test_a_file_in_the_way_is_one_sentence(self, tmp_path: Path) -> None:
        (tmp_path / "home").write_text("", encoding="ascii")
        with pytest.raises(CannotStart, match="HARBOUR_HOME"):
            prepare_home(tmp_path / "home")

    def test_a_folder_that_cannot_be_written_is_one_sentence(self) -> None:
        with pytest.raises(CannotStart, match=r"cannot be written .* HARBOUR_HOME"):
            prepare_home(Path("/proc/harbour"))

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has /dev/full")
    def test_a_full_disk_is_said_to_be_full(self, tmp_path: Path) -> None:
        with pytest.raises(CannotStart, match="is full: free some space"), disk_problems_explained(tmp_path):
            Path("/dev/full").write_bytes(b"x")

    def test_two_runs_do_not_share_a_home(self, home: Path) -> None:
        with (
            only_user_of(home),
            pytest.raises(CannotStart, match=f"process {os.getpid()}"),
            only_user_of(home),
        ):
            pass

    def test_what_a_killed_run_left_is_removed(self, home: Path) -> None:
        (home / "tmp" / "unpacked").mkdir()
        (home / "tmp" / "left").write_text("x", encoding="ascii")
        with only_user_of(home):
            assert list((home / "tmp").iterdir()) == []


class TestSecrets:
    def test_each_is_made_once_and_read_by_its_owner_only(self, tmp_path: Path) -> None:
        assert create_missing_secrets(tmp_path) == list(NAMES)
        before = {name: (tmp_path / "secrets" / name).read_bytes() for name in NAMES}
        assert create_missing_secrets(tmp_path) == []
        assert before == {name: (tmp_path / "secrets" / name).read_bytes() for name in NAMES}
        assert len(set(before.values())) == len(NAMES)
        assert all(len(secret) == 43 for secret in before.values())
        modes = {stat.S_IMODE((tmp_path / "secrets" / name).stat().st_mode) for name in NAMES}
        assert modes == {0o600}
        assert sorted(path.name for path in (tmp_path / "secrets").iterdir()) == sorted(NAMES)

    def test_one_that_others_could_read_is_closed(self, home: Path) -> None:
        (home / "secrets" / "vault").chmod(0o644)
        create_missing_secrets(home)
        assert stat.S_IMODE((home / "secrets" / "vault").stat().st_mode) == 0o600

    def test_an_empty_one_is_never_replaced(self, home: Path) -> None:
        (home / "secrets" / "vault").write_bytes(b"")
        with pytest.raises(CannotStart, match="vault is empty: bring it back from backup"):
            create_missing_secrets(home)


class TestPorts:
    def test_a_port_in_use_is_named_with_its_setting(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            with pytest.raises(CannotStart, match=rf"port {port} .* set HARBOUR_STAFF_PORT to a free port"):
                check_free([Listener("the clinic", "127.0.0.1", port, "HARBOUR_STAFF_PORT")])

    def test_a_free_port_is_left_free(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as freed:
            port = freed.getsockname()[1]
        check_free([Listener("the clinic", "127.0.0.1", port, "HARBOUR_STAFF_PORT")])
        socket.create_server(("127.0.0.1", port)).close()

    def test_one_port_for_two_listeners_is_refused(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as freed:
            port = freed.getsockname()[1]
        both = [
            Listener(name, "127.0.0.1", port, f"HARBOUR_{name.upper()}_PORT") for name in ("staff", "rasa")
        ]
        with pytest.raises(CannotStart, match="both staff and rasa: set HARBOUR_RASA_PORT"):
            check_free(both)


@pytest.mark.parametrize(
    ("log", "reason"),
    [
        ("one\nValueError: two\nthree\n", "ValueError: two"),
        ("2026 ERROR    rasa - no model\nbye", "2026 ERROR    rasa - no model"),
        ("\x1b[31mplain end.\x1b[0m\n\n", "plain end"),
        ("", "it gave no reason"),
    ],
)
def test_the_reason_in_a_log(tmp_path: Path, log: str, reason: str) -> None:
    (tmp_path / "log").write_text(log, encoding="utf-8")
    assert last_reason(tmp_path / "log") == reason
