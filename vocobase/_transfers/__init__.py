"""Files that travel over presigned URLs of the object store.

An upload: `sources` opens and checks the file; `aio/upload_records` creates a record at the API, whose
response has a presigned URL; `aio/put` sends the bytes there, without the API key; `aio/upload_records`
confirms the record. If anything fails, the record is deleted. `aio/uploads` is this sequence;
`aio/upload_many` runs it for several files, and `batch` collects their results.

A download: `aio/downloads` requests a presigned URL and fetches the file; `destinations` writes it in one
step.

Both send in attempts (`aio/transfer_attempts`). `transfer_outcomes` decides after each one: done, retry,
renew the URL, or fail; `object_store` knows the codes of S3.
"""
