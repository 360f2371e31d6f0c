// Every call of the pages to the API, with every way it can fail turned into one code.

const timeout_milliseconds = 20_000;
// What a status alone says, where the network's own servers answer instead of the API.
const silent_statuses = {
  429: 'too_many_requests',
  502: 'unavailable',
  503: 'unavailable',
  504: 'unavailable',
};

/** A call without the answer hoped for: `code` names the sentence, `problem` what the API said. */
export class Refusal extends Error {
  constructor(code, problem = {}) {
    super(code);
    this.code = code;
    this.problem = problem;
  }
}

async function refusal(response) {
  const problem = await response.json().catch(() => null);
  if (problem && typeof problem.code === 'string') return new Refusal(problem.code, problem);
  return new Refusal(silent_statuses[response.status] ?? 'bad_answer');
}

function broken(error) {
  if (error instanceof Refusal) return error;
  if (error.name === 'AbortError') return new Refusal('timeout');
  return new Refusal(error instanceof SyntaxError ? 'bad_answer' : 'offline');
}

/** The body of the answer to a JSON POST, read as `json` or as `blob`; throws only Refusal. */
export async function post(path, body, reading = 'json') {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), timeout_milliseconds);
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
      cache: 'no-store',
      signal: limit.signal,
    });
    if (!response.ok) throw await refusal(response);
    return await response[reading]();
  } catch (error) {
    throw broken(error);
  } finally {
    clearTimeout(timer);
  }
}
