"""One module per tag; importing this package fills the table of handlers."""

from vocobase_sandbox._handlers import (
    agent_documents as agent_documents,
)
from vocobase_sandbox._handlers import (
    agents as agents,
)
from vocobase_sandbox._handlers import (
    background_audio as background_audio,
)
from vocobase_sandbox._handlers import (
    calls as calls,
)
from vocobase_sandbox._handlers import (
    config as config,
)
from vocobase_sandbox._handlers import (
    dictionaries as dictionaries,
)
from vocobase_sandbox._handlers import (
    documents as documents,
)
from vocobase_sandbox._handlers import (
    projects as projects,
)
from vocobase_sandbox._handlers import (
    sessions as sessions,
)
from vocobase_sandbox._handlers import (
    webhook_endpoints as webhook_endpoints,
)
