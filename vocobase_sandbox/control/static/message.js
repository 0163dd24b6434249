// One line that reports the result of an action. It is a live region, which screen readers announce.

import { byId, clip, setText } from "./dom.js";

let timer;
let after = () => {};

/** Register a function to call after every action. */
export const afterAction = (what) => { after = what; };

export function announce(text, bad = false) {
  clearTimeout(timer);
  const line = byId("message");
  line.classList.toggle("bad", bad);
  setText(line, clip(text, 500));
  timer = setTimeout(() => setText(line, ""), 8000);
}

/** Run an action; announce its error if it fails. */
export async function attempt(action) {
  try {
    await action();
  } catch (error) {
    announce(error.message, true);
  }
  after();
}
