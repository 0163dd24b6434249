// Calls, with their live transcript and the recording.

import { get, post } from "./api.js";
import { el, facts, instant, openRow, pill, pretty, rupees, said, sync } from "./dom.js";
import { announce, attempt } from "./message.js";

const SPEAKERS = { bot: "Agent", user: "Caller" };

const row = openRow(
  (item) => [
    instant(item.started_at),
    el("span", { class: "what" },
      said(item.agent_name, "said name"),
      el("span", { class: "muted" }, item.direction === "inbound" ? `from ${item.from_number}` : `to ${item.to_number}`)),
    el("span", { class: "number" }, `${item.duration_seconds} s`),
    el("span", { class: "end" },
      item.disposition && item.disposition !== item.status ? el("span", { class: "muted" }, item.disposition.replaceAll("_", " ")) : null,
      pill(item.status)),
  ],
  (body, item) => {
    const parts = (body.parts ??= build(body, item.call_id));
    get(`calls/${item.call_id}`).then((call) => fill(parts, call), () => {});
  },
);

function build(body, id) {
  const parts = {
    turns: el("ol", { class: "turns", "aria-label": "Transcript" }),
    sound: el("div", { class: "sound" }),
    about: el("div"),
    hangUp: el("button", {
      type: "button",
      hidden: true,
      onclick: () => attempt(async () => {
        const { status } = await post(`calls/${id}/hang-up`);
        announce(`Hung up: ${status.replaceAll("_", " ")}.`);
      }),
    }, "Hang up"),
  };
  body.append(el("h3", {}, "Transcript"), parts.turns, parts.sound, parts.hangUp, parts.about);
  return parts;
}

function fill(parts, call) {
  const turns = call.transcript.map((turn, index) => ({ ...turn, index }));
  sync(parts.turns, turns, (turn) => `${turn.index} ${turn.content}`, (turn) => ({
    node: el("li", { class: turn.role === "user" ? "user" : "bot" },
      el("b", {}, SPEAKERS[turn.role] ?? turn.role), said(turn.content), instant(turn.timestamp)),
    update() {},
  }));
  parts.turns.classList.toggle("silent", turns.length === 0);
  parts.hangUp.hidden = !call.live;
  // The link changes with every poll; updating it would stop the recording while it plays.
  if (call.recording_url && !parts.sound.firstChild) {
    const player = el("audio", { controls: true, preload: "metadata", src: call.recording_url, "aria-label": "Recording" });
    player.addEventListener("error", () => announce("The recording cannot be played.", true));
    parts.sound.append(player);
  }
  const json = JSON.stringify({ ...call, recording_url: null, transcript: null });
  if (parts.seen === json) return;
  parts.seen = json;
  parts.about.replaceChildren(facts([
    ["From", call.from_number],
    ["To", call.to_number],
    ["Carrier", call.provider],
    ["Answered by", call.answered_by?.replaceAll("_", " ")],
    ["Error", call.error_message],
    ["Price", rupees(call.credits_used)],
    ["Variables", Object.keys(call.variables).length ? code(call.variables) : null],
    ["Extraction", call.extraction ? code(call.extraction) : null],
    ["Transfer", call.transfer ? code(call.transfer) : null],
    ["Campaign", call.campaign_id],
    ["Call", call.call_id],
    ["Session", call.session_id],
  ]));
}

const code = (value) => el("pre", { tabindex: 0, role: "region", "aria-label": "Values" }, pretty(value));

export async function calls() {
  const { calls: items } = await get("calls");
  sync(document.querySelector("ol.calls"), items, (item) => item.call_id, row);
  return items.some((item) => item.live);
}
