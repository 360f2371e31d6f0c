"""AWS's Chalice."""

from chalice import Chalice

from bench.contenders.clients import looked_up
from bench.contenders.same import Json

handle = Chalice(app_name="asvi")


@handle.route("/api/lookup", methods=["POST"])  # type: ignore[untyped-decorator] # its types are not installed here
def lookup() -> Json:
    """Look a number up."""
    return looked_up(handle.current_request.json_body["session"])
