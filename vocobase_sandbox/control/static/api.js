// The control API of the server that serves this page.

/** Thrown if there was no response at all. */
export class Unreachable extends Error {}

async function send(method, path, body) {
  const options = { method, headers: {} };
  if (body !== undefined) {
    options.headers["content-type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  const payload = await fetch(`/_sandbox/${path}`, options).then(
    (response) => response.json(),
    () => { throw new Unreachable("The sandbox does not respond."); },
  );
  if (!payload.success) throw new Error(payload.error.message);
  return payload.data;
}

export const get = (path) => send("GET", path);
export const post = (path, body) => send("POST", path, body);
export const put = (path, body) => send("PUT", path, body);
export const remove = (path) => send("DELETE", path);
