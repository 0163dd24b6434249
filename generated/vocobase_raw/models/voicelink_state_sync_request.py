from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import UNSET, Load, Model, Unset


@define(kw_only=True, repr=False)
class VoicelinkStateSyncRequest(Model):
    """Request body of voicelink.state.sync.

    Attributes:
        connection_id (str | Unset): Required when more than one VoiceLink connection is active.
        import_dids (bool | Unset): False makes it a read-only readiness check. (default True)
    """

    connection_id: str | Unset = UNSET
    import_dids: bool | Unset = UNSET
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("connection_id", "connection_id", None, UNSET),
        ("import_dids", "import_dids", None, UNSET),
    )
