"""Import a list of contacts into a campaign: contacts -> spool -> chunks -> requests.

`campaigns.import_contacts` calls one function, `import_contacts` (aio/importing.py). It has two stages:

1. Read. `contacts.read` yields each row as a contact or a bad row. spool.py encodes each contact to JSON,
   once, and keeps the bytes in a temporary file. Bad rows go to the file of rejects, which replaces an older
   one when the whole source has been read. So a source that cannot be read adds no contact to the campaign.
2. Send. chunks.py groups the encoded contacts into requests within the limits. With a ledger, sent.py leaves
   out the numbers that the API accepted before, and records the others after each response. tally.py counts.

A crash between a response and its record sends that chunk again: the API skips numbers that it has.
"""
