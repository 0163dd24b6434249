// Clock, balance and faults.

import { get, post, put, remove } from "./api.js";
import { byId, counted, el, plainRow, rupees, said, setText, sync } from "./dom.js";
import { announce, attempt } from "./message.js";

export async function advance(seconds) {
  await post("clock/advance", { seconds });
  announce(`Clock advanced by ${seconds} s.`);
}

function onSubmit(id, action) {
  byId(id).addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(() => action(new FormData(event.target)));
  });
}

async function addFault(form) {
  const fault = { kind: form.get("kind"), route: form.get("route"), probability: Number(form.get("probability")) };
  for (const name of ["status", "seconds", "count"]) {
    const field = byId("fault-form").elements[name];
    if (field.value !== "" && !field.closest("label").hidden) fault[name] = Number(field.value);
  }
  await post("faults", fault);
  announce("Fault added.");
}

function showFields() {
  const kind = byId("fault-form").elements.kind.value;
  for (const label of document.querySelectorAll("[data-for]")) {
    label.hidden = !label.dataset.for.split(" ").includes(kind);
  }
}

const faultRow = plainRow((item) => [
  el("span", { class: "what" }, el("b", {}, item.kind.replaceAll("_", " ")), said(item.route, "said path")),
  el("span", { class: "muted" }, describe(item)),
  el("button", {
    type: "button",
    "aria-label": `Remove ${item.id}`,
    onclick: () => attempt(async () => {
      await remove(`faults/${item.id}`);
      announce("Fault removed.");
    }),
  }, "Remove"),
]);

function describe(item) {
  const parts = [item.count === null ? counted(item.hits, "hit") : `${item.hits} of ${counted(item.count, "hit")}`];
  if (item.status) parts.push(`status ${item.status}`);
  if (item.kind === "latency" || item.kind === "slow_body") parts.push(`${item.seconds} s`);
  if (item.probability < 1) parts.push(`${Math.round(item.probability * 100)} %`);
  return parts.join(" · ");
}

const scriptRow = plainRow((item) => [
  el("span", { class: "what" }, said(item.id, "said name"), said(plan(item.outcomes), "said muted")),
  el("span", { class: "muted" }, counted(item.used, "call")),
  el("button", {
    type: "button",
    "aria-label": `Remove the script of ${item.id}`,
    onclick: () => attempt(async () => {
      await remove(`scripts/${encodeURIComponent(item.id)}`);
      announce("Script removed.");
    }),
  }, "Remove"),
]);

/** The outcomes in order, in one short line. */
function plan(outcomes) {
  const names = outcomes.slice(0, 5).map((each) => (each.disposition ?? "conversation").replaceAll("_", " "));
  if (outcomes.length > names.length) names.push(`${outcomes.length - names.length} more`);
  return names.join(", ");
}

export async function scripts() {
  const { scripts: items } = await get("scripts");
  sync(document.querySelector("ol.scripts"), items, (item) => item.id, scriptRow);
}

/** Show the state of clock, account and faults. */
export function controls(state) {
  const { clock, account } = state;
  const mode = clock.manual ? "manual" : clock.speed === 1 ? "real" : `×${clock.speed}`;
  const due = state.next_transition_at;
  const next = due ? ` The next event is due at ${due.slice(11, 19)} (${due.slice(0, 10)}).` : " No event is due.";
  setText(byId("mode"), mode);
  setText(document.querySelector("#now .date"), clock.now.slice(0, 10));
  setText(document.querySelector("#now .hour"), clock.now.slice(11, 19));
  byId("now").dateTime = clock.now;
  setText(byId("balance"), rupees(account.balance));
  setText(byId("live"), String(state.live_calls));
  setText(byId("fault-count"), String(state.faults.length));
  setText(byId("clock-text"), (clock.manual ? "The clock stands still until you advance it." : `The clock runs (${mode}).`) + next);
  setText(byId("account-text"), `Balance ${rupees(account.balance)}, account ${account.status}.`);
  for (const badge of document.querySelectorAll("[data-count]")) {
    setText(badge, String(state.counts[badge.dataset.count]));
  }
  sync(document.querySelector("ol.faults"), state.faults, (item) => item.id, faultRow);
}

export function prepareControls() {
  onSubmit("clock-form", (form) => advance(Number(form.get("seconds"))));
  onSubmit("balance-form", async (form) => {
    const account = await put("account", { balance: Number(form.get("balance")) });
    announce(`Balance set to ${rupees(account.balance)}.`);
  });
  onSubmit("fault-form", addFault);
  byId("fault-form").elements.kind.addEventListener("change", showFields);
  byId("clear-faults").addEventListener("click", () => attempt(async () => {
    await remove("faults");
    announce("All faults removed.");
  }));
  for (const button of document.querySelectorAll("[data-advance]")) {
    button.addEventListener("click", () => attempt(() => advance(Number(button.dataset.advance))));
  }
  showFields();
}
