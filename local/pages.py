"""The frame of the pages under /_local/, which exist on this machine only."""

from html import escape

from werkzeug.wrappers import Response

POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"
FRAMED = f"{POLICY}; frame-src 'self'"
STYLE = """
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
body { max-inline-size: 68rem; margin: 2rem auto; padding-inline: 1rem }
table { border-collapse: collapse; inline-size: 100% }
th, td { text-align: start; vertical-align: top; padding: .4rem; border-block-end: 1px solid #8888 }
iframe { inline-size: 100%; block-size: 36rem; border: 1px solid #8888; background: #fff }
pre { white-space: pre-wrap }
h1 { font-size: 1.6rem; line-height: 1.25 }
h2 { font-size: 1.25rem; line-height: 1.25 }
h1, li, pre, p, .list td { overflow-wrap: anywhere }
.list td:nth-child(-n + 2) { white-space: nowrap }
button { font: inherit; padding: .4rem .8rem }
.buttons { display: flex; flex-wrap: wrap; gap: .5rem; margin-block: 1rem }
@media (max-width: 40rem) {
  .list thead { display: none }
  .list tr { display: block; padding-block: .6rem; border-block-end: 1px solid #8888 }
  .list td { display: block; padding: 0; border: 0 }
  .list td:first-child::before { content: "n° " }
}
"""


def page(title: str, body: str, policy: str = POLICY) -> Response:
    """Give a page; `body` is HTML, `title` is text."""
    head = "<meta charset=utf-8><meta name=viewport content='width=device-width'>"
    shown = escape(title)
    return Response(
        f"<!doctype html><html lang=fr>{head}<title>{shown}</title><style>{STYLE}</style>"
        f"<h1 dir=auto>{shown}</h1>{body}</html>",
        content_type="text/html; charset=utf-8",
        headers={"Content-Security-Policy": policy, "Cache-Control": "no-store"},
    )
