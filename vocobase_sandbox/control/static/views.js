// The lists: requests, agents, documents, campaigns and webhook deliveries.

import { get, post } from "./api.js";
import { counted, el, facts, instant, openRow, pill, plainRow, pretty, rupees, said, sync } from "./dom.js";
import { announce, attempt } from "./message.js";

const list = (name) => document.querySelector(`ol.${name}`);

const requestRow = plainRow((item) => [
  instant(item.at),
  el("b", { class: `method ${item.method.toLowerCase() === "get" ? "calm" : ""}` }, item.method),
  el("span", { class: "what" }, said(item.path, "said path"), el("span", { class: "muted" }, item.operation ?? "no operation")),
  el("span", { class: "end" },
    item.fault ? el("span", { class: "pill bad", title: "affected by a fault" }, item.fault.replaceAll("_", " ")) : null,
    el("span", { class: `code c${String(item.status)[0]}` }, String(item.status))),
  el("span", { class: "number" }, duration(item.duration_ms)),
]);

function duration(ms) {
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`;
  return `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;
}

export async function requests() {
  const { requests: items } = await get("requests?limit=100");
  sync(list("requests"), items, (item) => item.seq, requestRow);
}

const agentRow = openRow(
  (item) => [
    said(item.agent_name, "said name"),
    el("span", { class: "muted" }, `${item.agent_type} · ${item.voice} (${item.language})`),
    el("span", { class: "number" }, counted(item.document_count, "document")),
  ],
  redrawn((item) => [
    facts([
      ["Prompt", el("div", { class: "text", tabindex: 0, role: "region", "aria-label": "Prompt" }, said(item.prompt))],
      ["Greeting", item.intro_message],
      ["Variables", item.variables.join(", ")],
      ["Created", item.created_at],
      ["Id", item.id],
    ]),
  ]),
);

/** Redraw a detail only if its item changed, so that a selection in it survives. */
function redrawn(draw) {
  return (body, item) => {
    const json = JSON.stringify(item);
    if (body.seen === json) return;
    body.seen = json;
    body.replaceChildren(...draw(item));
  };
}

export async function agents() {
  const { agents: items } = await get("agents");
  sync(list("agents"), items, (item) => item.id, agentRow);
}

const documentRow = openRow(
  (item) => [
    said(item.name, "said name"),
    el("span", { class: "muted" }, `${item.type} · ${size(item.file_size)} · ${counted(item.agent_count, "agent")}`),
    el("span", { class: "end" }, pill(item.status)),
  ],
  redrawn((item) => [
    facts([["Description", item.description], ["Address", item.url], ["Created", item.created_at], ["Id", item.id]]),
  ]),
);

function size(bytes) {
  if (bytes === null) return "no file";
  return bytes < 1024 ? `${bytes} B` : bytes < 1048576 ? `${(bytes / 1024).toFixed(1)} kB` : `${(bytes / 1048576).toFixed(1)} MB`;
}

export async function documents() {
  const { documents: items } = await get("documents");
  sync(list("documents"), items, (item) => item.id, documentRow);
}

const campaignRow = plainRow((item) => {
  const done = item.completed_count + item.failed_count + item.skipped_count;
  const part = (count, kind) => {
    const node = el("span", { class: kind });
    node.style.flexGrow = count;
    return node;
  };
  const bar = el("div", {
    class: "bar", role: "progressbar", "aria-label": "Contacts done", "aria-valuemin": 0,
    "aria-valuemax": item.total_contacts, "aria-valuenow": done,
    "aria-valuetext": `${done} of ${item.total_contacts}`,
  },
  part(item.completed_count, "good"), part(item.failed_count, "bad"), part(item.skipped_count, "skipped"),
  part(item.active_calls, "busy"), part(Math.max(0, item.total_contacts - done - item.active_calls), "rest"));
  return [
    el("div", { class: "card" },
      el("div", { class: "line" }, said(item.name, "said name"), pill(item.status),
        el("span", { class: "number" }, `${done} / ${item.total_contacts}`)),
      bar,
      el("p", { class: "muted legend" },
        el("span", { class: "good" }, `${item.completed_count} completed`),
        el("span", { class: "bad" }, `${item.failed_count} failed`),
        el("span", { class: "skipped" }, `${item.skipped_count} skipped`),
        el("span", { class: "busy" }, `${item.active_calls} in progress`),
        el("span", {}, said(item.agent_name), ` · ${item.provider} · ${item.concurrency_limit} at once · ${rupees(item.credits_used)}`))),
  ];
});

export async function campaigns() {
  const { campaigns: items } = await get("campaigns");
  sync(list("campaigns"), items, (item) => item.campaign_id, campaignRow);
  return items.some((item) => item.status === "running");
}

const deliveryRow = openRow(
  (item) => [
    instant(item.created_at),
    el("span", { class: "what" }, el("b", {}, item.event), said(item.url, "said path")),
    el("span", { class: "number" }, counted(item.attempts.length, "attempt")),
    el("span", { class: "end" }, pill(item.status)),
  ],
  (body, item) => {
    if (!body.firstChild) attempt(async () => fillDelivery(body, await get(`deliveries/${item.id}`)));
    else body.tried(item.attempts);
  },
);

function fillDelivery(body, item) {
  const tries = el("ol", { class: "tries" });
  const replay = el("button", {
    type: "button",
    onclick: () => attempt(async () => {
      const fresh = await post(`deliveries/${item.id}/replay`);
      announce(`Sent again: ${fresh.status}.`);
    }),
  }, "Replay");
  body.tried = (attempts) => tries.replaceChildren(...attempts.map((each) => el("li", {},
    instant(each.at), el("span", {}, each.status === null ? "no response" : `status ${each.status}`),
    each.error ? said(each.error, "said muted") : null)));
  body.tried(item.attempts);
  body.replaceChildren(
    facts([["Endpoint", item.label], ["Address", item.url], ["Id", item.id]]),
    replay,
    el("h3", {}, "Attempts"), tries,
    el("h3", {}, "Payload"), el("pre", { tabindex: 0, role: "region", "aria-label": "Payload" }, pretty(item.body)),
  );
}

export async function webhooks() {
  const { deliveries } = await get("deliveries?limit=100");
  sync(list("webhooks"), deliveries, (item) => item.id, deliveryRow);
}
