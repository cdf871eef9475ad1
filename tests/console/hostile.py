"""Strings that try to become more than text, made from parts: none may run, load or hide anything (S29, S30)."""

from collections.abc import Iterator
from itertools import product

CANARY = "canary.invalid"
"""A host that nothing may ever ask."""

RUNS = ("alert(1)", "alert`1`", "self['ale'+'rt'](1)", "top.executed.push('x')", "import('//canary.invalid/x.js')")
BREAKS = ("", '">', "'>", "-->", "*/", "</textarea>", "</title>", "</script>", "]]>", "\u2028", "</template>")
HANDLERS = ("onerror", "onload", "onfocus autofocus", "ontoggle open", "onanimationstart", "onpointerenter")
TAGS = (
    "img src=x",
    "svg",
    "body",
    "input",
    "details",
    "video src=x",
    "audio src=x",
    "iframe",
    "object data=x",
    "a id=x",
)
LOADS = (
    '<img src="//{host}/a.png">', '<link rel="stylesheet" href="//{host}/a.css">', '<link rel=dns-prefetch href="//{host}">',
    '<iframe src="//{host}">', '<script src="//{host}/a.js"></script>', '<svg><image href="//{host}/a"/></svg>',
    '<video poster="//{host}/a">', "<style>@import '//{host}/a'</style>", '<meta http-equiv=refresh content="0;//{host}">',
    '<form action="//{host}"><button>x', '<base href="//{host}/">', "https://{host}/plain", "![x](//{host}/a.png)",
    '<object data="//{host}/a">', '<embed src="//{host}/a">', "<div style=\"background:url('//{host}/a')\">",
)  # fmt: skip
ADDRESSES = ("javascript:", "java\tscript:", "JaVaScRiPt:", "data:text/html,<script>", "vbscript:", "\x01javascript:")
TEMPLATES = ("{{%s}}", "${%s}", "#{%s}", "<%%= %s %%>", "{%% %s %%}", "[[%s]]", "{{constructor.constructor('%s')()}}")
POLYGLOTS = (
    "jaVasCript:/*-/*`/*\\`/*'/*\"/**/(/* */oNcliCk=alert(1) )//%0D%0A//</stYle/</titLe/</scRipt/--!><sVg/oNloAd=alert(1)//>",
    "'\"()&%<zzz><ScRiPt >alert(1)</ScRiPt>", "<math><mtext><table><mglyph><style><img src onerror=alert(1)>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<svg><a><animate attributeName=href values=javascript:alert(1) />",
    "<xmp><img src=x onerror=alert(1)></xmp>", "\ufeff<script>alert(1)</script>", "<scr\x00ipt>alert(1)</script>",
    "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e", "&lt;script&gt;alert(1)&lt;/script&gt;", "&#x3c;script&#x3e;alert(1)",
    "\\u003cscript\\u003ealert(1)", "__proto__", "constructor", "toString", "hasOwnProperty", "\u202e<tpircs>(1)trela",
)  # fmt: skip


def corpus() -> list[str]:
    """More than five hundred different strings, the same ones each time."""
    return list(dict.fromkeys(_all()))


def _all() -> Iterator[str]:
    yield from POLYGLOTS
    for before, run in product(BREAKS, RUNS):
        yield f"{before}<script>{run}</script>"
    for tag, handler, run in product(TAGS, HANDLERS, RUNS):
        yield f"<{tag} {handler}={run}>"
    for before, handler in product(BREAKS[1:], HANDLERS):
        yield f"{before}<img src=x {handler}={RUNS[0]}>"
    for before, load in product(BREAKS[:3], LOADS):
        yield before + load.replace("{host}", CANARY)
    for address, run, shape in product(ADDRESSES, RUNS[:3], ("<a href='%s'>x</a>", "%s", "[x](%s)")):
        yield shape % (address + run)
    for template, run in product(TEMPLATES, RUNS[:4]):
        yield template % run
