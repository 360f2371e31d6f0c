// How long to wait before asking again: longer each time, so many seconds in all.

/** Gives a function that answers the next pause in seconds (2, 3, 5, 8…, not under `least`), or 0
    when it is enough. */
export function pauses(most_seconds) {
  let before = 1;
  let next = 2;
  let spent = 0;
  return (least) => {
    const pause = Math.min(Math.max(next, least), most_seconds - spent);
    spent += pause;
    [before, next] = [next, before + next];
    return pause;
  };
}
