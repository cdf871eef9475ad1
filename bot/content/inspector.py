"""Content is inspected before anybody talks to it: the tests and `doctor` ask here.

The loader knows shapes; this knows meaning: that every link leads somewhere, every step is reached and can be left, every
text exists, fits and promises nothing it must not, and every phone number has a source.
"""

from collections.abc import Mapping
from itertools import chain

from bot.content.finding import Finding
from bot.content.link_rules import link_findings
from bot.content.model import Content
from bot.content.picture_rules import picture_findings
from bot.content.reading import reading_findings
from bot.content.report_rules import report_findings
from bot.content.seeking_rules import seeking_findings
from bot.content.source_rules import source_findings
from bot.content.text_rules import catalog_findings, draft_findings, text_findings
from bot.content.tool_rules import tool_findings

Catalogs = Mapping[str, Mapping[str, str]]
"""Language → text id → translation."""


def inspect(content: Content, catalogs: Catalogs | None = None, drafts: Catalogs | None = None) -> tuple[Finding, ...]:
    """Return everything that is wrong, sorted by place.

    `catalogs`: language → text id → translation, of the languages that are offered and must therefore be complete.
    `drafts`: of the languages that are not offered yet; what is there must be right, the rest may be missing.
    """
    found = chain(
        link_findings(content),
        report_findings(content),
        seeking_findings(content),
        source_findings(content),
        tool_findings(content),
        text_findings(content),
        reading_findings(content),
        picture_findings(content),
        *(catalog_findings(content, lang, texts) for lang, texts in sorted((catalogs or {}).items())),
        *(draft_findings(content, lang, texts) for lang, texts in sorted((drafts or {}).items())),
    )
    return tuple(sorted(found))
