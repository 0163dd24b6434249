// One line that tells what an action did. It is a live region, so screen readers hear it.

import { byId, clip, setText } from "./dom.js";

let timer;
let after = () => {};

/** Let something happen after every action, such as looking again. */
export const afterAction = (what) => { after = what; };

export function announce(text, bad = false) {
  clearTimeout(timer);
  const line = byId("message");
  line.classList.toggle("bad", bad);
  setText(line, clip(text, 500));
  timer = setTimeout(() => setText(line, ""), 8000);
}

/** Carry out an action and tell when it fails. */
export async function attempt(action) {
  try {
    await action();
  } catch (error) {
    announce(error.message, true);
  }
  after();
}
