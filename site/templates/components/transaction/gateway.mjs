// The way to CMI: a real form, signed by the server, that the payer sends.

function hidden([name, value]) {
  const input = document.createElement('input');
  input.type = 'hidden';
  input.name = name;
  input.value = value;
  return input;
}

/** Makes `form` the signed one; its button stays as it is and, having no name, adds nothing. */
export function fillGatewayForm(form, { url, fields }) {
  for (const old of form.querySelectorAll('input')) old.remove();
  form.action = url;
  form.append(...Object.entries(fields).map(hidden));
}
