// Where people of Morocco, and their relatives abroad, have their mail.

const domains = [
  'gmail.com', 'hotmail.com', 'hotmail.fr', 'yahoo.fr', 'yahoo.com', 'outlook.com', 'outlook.fr',
  'live.fr', 'live.com', 'icloud.com', 'menara.ma', 'iam.ma', 'iam.net.ma', 'inwi.ma', 'orange.ma',
  'orange.fr', 'free.fr', 'laposte.net', 'wanadoo.fr', 'sfr.fr', 'bbox.fr', 'gmx.fr', 'gmx.de',
  'web.de', 'libero.it', 'telenet.be', 'ziggo.nl', 'msn.com', 'me.com', 'mail.com', 'ymail.com',
  'proton.me', 'protonmail.com', 'googlemail.com', 'hotmail.es', 'hotmail.it', 'yahoo.es', 'yahoo.it',
];

/** Whether one slip of the finger makes one word of the other: a letter more, less, other, or two
    in the wrong order (Damerau's distance is 1). */
export function oneSlip(one, other) {
  let same = 0;
  while (same < one.length && one[same] === other[same]) same += 1;
  const left = one.slice(same);
  const right = other.slice(same);
  const swapped = left[1] + left[0] + left.slice(2) === right;
  const others = [left.slice(1) === right.slice(1), left.slice(1) === right, left === right.slice(1)];
  return one !== other && (swapped || others.includes(true));
}

/** The address that was probably meant, or null: where the domain is known, or far from all. */
export function meant(address) {
  const [, name, domain] = /^(.+)@([^@]+)$/.exec(address.trim().toLowerCase()) ?? [];
  if (!name || domains.includes(domain)) return null;
  const near = domains.find((known) => oneSlip(domain, known));
  return near ? `${address.trim().slice(0, name.length)}@${near}` : null;
}
