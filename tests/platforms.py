"""The tests that cannot run on Windows, each below the reason; macOS runs all of them.

No one has run the suite there yet: the rows come from reading the tests. Hosted CI shows which are missing, and a row
whose test passes there should go.
"""

from __future__ import annotations

import sys

import pytest

WINDOWS: dict[str, tuple[str, ...]] = {
    "Windows has no fork": (
        "base/test_forks.py",
        "client/test_client.py::test_a_forked_process_takes_connections",
    ),
    "Windows has no signals of POSIX, and no kill -9 that a test could send": (
        "cli/test_contract.py::test_an_interrupt_is_one_line_and_status_130",
        "cli/test_sandbox_program.py::test_a_signal_ends_the_sandbox_too",
        "cli/test_support_processes.py::test_ctrl_c_stops_watching_and_the_call_goes_on",
        "cli/test_webhooks_listen.py::test_nothing_is_lost_when_the_command_is_killed",
        "contacts/test_killed.py",
        "dialing/test_celery.py::test_a_task_whose_worker_was_killed",
        "dialing/test_processes.py",
        "examples/test_celery_worker.py::test_an_order_that_is_queued_twice",
        "dialing/aio/test_working.py::test_a_second_signal_has_its_former_effect",
        "dialing/test_working.py::test_handlers_are_set_only_in_the_main_thread",
        "dialing/test_working.py::test_a_handler_that_was_set_meanwhile_is_kept",
        "records/test_sync.py::test_a_process_that_was_killed_has_lost_nothing",
        "sandbox/kernel/test_statefile.py::test_no_acknowledged_write_is_lost_by_kill_9",
        "sandbox/kernel/test_statefile_kill.py",
        "sandbox/test_command_line.py::test_it_announces_itself_serves_and_ends_cleanly",
        "sandbox/test_command_line.py::test_commands_and_signals_are_handled_in_this_process",
        "sandbox/test_command_line.py::test_options_stand_before_and_after_the_command",
        "transfers/test_upload_many.py::test_ctrl_c_ends",
        "transport/aio/test_frozen.py",
        "webhooks/test_receiver.py::test_an_event_survives_the_death_of_the_process_that_handled_it",
    ),
    "Windows has no permission bits for owner, group and others": (
        "base/test_files.py::test_the_permissions_are_those_of_any_new_file",
        "base/test_sqlite.py::test_a_file_that_others_change_is_opened_again",
        "cli/test_profiles.py::test_a_profile_is_stored_for_its_owner_only",
        "cli/test_profiles.py::test_a_file_that_others_can_read_is_noticed",
        "cli/test_webhooks_listen.py::test_accounts_have_positions_of_their_own_that_only_their_owner",
        "contacts/test_duplicates_and_rejects.py::test_rejects_hold_line_reason_and_columns_and_are_private",
        "contacts/test_duplicates_and_rejects.py::test_rejects_of_an_earlier_run_are_replaced",
        "ledger/test_sqlite.py::test_a_file_that_may_not_be_written_is_refused",
        "records/test_exports.py::test_files_are_for_their_owner_only",
        "records/aio/test_table.py::test_only_the_owner_can_read_the_file",
        "sandbox/kernel/test_statefile_modes.py",
    ),
    "Windows has no limit on the size of a file, and no device that is full": (
        "cli/test_profiles.py::test_a_full_disk_leaves_the_old_file",
        "contacts/test_duplicates_and_rejects.py::test_rejects_that_cannot_be_written_are_a_clear_error",
        "contacts/test_duplicates_and_rejects.py::test_the_first_error_is_the_one_that_is_told",
        "contacts/aio/test_importing.py::test_a_full_disk_for_the_rejects_sends_nothing",
        "contacts/test_spool.py::test_a_full_disk_is_a_clear_error",
        "ledger/test_sqlite.py::test_a_full_disk_is_a_clear_error_and_loses_nothing",
        "records/test_table.py::test_a_full_disk_leaves_the_last_state",
    ),
    "Windows allows links to administrators only, and has no named pipes in folders": (
        "base/test_files.py::test_a_link_is_replaced_and_its_target_stays",
        "contacts/test_bad_files.py::test_files_that_cannot_be_opened_say_why",
        "contacts/test_duplicates_and_rejects.py::test_rejects_go_where_a_link_points_and_into_a_pipe",
        "contacts/test_duplicates_and_rejects.py::test_the_source_is_not_overwritten_by_its_rejects",
        "contacts/aio/test_importing.py::test_the_ledger_is_not_overwritten_by_rejects",
        "folders/test_marks.py::test_the_label_of_a_folder_is_the_same_in_every_checkout",
        "folders/aio/test_files.py::test_unusable_files_are_reported_and_keep_their_documents",
        "folders/aio/test_files.py::test_links_in_a_circle_are_reported",
        "pipeline/test_hostile.py::test_files_that_no_template_writes_are_refused",
        "transfers/aio/test_bad_sources.py::test_a_fifo_and_a_socket_are_refused_without_waiting",
        "transfers/aio/test_download_all.py::test_a_link_in_the_folder_is_replaced_and_not_followed",
        "transfers/aio/test_downloads.py::test_only_a_regular_file_is_replaced",
        "transfers/aio/test_downloads.py::test_a_link_is_replaced_and_its_target_stays",
    ),
    "Windows has no terminal of POSIX, and no bash that completes": (
        "cli/test_contract.py::test_a_real_terminal_gets_colours",
        "cli/test_completion.py::test_bash_completes",
    ),
    "runs the steps of a workflow, which are bash on Linux": (
        "pipeline/test_proposal.py",
        "pipeline/test_workflow.py",
    ),
    "runs the commands of a README, which are for bash": (
        "docs/test_home.py",
        "examples/test_django_app.py::test_the_commands_of_the_readme_work",
        "examples/test_lambda_function.py::test_the_commands_of_the_readme_deliver_an_order_twice_and_call_once",
        "examples/test_web_services.py::test_the_commands_of_the_readme_work",
    ),
    "reads /proc": (
        "client/aio/test_reliability.py::test_a_thousand_failing_calls_leave_no_socket_and_no_memory",
    ),
}


def reason_to_skip(test: str, platform: str = sys.platform) -> str:
    """Return why a test cannot run on a system, or an empty string.

    Args:
        test: Its id, such as ``tests/base/test_forks.py::test_name[parameter]``.
        platform: The system, as in `sys.platform`.
    """
    if platform != "win32":
        return ""
    # The row of a coroutine is that of the test which is derived from it, too.
    own = test.replace("\\", "/").removeprefix("tests/").replace("/sync/", "/aio/")
    return next((reason for reason, rows in WINDOWS.items() if own.startswith(rows)), "")


def mark(items: list[pytest.Item]) -> None:
    """Skip what cannot run on this system."""
    for item in items:
        if reason := reason_to_skip(item.nodeid):
            item.add_marker(pytest.mark.skip(reason=reason))
