"""A page as its tests read it: elements with their attributes, texts with their language."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "img", "input", "br", "hr", "path", "rect", "circle"}


@dataclass(frozen=True)
class Element:
    """An opening tag. `inside`: names of the elements round it."""

    name: str
    attributes: dict[str, str]
    inside: tuple[str, ...]


@dataclass
class Page(HTMLParser):
    """A parsed page: its elements in order, its texts, and whether its tags balance."""

    source: str
    elements: list[Element] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the element, and that what follows stands inside it."""
        self.handle_startendtag(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Refuse a tag that closes another than the last one opened."""
        if tag not in VOID:
            assert self.open.pop() == tag, f"</{tag}> closes something else"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the element."""
        attributes = {name: value or "" for name, value in attrs}
        self.elements.append(Element(tag, attributes, tuple(self.open)))

    def handle_data(self, data: str) -> None:
        """Note the text."""
        if data.strip():
            self.texts.append(data.strip())

    def named(self, *names: str) -> list[Element]:
        """Give the elements of these names, in order."""
        return [element for element in self.elements if element.name in names]

    def values(self, attribute: str) -> list[str]:
        """Say what that attribute holds, wherever it stands."""
        return [it.attributes[attribute] for it in self.elements if attribute in it.attributes]
