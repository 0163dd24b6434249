const button = document.getElementById("talk");
const message = document.getElementById("message");

// To keep the visitor on this page, join with Pipecat instead: client.connect({ url, token }).
function join({ url, token }) {
  location.assign(`${url}?t=${encodeURIComponent(token)}`);
}

button.addEventListener("click", async () => {
  button.disabled = true;
  message.textContent = "Connecting …";
  try {
    const response = await fetch("/sessions", { method: "POST" });
    const body = await response.json();
    if (response.ok) join(body);
    else message.textContent = body.error;
  } catch {
    message.textContent = "No connection. Please try again.";
  }
  button.disabled = false;
});
