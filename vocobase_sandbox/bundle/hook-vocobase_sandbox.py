"""The data files of the sandbox, which PyInstaller does not find on its own."""

from pathlib import Path

_PACKAGE = Path(__file__).parent.parent
_DOCUMENT = _PACKAGE / "openapi.json"

datas = [
    # In a source checkout, it is next to the package.
    (str(_DOCUMENT if _DOCUMENT.is_file() else _PACKAGE.parent / "openapi.json"), "vocobase_sandbox"),
    (str(_PACKAGE / "control" / "control.openapi.json"), "vocobase_sandbox/control"),
    (str(_PACKAGE / "control" / "static"), "vocobase_sandbox/control/static"),
]
