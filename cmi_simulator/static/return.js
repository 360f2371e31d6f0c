// Sends the browser on by itself. Back must not: it would throw the payer forward again.
const form = document.getElementById("return");
const [navigation] = performance.getEntriesByType("navigation");
if (form && navigation?.type !== "back_forward") {
  // The prototype's own submit: a field of the bank's answer may bear any name.
  const send = () => HTMLFormElement.prototype.submit.call(form);
  setTimeout(send, Number(form.dataset.delay));
}
