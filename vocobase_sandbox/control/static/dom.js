// Build elements from data. Everything from the sandbox becomes text; markup cannot be passed.

const LONGEST = 20000;
// Characters that reorder or hide text, which could disguise a payload.
const REORDERING = /[\u202a-\u202e\u2066-\u2069]/g;
const INVISIBLE = /[\u0000-\u0008\u000b-\u001f\u007f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;
const escape = (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, "0")}`;

const money = new Intl.NumberFormat("en-IN", { style: "currency", currency: "INR" });

export const byId = (id) => document.getElementById(id);
export const rupees = (amount) => money.format(amount);

/** Build an element; attributes that begin with "on" are listeners; null children are omitted. */
export function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value !== null && value !== false) node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

export function clip(text, size = LONGEST) {
  const whole = String(text);
  return whole.length <= size ? whole : `${whole.slice(0, size)}… (${whole.length - size} more characters)`;
}

/** Text of a user, isolated, so that its direction does not affect the text around it. */
export const said = (text, kind = "said") =>
  el("bdi", { class: kind, dir: "auto" }, clip(text).replace(REORDERING, escape));

export const counted = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;

export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Readable JSON, with invisible characters written as escapes. */
export function pretty(json) {
  let text = json;
  try {
    text = JSON.stringify(typeof json === "string" ? JSON.parse(json) : json, null, 2);
  } catch {
    // Not JSON: shown unchanged.
  }
  return clip(text.replace(INVISIBLE, escape));
}

const TONES = {
  good: ["completed", "delivered", "ready", "running", "active"],
  bad: ["failed", "blocked", "credit_exhausted", "suspended"],
  busy: ["in_progress", "ringing", "pending", "uploading", "processing"],
};

export function pill(status) {
  const tone = Object.keys(TONES).find((name) => TONES[name].includes(status)) ?? "calm";
  return el("span", { class: `pill ${tone}` }, String(status).replaceAll("_", " "));
}

export function instant(iso) {
  if (!iso) return el("span", {}, "–");
  return el("time", { datetime: iso, title: iso }, iso.slice(11, 19));
}

/** A list of names and values; values are elements or strings, and null ones are omitted. */
export function facts(pairs) {
  const shown = pairs.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return el("dl", { class: "pairs" }, ...shown.map(([name, value]) =>
    el("div", {}, el("dt", {}, name), el("dd", {}, value instanceof Node ? value : said(value)))));
}

const known = new WeakMap();

/**
 * Make the children of a list match items. Rows that stay are updated where they are, so that focus, open
 * details and a playing recording survive.
 * @param make builds the row of an item: {node, update(item)}
 */
export function sync(list, items, key, make) {
  const rows = known.get(list) ?? new Map();
  known.set(list, rows);
  const wanted = new Set(items.map(key));
  for (const [id, row] of rows) {
    if (wanted.has(id)) continue;
    row.node.remove();
    rows.delete(id);
  }
  let place = list.firstElementChild;
  for (const item of items) {
    const id = key(item);
    let row = rows.get(id);
    if (!row) rows.set(id, (row = make(item)));
    row.update(item);
    if (row.node === place) place = place.nextElementSibling;
    else list.insertBefore(row.node, place);
  }
  const empty = list.parentElement.querySelector(".empty");
  if (empty) empty.hidden = items.length > 0;
}

/** A row that is redrawn whenever its item changes. */
export function plainRow(draw) {
  return () => {
    const node = el("li");
    let seen = "";
    const update = (item) => {
      const json = JSON.stringify(item);
      if (json === seen) return;
      seen = json;
      node.replaceChildren(...draw(item));
    };
    return { node, update };
  };
}

/** A row that opens: `summary` draws the visible part, `detail` fills the rest while the row is open. */
export function openRow(summary, detail) {
  return (first) => {
    let item = first;
    let seen = "";
    const line = el("summary");
    const body = el("div", { class: "detail" });
    const show = () => box.open && detail(body, item);
    const box = el("details", { ontoggle: show }, line, body);
    const update = (fresh) => {
      item = fresh;
      const json = JSON.stringify(fresh);
      if (json !== seen) line.replaceChildren(...summary(fresh));
      seen = json;
      show();
    };
    return { node: el("li", {}, box), update };
  };
}
