// The control API of the server that this page came from.

/** Thrown when no answer came at all. */
export class Lost extends Error {}

async function ask(method, path, body) {
  const options = { method, headers: {} };
  if (body !== undefined) {
    options.headers["content-type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  const payload = await fetch(`/_sandbox/${path}`, options).then(
    (answer) => answer.json(),
    () => { throw new Lost("The sandbox does not answer."); },
  );
  if (!payload.success) throw new Error(payload.error.message);
  return payload.data;
}

export const get = (path) => ask("GET", path);
export const post = (path, body) => ask("POST", path, body);
export const put = (path, body) => ask("PUT", path, body);
export const remove = (path) => ask("DELETE", path);
