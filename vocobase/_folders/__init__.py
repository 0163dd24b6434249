"""A folder as the knowledge base of an agent.

`scan` hashes the files of the folder. `manifest` is the file that records which documents earlier runs
created. `aio/folder_sync` reads the state of these documents, and which are linked. `folder_plan` compares
both sides by content, without I/O: upload, link, rename, remove. `aio/folder_sync` then carries out the plan
with uploads of `_transfers`. Each step is recorded before its request is sent, so the next run can finish or
undo it.
"""
