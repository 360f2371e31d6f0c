"""FastAPI behind an adapter for API Gateway's events."""

from fastapi import FastAPI
from mangum import Mangum
from pydantic import BaseModel

from bench.contenders.clients import looked_up
from bench.contenders.same import Json

app = FastAPI()
handle = Mangum(app, lifespan="off")


class Lookup(BaseModel):
    """A renewal."""

    session: str


@app.post("/api/lookup")  # type: ignore[untyped-decorator] # its types are not installed here
def lookup(asked: Lookup) -> Json:
    """Look a number up."""
    return looked_up(asked.session)
