"""The portal's address, as CloudFront answers there: pages from the site, the rest from the API."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from local.addresses import address
from local.edge import SITE, Behaviour, Edge
from local.static import Site


@dataclass(frozen=True, slots=True)
class Cdn:
    """The distribution, the site's files, and what answers for the API."""

    edge: Edge
    site: Site
    api: Callable[[Request], Response]

    def answer(self, request: Request) -> Response:
        """Answer a request for a page, an asset or the API."""
        behaviour = self.edge.behaviour(request.path)
        response = self._error_page(self._asked(behaviour, request))
        if not response.location or behaviour.origin != SITE:
            behaviour.headers.apply(response.headers)
        return response

    def _asked(self, behaviour: Behaviour, request: Request) -> Response:
        if request.method not in behaviour.methods:
            return Response("This distribution allows no such method.", 403)
        if behaviour.origin != SITE:
            return self.api(self.edge.forwarding.apply(request))
        return self._page(behaviour, request)

    def _page(self, behaviour: Behaviour, request: Request) -> Response:
        path = request.path
        if behaviour.to_pages:
            asked = request.headers.get("Accept-Language", "")
            led = address(path, asked, self.edge.languages)
            if led.status != HTTPStatus.OK:
                return redirect(led.path, led.status)
            path = led.path
        response = self.site.get(path).make_conditional(request)
        # The server dates every answer; a conditional one brings a second date.
        response.headers.remove("Date")
        return response

    def _error_page(self, response: Response) -> Response:
        """Put a page in the place of what an origin or CloudFront itself refuses."""
        if response.status_code not in self.edge.errors:
            return response
        path, status = self.edge.errors[response.status_code]
        page = self.site.get(path)
        page.status_code = status
        return page
