// The next days to pay, for the calendar of a phone. Nothing in it tells who pays for whom.
import { language } from '../../../assets/page.mjs';
import { quarterName, word } from '../../../assets/words.mjs';
import { dueDay, nextQuarters } from './dates.mjs';
import { calendarFile } from './file.mjs';

const count = 4;

/** The file for whoever has just paid: an answer of /api/receipt, and the rule's months. */
export function calendarOf({ lines, paid_at }, months) {
  const url = `${location.origin}/${language}/assure/`;
  const paid = lines.filter(({ kind }) => kind !== 'fee').map(({ year, period }) => ({ year, quarter: period }));
  const events = nextQuarters(paid_at, paid, months, count).map((one) => ({
    id: `asvi-${one.year}-${one.quarter}@${location.host}`,
    day: dueDay(one, months),
    summary: word('calendar.summary').replace('{period}', quarterName(one)),
    text: word('calendar.text').replace('{url}', url),
    url,
  }));
  return calendarFile(events, language);
}
