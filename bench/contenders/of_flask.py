"""Flask behind an adapter for API Gateway's events."""

from apig_wsgi import make_lambda_handler
from flask import Flask, request

from bench.contenders.clients import looked_up
from bench.contenders.same import Json

app = Flask("asvi")
handle = make_lambda_handler(app)


@app.post("/api/lookup")
def lookup() -> Json:
    """Look a number up."""
    return looked_up(request.get_json()["session"])
