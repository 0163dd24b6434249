"""The examples and limits of docs/uploads.md are right."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.contract.scenario import wav
from tests.docs.test_readme import SANDBOX, run
from vocobase._transfers.sources import DOCUMENT_TYPES, MAX_DOCUMENT_BYTES, MAX_NAME_LENGTH

TEXT = Path("docs/uploads.md").read_text(encoding="utf-8")
BLOCKS: list[str] = re.findall(r"^```python\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)
ROOT = Path.cwd()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", f"{ROOT}:{ROOT / 'generated'}")
    shutil.copy(ROOT / "examples/files/clinic-handbook.md", tmp_path / "handbook.md")
    (tmp_path / "kb").mkdir()
    for name in ("faq.md", "prices.md"):
        (tmp_path / "kb" / name).write_text(f"# {name}")
    return tmp_path


def test_the_files_that_a_reader_copies_exist() -> None:
    (commands,) = re.findall(r"^```sh\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)
    assert [line for line in commands.splitlines() if not (ROOT / line.split()[-2]).exists()] == []


def block(marker: str) -> str:
    (found,) = [code for code in BLOCKS if marker in code]
    return found


def test_the_example_of_one_document_works(folder: Path) -> None:
    assert " ready" in run(block("handbook.md"), folder)


def test_the_example_of_several_documents_works(folder: Path) -> None:
    assert run(block("upload_many"), folder) == "2 uploaded\n"
    (folder / "kb" / "empty.md").touch()
    told = run(block("upload_many"), folder)
    assert "the source is empty" in told
    assert told.endswith("2 uploaded\n")


def test_the_example_of_a_folder_works(folder: Path) -> None:
    (folder / "kb" / "movie.mp4").touch()
    told = run(block("dry_run=True"), folder)
    assert re.search(r"^plan .*2 upload, 1 skip$", told, re.MULTILINE)
    assert re.search(r"^done .*2 upload, 1 skip$", told, re.MULTILINE)
    assert len(list((folder / "kb").glob(".vocobase-*.json"))) == 1


def test_the_example_of_a_track_works(folder: Path) -> None:
    (folder / "music.wav").write_bytes(wav())
    assert run(block("our-lobby"), folder) == "READY\n"
    (folder / "music.wav").write_bytes(wav(channels=2))
    assert run(block("our-lobby"), folder).endswith("ffmpeg -i music.wav -ac 1 music-fixed.wav\n")


def test_the_example_of_downloads_works(folder: Path) -> None:
    upload = block("handbook.md") + "\n" + block("download_all")
    assert "1 of 1" in run(upload, folder)
    assert (folder / "backup" / "handbook.md").read_bytes() == (folder / "handbook.md").read_bytes()


def test_the_example_of_a_safe_name_works(folder: Path) -> None:
    upload = block("handbook.md") + "\n" + block("safe_filename")
    assert run(upload, folder).endswith("\ninvoice 7_8.pdf\n")
    assert (folder / "latest" / "handbook.md").read_bytes() == (folder / "handbook.md").read_bytes()


def test_every_block_is_run_here() -> None:
    assert len(BLOCKS) == 6
    assert SANDBOX


def test_the_page_has_the_limits_of_the_code() -> None:
    assert (MAX_DOCUMENT_BYTES, MAX_NAME_LENGTH) == (50 * 1024 * 1024, 100)
    assert len(set(DOCUMENT_TYPES.values())) == 8
