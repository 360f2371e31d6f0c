// What CloudFront does with the address of a page, before it looks whether it has the page
// (CloudFront Function, cloudfront-js-2.0). local/addresses.py does the same on one machine.
const offered = '${Languages}'.split(',');
// A page in some language: a receipt printed in one that is no longer offered still names it.
const edition = /^\/([a-z]{2,3})((?:\/[a-z0-9-]+)*\/)$/;
// A language as a browser weighs it: "ar-MA", "fr;q=0.8" (RFC 9110, 12.5.4).
const weighed = /^[ \t]*([A-Za-z]{1,8})(?:-[A-Za-z0-9-]*)?[ \t]*(?:;[ \t]*q=([01](?:\.[0-9]{0,3})?)[ \t]*)?$/;
// Words and hyphens alone: an address such as //host or /\host would lead to another site.
const page = /^(?:\/[a-z0-9-]+)+$/;

function preferred(header) {
  let best = '';
  let most = 0;
  header.split(',').forEach((part) => {
    const found = weighed.exec(part);
    if (!found) return;
    const language = found[1].toLowerCase();
    const weight = found[2] === undefined ? 1 : Number(found[2]);
    if (weight > most && offered.indexOf(language) >= 0) {
      best = language;
      most = weight;
    }
  });
  return best;
}

function leads(statusCode, statusDescription, to) {
  return { statusCode, statusDescription, headers: { location: { value: to } } };
}

function handler(event) {
  const request = event.request;
  const uri = request.uri;
  const found = edition.exec(uri);
  if (uri === '/') {
    const asked = request.headers['accept-language'];
    const language = asked ? preferred(asked.value) : '';
    // The home page itself, without a round trip to it; the page of all languages for the others.
    request.uri = language ? '/' + language + '/index.html' : '/index.html';
  } else if (found && offered.indexOf(found[1]) < 0) {
    return leads(302, 'Found', '/fr' + found[2]);
  } else if (uri.endsWith('/')) {
    request.uri = uri + 'index.html';
  } else if (page.test(uri)) {
    return leads(301, 'Moved Permanently', uri + '/');
  }
  return request;
}
