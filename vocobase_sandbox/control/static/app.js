// Poll once a second while the page is visible: first the small state, then a list only if something changed.

import { Unreachable, get } from "./api.js";
import { calls } from "./calls.js";
import { controls, prepareControls, scripts } from "./controls.js";
import { byId, setText } from "./dom.js";
import { afterAction, announce } from "./message.js";
import { agents, campaigns, documents, requests, webhooks } from "./views.js";

const VIEWS = { requests, calls, campaigns, agents, documents, webhooks, controls: scripts };
const POLL_INTERVAL_MS = 1000;
const RETRY_INTERVAL_MS = 2000;

let current = "requests";
let seen = null;
let moving = false;
let polling = false;
let again = false;
let timer;

function choose() {
  const wanted = location.hash.slice(1);
  if (Object.hasOwn(VIEWS, wanted)) current = wanted;
  for (const name of Object.keys(VIEWS)) {
    byId(`view-${name}`).hidden = name !== current;
    const link = document.querySelector(`nav a[href="#${name}"]`);
    if (name === current) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.title = `${byId(`title-${current}`).textContent} · Vocobase sandbox`;
}

async function refresh() {
  const view = current;
  const state = await get("state");
  controls(state);
  const stamp = `${view} ${state.revision}`;
  if (stamp === seen && !moving) return;
  moving = (await VIEWS[view]()) === true;
  seen = stamp;
}

function showConnection(connected) {
  byId("link").classList.toggle("lost", !connected);
  setText(byId("link"), connected ? "Live" : "Not connected");
}

async function poll() {
  clearTimeout(timer);
  again = polling;
  if (polling || document.hidden) return;
  polling = true;
  let interval = POLL_INTERVAL_MS;
  try {
    await refresh();
    showConnection(true);
  } catch (error) {
    seen = null;
    interval = RETRY_INTERVAL_MS;
    if (error instanceof Unreachable) showConnection(false);
    else announce(error.message, true);
  }
  polling = false;
  timer = setTimeout(poll, again ? 0 : interval);
}

prepareControls();
afterAction(poll);
choose();
addEventListener("hashchange", () => { choose(); poll(); });
document.addEventListener("visibilitychange", poll);
poll();
