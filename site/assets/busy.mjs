// Buttons that start a call: pressed once, whatever the impatience, and usable again afterwards.

/** Runs a task behind a button; while it runs the button says so and further presses do nothing.
    A task that answers true is leaving the page: the button rests when the payer comes back. */
export async function busy(button, task) {
  if (button.getAttribute('aria-disabled') === 'true') return;
  const label = button.textContent;
  const rest = () => {
    button.removeAttribute('aria-disabled');
    button.textContent = label;
  };
  button.setAttribute('aria-disabled', 'true');
  button.textContent = button.dataset.busy;
  let leaving = false;
  try {
    leaving = await task();
  } finally {
    if (leaving === true) addEventListener('pageshow', rest, { once: true });
    else rest();
  }
}
