// When the next quarters are to be paid: at the end of the month that many months after each
// (docs/decisions/: due dates by a rule).

/** The last day to pay a quarter, at midnight UTC. */
export function dueDay({ year, quarter }, months) {
  return new Date(Date.UTC(year, quarter * 3 + months, 0));
}

/** The `count` quarters to be paid next, as seen from an instant, those `paid` already left out. */
export function nextQuarters(instant, paid, months, count) {
  const now = new Date(instant);
  const found = [];
  for (let at = (now.getUTCFullYear() - 1) * 4; found.length < count; at += 1) {
    const one = { year: Math.floor(at / 4), quarter: (at % 4) + 1 };
    const settled = paid.some(({ year, quarter }) => year === one.year && quarter === one.quarter);
    // A day ends at the midnight after it; Morocco's is UTC's or an hour earlier.
    const over = dueDay(one, months).getTime() + 86_400_000 <= now.getTime();
    if (!over && !settled) found.push(one);
  }
  return found;
}
