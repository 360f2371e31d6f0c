"""The built site on the disk, and the two files that search engines read."""

from html import escape
from pathlib import Path

from functions.shared.rules.languages import DEFAULT
from refusal import BuildError

NOT_LISTED = '<meta name="robots" content="noindex">'
MARK = "sitemap.xml"


def write(out: Path, files: dict[str, bytes]) -> None:
    """Write the files that changed, and remove those of an earlier build that are no more.

    Raises BuildError when the folder holds something else, rather than clearing it.
    """
    present = [path for path in out.rglob("*") if path.is_file()] if out.is_dir() else []
    if present and not (out / MARK).is_file():
        raise BuildError(f"{out} holds other files: choose an empty folder")
    for path in present:
        if path.relative_to(out).as_posix() not in files:
            path.unlink()
    for name, content in files.items():
        _write(out / name, content)


def _write(path: Path, content: bytes) -> None:
    if path.is_file() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def sitemap(portal_url: str, pages: dict[str, str], languages: tuple[str, ...]) -> str:
    """sitemap.xml: each page that may be listed, with its editions in the other languages."""
    public = [name for name, page in pages.items() if _may_be_listed(name, page)]
    listed = [_entry(portal_url, name, languages) for name in public]
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset'
    head += ' xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    head += ' xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
    return head + "".join(listed) + "</urlset>\n"


def _may_be_listed(name: str, page: str) -> bool:
    return "/" in name and NOT_LISTED not in page


def _entry(portal_url: str, name: str, languages: tuple[str, ...]) -> str:
    _, _, path = name.removesuffix("index.html").partition("/")
    here = escape(f"{portal_url}/{name.removesuffix('index.html')}")
    link = '<xhtml:link rel="alternate" hreflang="{}" href="{}"/>'
    editions = {code: f"{code}/{path}" for code in languages}
    editions["x-default"] = editions[DEFAULT] if path else ""
    links = (link.format(code, escape(f"{portal_url}/{at}")) for code, at in editions.items())
    return f"<url><loc>{here}</loc>{''.join(links)}</url>\n"


def robots(portal_url: str) -> str:
    """robots.txt: the pages may be read, the API need not be."""
    return f"User-agent: *\nDisallow: /api/\nDisallow: /cmi/\nSitemap: {portal_url}/{MARK}\n"
