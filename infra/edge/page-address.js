// What CloudFront does with the address of a page, before it looks whether it has the page
// (CloudFront Function, cloudfront-js-2.0). local/addresses.py does the same on one machine.
const offered = '${Languages}'.split(',');
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

function handler(event) {
  const request = event.request;
  const uri = request.uri;
  if (uri === '/') {
    const asked = request.headers['accept-language'];
    const language = asked ? preferred(asked.value) : '';
    // The home page itself, without a round trip to it; the page of all languages for the others.
    request.uri = language ? '/' + language + '/index.html' : '/index.html';
  } else if (uri.endsWith('/')) {
    request.uri = uri + 'index.html';
  } else if (page.test(uri)) {
    const location = { value: uri + '/' };
    return { statusCode: 301, statusDescription: 'Moved Permanently', headers: { location } };
  }
  return request;
}
