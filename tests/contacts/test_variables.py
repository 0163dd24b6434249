"""Variables of a prompt that the contacts of a campaign do not fill are a warning, not silence."""

from __future__ import annotations

import asyncio
import warnings
from typing import Any

import pytest

from vocobase import AsyncVocobase, VariablesWarning, Vocobase
from vocobase._policy import variables
from vocobase._policy.variables import Declared, Supplied
from vocobase_sandbox import Sandbox

from .support import Freely, mobile

DUE = {"phone": mobile(1), "Amount Due": "5"}
TEXT = (
    "variables declared by the agent but missing from the metadata, so they become empty strings:"
    " amount_due (1 of 1 contacts; rename 'Amount Due' to amount_due)."
)


@pytest.fixture
def due(vb: Vocobase) -> str:
    """The id of a draft campaign whose agent declares amount_due and name."""
    agent = vb.agents.create("Dues", "{{name}}: {{amount_due}}", voice_id=vb.voices.list()[0].id)
    vb.agents.update(agent.id, variables=["amount_due", "name"], agent_type="outbound")
    return vb.campaigns.create("Due", agent.id, provider="twilio").campaign_id


def test_an_import_warns_of_empty_variables_and_suggests_the_column(vb: Vocobase, due: str) -> None:
    with pytest.warns(VariablesWarning) as caught:
        report = vb.campaigns.import_contacts(due, [{**DUE, "name": "Asha"}])
    assert [str(warning.message) for warning in caught] == [f"campaigns.import_contacts: {TEXT}"]
    assert caught[0].filename == __file__, "the warning points at the caller's line"
    assert report.added == 1


def test_a_column_that_is_mapped_to_the_variable_is_no_reason_to_warn(
    vb: Vocobase, due: str, on_server: Any
) -> None:
    rows = [{"Mobile No.": mobile(1), "Amount Due": "5", "name": "Asha"}, {"Mobile No.": "+911123456789"}]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        columns = {"phone": "Mobile No.", "amount_due": "Amount Due"}
        report = vb.campaigns.import_contacts(due, rows, columns=columns, line_types={"mobile"})
    assert (report.added, report.bad) == (1, 1)
    assert on_server(due)[mobile(1)]["metadata"] == {"amount_due": "5"}


def test_adding_contacts_warns_too(vb: Vocobase, due: str) -> None:
    contact = {"phone": mobile(1), "name": "Asha", "metadata": {"Amount Due": "5"}}
    with pytest.warns(VariablesWarning) as caught:
        vb.campaigns.add_contacts(due, [contact])
    assert [str(warning.message) for warning in caught] == [f"campaigns.add_contacts: {TEXT}"]
    assert caught[0].filename == __file__


def test_the_async_client_warns_at_the_callers_line(sandbox: Sandbox, due: str) -> None:
    async def main() -> None:
        async with AsyncVocobase(
            sandbox.api_key, base_url=sandbox.base_url, transport=sandbox.async_transport(), pace=Freely()
        ) as vb:
            await vb.campaigns.import_contacts(due, [DUE])
            await vb.campaigns.add_contacts(due, [{"phone": mobile(2)}])

    with pytest.warns(VariablesWarning) as caught:
        asyncio.run(main())
    assert [warning.filename for warning in caught] == [__file__, __file__]


def test_variables_that_are_filled_are_no_reason_to_warn(vb: Vocobase, due: str, campaign: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        vb.campaigns.import_contacts(due, [{"phone": mobile(1), "name": "Asha", "amount_due": 5, "x": 1}])
        vb.campaigns.add_contacts(due, [{"phone": mobile(2), "metadata": {"amount_due": 5, "name": "B"}}])
        vb.campaigns.import_contacts(campaign, [DUE])


def test_contacts_that_lack_a_variable_are_counted(vb: Vocobase, due: str) -> None:
    rows = [{"phone": mobile(1), "amount_due": 5, "name": "A"}, {"phone": mobile(2), "name": "B"}]
    with pytest.warns(VariablesWarning, match=r"strings: amount_due \(1 of 2 contacts\)\.$"):
        vb.campaigns.import_contacts(due, rows)


def test_a_new_client_reads_the_agent_once_and_an_import_survives_without_it(
    sandbox: Sandbox, due: str
) -> None:
    with Vocobase(
        sandbox.api_key, base_url=sandbox.base_url, transport=sandbox.transport(), pace=Freely()
    ) as other:
        with pytest.warns(VariablesWarning):
            other.campaigns.import_contacts(due, [DUE])
        assert other._core.declared.unknown_agent(due) is None
    sandbox.faults.add("status", "GET /agent/{id}", status=404)
    with Vocobase(
        sandbox.api_key, base_url=sandbox.base_url, transport=sandbox.transport(), pace=Freely()
    ) as other:
        assert other.campaigns.import_contacts(due, [{"phone": mobile(3)}]).added == 1


@pytest.mark.parametrize("written", ["Amount Due", "amount-due", "AmountDue", " AMOUNT_DUE ", "amount.due"])
def test_similar_names_are_suggested(written: str) -> None:
    supplied = Supplied(frozenset({"amount_due"}))
    supplied.count("Asha", {written: 5})
    with pytest.warns(VariablesWarning, match="rename .* to amount_due"):
        supplied.warn("x", stacklevel=1)


def test_strange_metadata_is_left_to_the_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(variables, "_MAX_NAMES", 1)
    supplied = Supplied(frozenset({"a"}))
    strange: list[Any] = [None, "text", {5: 1}, {"A": 1}]
    for metadata in strange:
        supplied.count(None, metadata)
    with pytest.warns(VariablesWarning, match=r"a \(4 of 4 contacts\)"):
        supplied.warn("x", stacklevel=1)


def test_the_memory_of_campaigns_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    class Campaign:
        agent_id = "agent"

        def __init__(self, campaign_id: Any) -> None:
            self.campaign_id = campaign_id

    monkeypatch.setattr(variables, "MAX_REMEMBERED_AGENTS", 2)
    declared = Declared()
    for name in (None, "a", "b", "a", "c"):
        declared.observe("campaigns.get", Campaign(name))
    assert [declared.unknown_agent(name) for name in ("a", "b", "c")] == ["agent", None, "agent"]
