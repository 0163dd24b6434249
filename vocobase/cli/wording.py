"""Translate messages of the SDK for the command line: options for arguments, commands for methods."""

from __future__ import annotations

import re

# Arguments of methods that an option with the same name sets.
FLAGS = (
    "date_column",
    "delimiter",
    "encoding",
    "format",
    "import_dids",
    "pattern",
    "prices",
    "region",
    "scrubbed_on",
    "timeout",
    "wait_for_slot",
)
# What has another name here, or no counterpart at all. The first row that fits a place decides.
_PHRASES: tuple[tuple[str, str], ...] = (
    (r"or pass api_key=", "or run vocobase login"),
    (r"Check api_key= or VOCOBASE_API_KEY", "Check VOCOBASE_API_KEY, or run vocobase login"),
    (r",? or pass ssl_context=\S*", ""),
    (r"omit proxy=, or name the host of the proxy in allow_http=", "or name its host in VOCOBASE_ALLOW_HTTP"),
    (r"allow_http= or VOCOBASE_ALLOW_HTTP", "VOCOBASE_ALLOW_HTTP"),
    (r"pass routes=\{.*?\} to the client or set VOCOBASE_ROUTES", "set it in VOCOBASE_ROUTES"),
    (r"was set with routes=", "was set by the profile or by VOCOBASE_ROUTES"),
    (
        r", or pass the names of all columns as a list if there is no header",
        "; add a header if there is none",
    ),
    (r", or pass columns= with the names\b[^.]*", ""),
    (r"columns=\{'(\w+)': \.\.\.\}", r"--column \1=HEADER"),
    (r"pass gzip\.open\(path\) with format=", "decompress it first"),
    (r"; pass (?:manifest|transfer_timeout)=(?: with another path)?", ""),
    (r"pass mime_type=, one of", "pass a file of another type:"),
    (r"; for (?:one source|other sources) use documents\.upload", ""),
    (r"pass window=CallWindow\(.*?\) or window=CallWindow\.any_time\(\)", "pass --tz or --any-time"),
    (r"; see `\w+` of this error", ""),
    (r"pass region=, such as region='IN'", "pass --region, such as --region IN"),
    (r"such as datetime\.now\(timezone\.utc\)", "such as 2026-11-01T14:30Z"),
    (r"calls\.find_started", "vocobase calls --to NUMBER --since 10m"),
    (r"agents\.find\b", "vocobase agents list"),
    (r"DoNotCall\.import_csv", "vocobase do-not-call import"),
    (r"DoNotCall\.add\(\.\.\., region=\)", "vocobase do-not-call add --region"),
    (r"DialList\.(change|retry|drop)\b", r"vocobase dial \1"),
)
# After such a word, a name with dots is a method to call; at the beginning of a message, it is an operation.
_METHOD = r"((?:[Cc]heck|[Ss]ee|[Uu]se|with|or|and|later with) )((?:[a-z_]+\.)+[a-z_]+)\b(?!\()"
_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), words) for pattern, words in _PHRASES
)
_OPTION = re.compile(rf"\b({'|'.join(FLAGS)})=(?:(True|False)\b|'([^']*)'|\"([^\"]*)\"|(?=[\s.,;)]|$))")


def translated(text: str) -> str:
    """Return a message of the SDK in the words of the command line."""
    for pattern, words in _RULES:
        text = pattern.sub(words, text)
    return re.sub(_METHOD, _command, _OPTION.sub(_flag, text))


def _flag(found: re.Match[str]) -> str:
    name, switch, *values = found.groups()
    value = next((each for each in values if each), "")
    flag = f"--{'no-' if switch == 'False' else ''}{name.replace('_', '-')}"
    return f"{flag} {value!r}" if value else flag


def _command(found: re.Match[str]) -> str:
    # Lazy, as only such a message needs it.
    from vocobase import OPERATIONS

    before, name = found.groups()
    words = name.replace("_", "-").replace(".", " ")
    return f"{before}vocobase {words}" if name in OPERATIONS else found[0]


def counted(number: int, one: str, many: str) -> str:
    """Return a number with what is counted, in the singular or the plural."""
    return f"{number:,} {one if number == 1 else many}"
