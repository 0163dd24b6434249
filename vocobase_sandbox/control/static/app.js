// Look once a second while the page is visible: first at the small state, at a list only when something changed.

import { Lost, get } from "./api.js";
import { calls } from "./calls.js";
import { controls, prepareControls } from "./controls.js";
import { byId, setText } from "./dom.js";
import { afterAction, announce } from "./message.js";
import { agents, campaigns, documents, requests, webhooks } from "./views.js";

const VIEWS = { requests, calls, campaigns, agents, documents, webhooks, controls: async () => false };
const PAUSE = 1000;
const PAUSE_AFTER_FAILURE = 2000;

let current = "requests";
let seen = null;
let moving = false;
let looking = false;
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

function show(connected) {
  byId("link").classList.toggle("lost", !connected);
  setText(byId("link"), connected ? "Live" : "Not connected");
}

async function look() {
  clearTimeout(timer);
  again = looking;
  if (looking || document.hidden) return;
  looking = true;
  let pause = PAUSE;
  try {
    await refresh();
    show(true);
  } catch (error) {
    seen = null;
    pause = PAUSE_AFTER_FAILURE;
    if (error instanceof Lost) show(false);
    else announce(error.message, true);
  }
  looking = false;
  timer = setTimeout(look, again ? 0 : pause);
}

prepareControls();
afterAction(look);
choose();
addEventListener("hashchange", () => { choose(); look(); });
document.addEventListener("visibilitychange", look);
look();
