"""Recording is repeatable, asks before it dials, cleans up, and never shows the key."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts import record
from tests import documented
from tests.cassettes import cassette, scenario
from tests.cassettes.scenario import PARTS, Need, Part, Script, Stage
from vocobase import Vocobase, types
from vocobase_sandbox import Sandbox

# A sandbox on the loopback stands in for the real API; nothing else may be reached.
pytestmark = pytest.mark.block_network(allowed_hosts=["127.0.0.1"])

BY_NAME = {part.name: part for part in PARTS}
DIALLING = {"calls.start", "calls.transfer", "campaigns.start", "campaigns.resume", "sessions.start_webrtc"}
PHONE = "+12025550142"


def committed(name: str) -> str:
    return cassette.path_of(name).read_text(encoding="utf-8")


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_recording_again_gives_the_same_bytes(part: Part) -> None:
    if committed(part.name).startswith(cassette.OF_API):
        pytest.skip("recorded against the real API")
    assert record.record_in_sandbox(part) == committed(part.name)


def test_what_was_written_is_read_back() -> None:
    text = committed("background_audio")
    assert cassette.OF_SANDBOX + cassette.dump(cassette.load(text)) == text


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_people_can_read_a_cassette(name: str) -> None:
    text = committed(name)
    assert '\\"' not in text
    assert max(len(line) for line in text.splitlines()) < 400


def without_note(text: str) -> str:
    return text.partition("\n")[2]


class Live:
    """A sandbox in the part of the real API, and what was said while it was recorded."""

    def __init__(self, sandbox: Sandbox, base_url: str, folder: Path) -> None:
        self.sandbox = sandbox
        self.folder = folder
        self.said: list[str] = []
        self.environment = {record.KEY: sandbox.api_key, record.URL: base_url}

    def record(self, *parts: Part, **environment: str) -> int:
        return record.record_live(
            parts,
            {**self.environment, **environment},
            self.said.append,
            folder=self.folder,
            wait=lambda url: None,
            advance=self.sandbox.clock.advance,
        )

    def client(self) -> Vocobase:
        return Vocobase(self.sandbox.api_key, base_url=self.environment[record.URL])

    def text(self, name: str) -> str:
        return (self.folder / f"{name}.yaml").read_text(encoding="utf-8")

    def dialled(self) -> int:
        with self.client() as vb:
            return len(vb.calls.list())


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    with (
        Sandbox(seed="live", clock="manual", start=record.START, rate_limits=False) as sandbox,
        sandbox.serve() as server,
    ):
        yield Live(sandbox, server.base_url, tmp_path)


@pytest.fixture(scope="module")
def without_consent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """An account on which everything was to be recorded with nothing but a key."""
    with (
        Sandbox(seed="live", clock="manual", start=record.START, rate_limits=False) as sandbox,
        sandbox.serve() as server,
    ):
        live = Live(sandbox, server.base_url, tmp_path_factory.mktemp("recorded"))
        assert live.record(*PARTS) == 0
        yield live


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_without_consent_a_part_is_recorded_or_says_in_one_line_why_not(
    part: Part, without_consent: Live
) -> None:
    (line,) = (line for line in without_consent.said if line.startswith(f"{part.name}: "))
    assert "\n" not in line
    if Need.CALLS in part.needs and Need.SANDBOX not in part.needs:
        assert line == f"{part.name}: not recorded, it would dial; set RECORD_CALLS=1 to allow that"
    assert line == f"{part.name}: recorded" or part.needs
    assert (without_consent.folder / f"{part.name}.yaml").exists() is not bool(part.needs)


def test_without_consent_nothing_is_dialled(without_consent: Live) -> None:
    assert without_consent.dialled() == 0


def test_without_consent_nothing_lasting_is_done(without_consent: Live) -> None:
    with without_consent.client() as vb:
        assert not vb.agents.list()
        assert not vb.dictionaries.list()
        assert not vb.documents.list()
        assert not vb.config.webhooks.list()
        assert not vb.campaigns.list()
        assert len(vb.telephony_connections.list()) == len(without_consent.sandbox.settings.carriers)
        assert vb.config.get().display_name == "Sandbox"


@pytest.mark.parametrize("name", [part.name for part in PARTS if not part.needs])
def test_another_account_gives_the_same_cassette(name: str, live: Live) -> None:
    assert live.record(BY_NAME[name]) == 0
    assert live.text(name) == cassette.OF_API + without_note(committed(name))


def test_with_consent_calls_are_made_and_the_number_is_not_written(live: Live) -> None:
    assert live.record(BY_NAME["calls"], RECORD_CALLS="1", RECORD_CALLEE=PHONE) == 0
    assert live.dialled() == 1
    assert PHONE not in live.text("calls")
    assert without_note(live.text("calls")) == without_note(committed("calls"))


@pytest.mark.parametrize(
    ("name", "environment", "line"),
    [
        ("agents", {}, None),
        ("calls", {}, "it would dial; set RECORD_CALLS=1 to allow that"),
        ("calls", {"RECORD_CALLS": "yes"}, "it would dial; set RECORD_CALLS=1 to allow that"),
        (
            "calls",
            {"RECORD_CALLS": "1"},
            "no phone to ring; set RECORD_CALLEE to a number that expects the call",
        ),
        ("calls", {"RECORD_CALLS": "1", "RECORD_CALLEE": PHONE}, None),
        (
            "carriers",
            {"RECORD_CALLS": "1"},
            "it would leave behind or overwrite what cannot be undone; set RECORD_LASTING=1 to allow that",
        ),
        ("carriers", {"RECORD_LASTING": "1"}, None),
        ("campaigns", {"RECORD_LASTING": "1"}, "it would dial; set RECORD_CALLS=1 to allow that"),
        (
            "campaigns",
            {"RECORD_CALLS": "1"},
            "it would leave behind or overwrite what cannot be undone; set RECORD_LASTING=1 to allow that",
        ),
        ("limits", {"RECORD_CALLS": "1", "RECORD_LASTING": "1"}, "only the sandbox fails on demand"),
    ],
)
def test_a_part_runs_on_a_real_account_only_with_every_consent_it_needs(
    name: str, environment: dict[str, str], line: str | None
) -> None:
    expected = None if line is None else f"{name}: not recorded, {line}"
    assert record.refusal(BY_NAME[name], environment) == expected


def test_the_guard_knows_every_operation_that_dials_and_no_other() -> None:
    assert set(record.DIALS) == DIALLING
    for (method, path), key in documented.KEYS.items():
        address = "https://api.vocobase.com/api/v2" + path.replace("{id}", "0-1").replace("{", "").replace(
            "}", ""
        )
        for variant in (address, address + "/", address + "?a=b"):
            assert record.dialling(method, variant) == (key if key in DIALLING else None)


def dial(stage: Stage) -> Script:
    voices = yield stage.vb.voices.list()
    agent = yield stage.vb.agents.create(stage.name("Sly"), "Dial.", voice_id=voices[0].id)
    yield stage.vb.calls.start(agent.id, stage.callee, provider="twilio")


def test_a_part_that_does_not_say_that_it_dials_is_stopped_before_the_request(live: Live) -> None:
    assert live.record(Part("sly", dial)) == 1
    assert live.said[-1] == "sly: not recorded, calls.start would dial; set RECORD_CALLS=1 to allow that"
    assert live.dialled() == 0
    with live.client() as vb:
        assert not vb.agents.list()


def break_off(stage: Stage) -> Script:
    vb = stage.vb
    voices = yield vb.voices.list()
    yield vb.agents.create(stage.name("Orphan"), "Stay.", voice_id=voices[0].id)
    yield vb.dictionaries.create(stage.name("Orphan"), terms=["a"])
    yield vb.projects.create(stage.name("Orphan"))
    yield vb.documents.add_web_link(stage.name("Orphan"), "https://example.com/")
    hook = yield vb.config.webhooks.create(f"orphan-{stage.tag}", "https://example.com/")
    raise AssertionError(f"the secret is {hook.secret}")


def test_a_part_that_breaks_off_leaves_nothing_behind_and_its_cassette_as_it_was(live: Live) -> None:
    (live.folder / "broken.yaml").write_text("before")
    with live.client() as vb:
        voice = vb.voices.list()[0].id
        own = vb.agents.create("Of somebody else", "Stay.", voice_id=voice)
        assert live.record(Part("broken", break_off)) == 1
        assert [agent.id for agent in vb.agents.list()] == [own.id]
        assert not vb.dictionaries.list()
        assert not vb.documents.list()
        assert not vb.config.webhooks.list()
        assert [project.name for project in vb.projects.list()] == ["Default"]
    assert live.text("broken") == "before"


def test_what_goes_wrong_is_said_without_secrets(live: Live) -> None:
    live.record(Part("broken", break_off))
    assert live.said[-1] == "broken: not recorded, AssertionError"


def test_nothing_is_written_when_a_secret_may_be_left(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record, "find_leaks", lambda text: ["line 7: an API key"])
    assert live.record(BY_NAME["projects"]) == 1
    assert live.said[-1] == (
        "projects: not recorded, not written, as secrets may be left in it: line 7: an API key"
    )
    assert list(live.folder.iterdir()) == []


def test_the_key_is_never_said(
    live: Live, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    key = live.sandbox.api_key
    monkeypatch.setattr(record, "PARTS", (Part(f"odd {key}", break_off), BY_NAME["projects"]))
    monkeypatch.setattr(cassette, "FOLDER", tmp_path)
    monkeypatch.setattr(record.time, "sleep", lambda seconds: None)
    assert record.main([], live.environment) == 1
    printed = capsys.readouterr()
    assert key not in printed.out + printed.err
    assert "odd ***: not recorded, AssertionError" in printed.out


def test_without_a_key_the_sandbox_is_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cassette, "FOLDER", tmp_path)
    said: list[str] = []
    assert record.main(["projects"], {}, said.append) == 0
    assert record.main(["projects"], {}, said.append) == 0
    assert said == ["projects: recorded", "projects: unchanged"]
    assert [path.name for path in tmp_path.iterdir()] == ["projects.yaml"]


def test_a_check_tells_a_cassette_that_is_not_current(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    assert record.main(["--check", "projects"], {}, said.append) == 0
    monkeypatch.setattr(cassette, "FOLDER", tmp_path)
    (tmp_path / "projects.yaml").write_text("old")
    assert record.main(["--check", "projects", "config"], {}, said.append) == 1
    assert said == [
        "projects: current",
        "projects: differs; run make record",
        "config: differs; run make record",
    ]
    assert (tmp_path / "projects.yaml").read_text() == "old"


def test_an_unknown_part_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        record.main(["nonsense"], {})
    assert left.value.code == 2
    assert "no such part: nonsense" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("path", "seconds"),
    [("/agent", 1.1), ("/calls", 1.1), ("/calls/start", 6.2), ("/sessions/webrtc", 6.2)],
)
def test_requests_to_a_real_account_keep_within_its_limits(
    path: str, seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(record.time, "sleep", slept.append)
    record.pace("https://api.vocobase.com/api/v2" + path)
    assert slept == [seconds]
    assert seconds * (10 if seconds > 2 else 60) > 60


def test_the_display_name_is_restored_when_its_part_breaks_off(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_match(value: object, kind: type[object]) -> object:
        assert kind is not types.PartnerDisplayName
        return value

    monkeypatch.setattr(scenario, "is_a", no_match)
    assert live.record(BY_NAME["config"]) == 1
    with live.client() as vb:
        assert vb.config.get().display_name == "Sandbox"


@pytest.mark.parametrize(("seconds", "slept"), [(1, 20), (120, 120)])
def test_people_get_time_to_answer(seconds: float, slept: float, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr(record.time, "sleep", waited.append)
    record.wait_for_people(seconds)
    assert waited == [slept]
