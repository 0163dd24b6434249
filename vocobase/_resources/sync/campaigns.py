# Derived from vocobase/_resources/aio/campaigns.py by scripts/derive_sync.py; edit that instead.
"""Outbound calling campaigns."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any

from vocobase._base.arguments import check_seconds
from vocobase._base.values import OMIT, Omit, as_list
from vocobase._imports.claims import ContactResult
from vocobase._imports.sync.contact_results import campaign_results
from vocobase._imports.sync.importing import import_contacts
from vocobase._policy.cadence import CAMPAIGN_INTERVAL_SECONDS, MIN_INTERVAL_SECONDS
from vocobase._policy.pages import Page
from vocobase._resources.sync.resource import Resource
from vocobase._waiting.call_results import CampaignProgress
from vocobase._waiting.sync.campaigns import watch_campaign
from vocobase_raw import api, models

if TYPE_CHECKING:
    from vocobase._dialing.gate import ConsentSource, DoNotCallSources
    from vocobase._ledger import Ledger
    from vocobase._policy.choices import CampaignProviderValue
    from vocobase.contacts import Columns, ContactSource, Format, ImportProgress, ImportReport, LineType
    from vocobase_raw.models import AddedContacts, Campaign, CampaignStats


class Campaigns(Resource):
    """Outbound calling campaigns."""

    def create(
        self,
        name: str,
        agent_id: str,
        *,
        provider: CampaignProviderValue,
        description: str | Omit = OMIT,
        concurrency_limit: int | Omit = OMIT,
    ) -> Campaign:
        """Create an outbound calling campaign for one agent and one carrier; it starts as a draft.

        Args:
            name: Campaign name; length limit not documented.
            agent_id: Agent that handles every call.
            provider: Carrier; must be one of the partner's allowed_telephony_providers and have credentials
                (known values: mcube, twilio, exotel).
            description: Free text.
            concurrency_limit: Limit on simultaneous calls, 1 to 10; the server clamps other values instead of
                rejecting them (default 1).

        Returns:
            The ``Campaign``.

        Raises:
            NotFoundError: unknown agent, or owned by another account.
            OutcomeUnknownError: no response; check with ``campaigns.list`` before you create it again.

        Retries: only if the API certainly did not process the request.
        Documentation: Campaigns, Create a campaign.
        """
        return self._core.call(
            api.campaigns.create.build(
                body=models.CampaignsCreateRequest(
                    name=name,
                    agent_id=agent_id,
                    provider=provider,
                    description=description,
                    concurrency_limit=concurrency_limit,
                )
            ),
            api.campaigns.create.parse,
        )

    def list(self) -> Page[Campaign]:
        """Return the campaigns that were created through the Partner API, newest first.

        Returns:
            A page of ``Campaign``.

        Retries: automatic.
        Documentation: Campaigns, List campaigns.
        """
        return self._core.page(api.campaigns.list_.build(), "campaigns", models.Campaign.from_dict)

    def iter(self) -> Iterator[Campaign]:
        """Iterate over all campaigns, newest first.

        Returns:
            An iterator of ``Campaign``.

        Retries: automatic.
        Documentation: Campaigns, List campaigns.
        """
        for campaign in self.list():
            yield campaign

    def get(self, campaign_id: str) -> Campaign:
        """Return one campaign.

        Args:
            campaign_id: Campaign id.

        Returns:
            The ``Campaign``.

        Raises:
            NotFoundError: unknown campaign, or owned by another account.

        Retries: automatic.
        Documentation: Campaigns, Get a campaign.
        """
        return self._core.call(api.campaigns.get.build(campaign_id), api.campaigns.get.parse)

    def add_contacts(self, campaign_id: str, contacts: Sequence[Mapping[str, Any]]) -> AddedContacts:
        """Add up to 10,000 contacts to the calling list of a draft campaign.

        A ``VariablesWarning`` names the variables that the agent declares and contacts lack, if this
        client has read the campaign and its agent.

        Args:
            campaign_id: Campaign id.
            contacts: Contacts to add (1 to 10,000 entries): mappings with ``phone`` in E.164 form and,
                optionally, ``name`` and ``metadata``, a mapping that can supply pre-call variables.

        Returns:
            The ``AddedContacts``.

        Raises:
            ValidationFailedError: no contacts, more than 10,000, or malformed rows; or the campaign is not a
                draft, for which the code is plausible, not documented.
            NotFoundError: unknown campaign.

        Retries: automatic.
        Documentation: Campaigns, Add contacts to a campaign.
        """
        supplied = self._core.declared.supplied(campaign_id)
        entries = as_list(contacts)
        supplied.count_all(entries)
        supplied.warn("campaigns.add_contacts", stacklevel=2)
        return self._core.call(
            api.campaigns.add_contacts.build(
                campaign_id, body=models.CampaignsAddContactsRequest(contacts=entries)
            ),
            api.campaigns.add_contacts.parse,
        )

    def import_contacts(
        self,
        campaign_id: str,
        source: ContactSource,
        *,
        region: str | None = None,
        columns: Columns | None = None,
        format: Format | None = None,
        encoding: str | None = None,
        delimiter: str | None = None,
        line_types: Collection[LineType] | None = None,
        do_not_call: DoNotCallSources = (),
        consent: ConsentSource | None = None,
        ledger: str | PathLike[str] | Ledger | None = None,
        rejects: str | PathLike[str] | None = None,
        on_progress: Callable[[ImportProgress], None] | None = None,
        chunk_size: int = 10_000,
    ) -> ImportReport:
        """Import a list of any length into a draft campaign: a file, a dataframe or an iterable.

        The whole source is read before anything is sent. It is then sent in requests within the limits and 60
        per minute. Memory does not grow with the length of the list. A ``VariablesWarning`` names the
        variables that the agent declares and contacts lack.

        Args:
            campaign_id: Campaign id.
            source: Any source of ``vocobase.contacts.read``.
            region: Country of numbers without a country code, two letters such as ``IN``.
            columns: Meaning of the columns, such as ``{"phone": "Mobile No.", "amount_due": "Amount Due"}``
                with a pre-call variable; see ``vocobase.contacts.read``.
            format: ``csv``, ``tsv`` or ``jsonl``; detected from the suffix by default.
            encoding: Encoding of a file without byte order mark; UTF-8 by default.
            delimiter: Character between the fields of CSV; detected from the header row by default.
            line_types: Only numbers of these kinds, such as ``{"mobile"}``; others are bad rows.
            do_not_call: Who is left out, as in ``calls.start_many``; in addition to the ``DoNotCall`` list of
                ``ledger``, which is always checked. The campaign itself does not check again when it dials.
            consent: Who may be called, as in ``calls.start_many``; not checked by default.
            ledger: Path of a file (or address of a server, see ``vocobase.open_ledger``) that records
                which numbers were sent, so that you can run an interrupted import again, and who was left
                out.
            rejects: CSV file for rows that are not contacts or were left out, with the reasons.
            on_progress: Called with an ``ImportProgress`` after every 10,000 rows and every request.
            chunk_size: Contacts in one request (1 to 10,000).

        Returns:
            The ``ImportReport``, which counts every row by its result. Check the campaign if
            ``uncounted`` is not 0.

        Raises:
            ContactsError: the source cannot be read, or ``rejects`` cannot be written; nothing was sent.
            LedgerError: the ledger cannot be used.
            GateError: a function of ``do_not_call`` or ``consent`` failed; nothing was sent.
            InvalidArgumentError: an argument is invalid, or the campaign is not a draft; nothing was sent.
            ValidationFailedError: the API rejected a chunk; those before it were added.
            NotFoundError: unknown campaign.

        Retries: automatic; run it again with the same ledger to send what is missing.
        Documentation: Campaigns, Add contacts to a campaign.
        """
        return import_contacts(
            self._core,
            campaign_id,
            source,
            region=region,
            columns=columns,
            format=format,
            encoding=encoding,
            delimiter=delimiter,
            line_types=line_types,
            do_not_call=do_not_call,
            consent=consent,
            ledger=ledger,
            rejects=rejects,
            on_progress=on_progress,
            chunk_size=chunk_size,
        )

    def results(
        self, campaign_id: str, *, ledger: str | PathLike[str] | Ledger, timeout: float = 1800.0
    ) -> Iterator[ContactResult]:
        """Yield the result of each contact of a campaign.

        The API has no such route: nothing in a call names its campaign. So the contacts come from the ledger
        of ``import_contacts``, and their calls from the list of calls, by agent, number and the time in which
        the campaign dialled. Where two campaigns could have made a call, the outcome is ``unknown``. Another
        campaign of the agent cannot have made it if it dialled at another time, or if the same ledger says
        that it has other numbers. Calls that were started in other ways, such as ``calls.start`` or campaigns
        of the dashboard, are not distinguished.

        Args:
            campaign_id: Campaign id.
            ledger: The ledger of ``import_contacts``: path of a file, address of a server, or an open
                ``Ledger``.
            timeout: Longest wait in seconds for calls that are ongoing or being processed; allow 2 s for each
                call that connects.

        Returns:
            An iterator with one ``ContactResult`` for each number: first those without a certain call,
            then the others as soon as their results are final.

        Raises:
            LookupFailedError: the ledger has no number of this campaign.
            LedgerError: the ledger cannot be used.
            NotFoundError: unknown campaign.
            InvalidArgumentError: the timeout is invalid; nothing was sent.

        Retries: automatic.
        Documentation: Campaigns, Get a campaign and List campaigns; Calls, List calls and Get call details.
        """
        check_seconds(timeout, "campaigns.results: timeout")
        return campaign_results(self._core, campaign_id, ledger=ledger, timeout=timeout)

    def start(self, campaign_id: str) -> Campaign:
        """Start a draft campaign, so that dialling begins.

        Args:
            campaign_id: Campaign id.

        Returns:
            The ``Campaign``.

        Raises:
            ValidationFailedError: the campaign is not a draft, or has no contacts; the code is plausible, not
                documented.
            PermissionDeniedError: balance below the minimum, or provider no longer allowed.
            NotFoundError: unknown campaign.
            OutcomeUnknownError: no response; check with ``campaigns.get`` before you start it again, because
                that begins paid dialling.

        Retries: only if the API certainly did not process the request.
        Documentation: Campaigns, Start a campaign.
        """
        return self._core.call(api.campaigns.start.build(campaign_id), api.campaigns.start.parse)

    def pause(self, campaign_id: str) -> Campaign:
        """Pause a running campaign, so that no new calls are dispatched.

        Args:
            campaign_id: Campaign id.

        Returns:
            The ``Campaign``.

        Raises:
            ValidationFailedError: the campaign is not running; the code is plausible, not documented.
            NotFoundError: unknown campaign.
            OutcomeUnknownError: no response; check with ``campaigns.get`` before you retry.

        Retries: only if the API certainly did not process the request.
        Documentation: Campaigns, Pause a running campaign.
        """
        return self._core.call(api.campaigns.pause.build(campaign_id), api.campaigns.pause.parse)

    def resume(self, campaign_id: str) -> Campaign:
        """Resume a paused or credit-exhausted campaign.

        Args:
            campaign_id: Campaign id.

        Returns:
            The ``Campaign``.

        Raises:
            ValidationFailedError: the campaign is neither paused nor credit_exhausted; the code is plausible,
                not documented.
            PermissionDeniedError: balance still below the minimum.
            NotFoundError: unknown campaign.
            OutcomeUnknownError: no response; check with ``campaigns.get`` before you resume it again, because
                that begins paid dialling.

        Retries: only if the API certainly did not process the request.
        Documentation: Campaigns, Resume a paused campaign.
        """
        return self._core.call(api.campaigns.resume.build(campaign_id), api.campaigns.resume.parse)

    def stop(self, campaign_id: str) -> Campaign:
        """Stop a campaign permanently; it ends as cancelled.

        Args:
            campaign_id: Campaign id.

        Returns:
            The ``Campaign``.

        Raises:
            ValidationFailedError: the campaign is not running, paused or credit_exhausted; the code is
                plausible, not documented.
            NotFoundError: unknown campaign.
            OutcomeUnknownError: no response; check with ``campaigns.get`` before you retry.

        Retries: only if the API certainly did not process the request.
        Documentation: Campaigns, Stop (cancel) a campaign.
        """
        return self._core.call(api.campaigns.stop.build(campaign_id), api.campaigns.stop.parse)

    def stats(self, campaign_id: str) -> CampaignStats:
        """Return contact counts by status, the average call duration and the total amount used.

        Args:
            campaign_id: Campaign id.

        Returns:
            The ``CampaignStats``.

        Raises:
            NotFoundError: unknown campaign.

        Retries: automatic.
        Documentation: Campaigns, Get campaign progress stats.
        """
        return self._core.call(api.campaigns.stats.build(campaign_id), api.campaigns.stats.parse)

    def watch(
        self, campaign_id: str, *, timeout: float | None = None, interval: float = CAMPAIGN_INTERVAL_SECONDS
    ) -> Iterator[CampaignProgress]:
        """Watch a campaign until it has ended: yield its progress now and whenever it changes.

        A campaign that is a draft or paused is watched until it continues. The last progress before an error
        shows the state that caused it. You may leave the iterator at any time.

        Args:
            campaign_id: Campaign id.
            timeout: Longest wait in seconds, from the first step of the iterator on; no limit if omitted.
            interval: Seconds between two polls, at least 1.

        Returns:
            An iterator of ``CampaignProgress``; it ends when the campaign is completed (inferred value).

        Raises:
            CampaignFailedError: it was cancelled or ran out of credit; ``campaign`` holds it. After a top-up,
                resume it and watch it again.
            WaitTimeoutError: it did not end in time; ``last`` holds the campaign.
            NotFoundError: unknown campaign.
            InvalidArgumentError: a number of seconds is invalid; nothing was sent.

        Retries: automatic.
        Documentation: Campaigns, Get a campaign.
        """
        if timeout is not None:
            check_seconds(timeout, "campaigns.watch: timeout")
        check_seconds(interval, "campaigns.watch: interval", MIN_INTERVAL_SECONDS)
        return watch_campaign(self._core, campaign_id, timeout=timeout, interval=interval)
