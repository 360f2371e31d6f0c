// A calendar file (RFC 5545) of whole days, each with two reminders at nine in the morning.

const longest_bytes = 75;
const encoder = new TextEncoder();
const reminders = ['-P6DT15H', '-PT15H'];

function escaped(text) {
  return text.replace(/[\\;,]/g, '\\$&').replace(/\n/g, '\\n');
}

/** A line in pieces of at most 75 bytes, no character broken; each after the first is indented. */
export function folded(line) {
  const pieces = [''];
  let room = longest_bytes;
  for (const character of line) {
    const bytes = encoder.encode(character).length;
    if (bytes > room) {
      pieces.push(' ');
      room = longest_bytes - 1;
    }
    pieces[pieces.length - 1] += character;
    room -= bytes;
  }
  return pieces.join('\r\n');
}

function basic(day) {
  return day.toISOString().slice(0, 10).replaceAll('-', '');
}

function alarm(trigger, summary) {
  return ['BEGIN:VALARM', 'ACTION:DISPLAY', `DESCRIPTION:${summary}`, `TRIGGER:${trigger}`, 'END:VALARM'];
}

function event({ id, day, summary, text, url }) {
  const said = escaped(summary);
  // Said of the day and not of the moment, so that two payers' files are the same file.
  const stamp = `DTSTAMP:${basic(day)}T000000Z`;
  return [
    'BEGIN:VEVENT', `UID:${id}`, stamp, `DTSTART;VALUE=DATE:${basic(day)}`, `SUMMARY:${said}`,
    `DESCRIPTION:${escaped(text)}`, `URL:${url}`, 'TRANSP:TRANSPARENT',
    ...reminders.flatMap((trigger) => alarm(trigger, said)), 'END:VEVENT',
  ];
}

/** The text of a file of events; `language` is that of their words. */
export function calendarFile(events, language) {
  const head = ['BEGIN:VCALENDAR', 'VERSION:2.0', `PRODID:-//ASVI//${language}`, 'METHOD:PUBLISH'];
  const lines = [...head, ...events.flatMap(event), 'END:VCALENDAR'];
  return lines.map((line) => `${folded(line)}\r\n`).join('');
}
