// Test builds only. Runs before the page: what happens while it loads is seen too, and nobody tells of it twice.
const witness = { violations: [], answers: [], painted: null };
Object.defineProperty(window, "__witness", { value: witness });

document.addEventListener("securitypolicyviolation", (event) => {
  const { violatedDirective, blockedURI, sourceFile, lineNumber } = event;
  witness.violations.push(`${violatedDirective} ${blockedURI} ${sourceFile}:${lineNumber}`);
});

// What the page brought is taken out of it when it is read. What is painted first is looked at before anything else is.
new MutationObserver((changes) => {
  const app = document.querySelector("#app[aria-busy=true]");
  if (app) witness.painted ??= { elements: [...app.querySelectorAll("*")], html: app.outerHTML, ...document.documentElement.dataset };
  for (const gone of changes.flatMap(({ removedNodes }) => [...removedNodes])) {
    if (gone.id === "opening") witness.answers.push({ command: "brought", body: gone.textContent });
  }
}).observe(document, { childList: true, subtree: true });

// Answers come by fetch and events by eval. Both are handed to the page by a callback that Tauri keeps in this map.
const commands = new Map();
const fetchAnswer = window.fetch;
window.fetch = (address, request) => {
  const command = new URL(address, location.href).pathname.slice(1);
  for (const name of ["Tauri-Callback", "Tauri-Error"]) commands.set(request?.headers?.get(name), command);
  return fetchAnswer(address, request);
};
const { callbacks } = window.__TAURI_INTERNALS__;
const text = (data) => (data instanceof ArrayBuffer ? new TextDecoder().decode(data) : (JSON.stringify(data) ?? ""));
Object.defineProperty(callbacks, "set", {
  value: (id, callback) => {
    const noted = (data) => {
      const command = commands.get(String(id)) ?? (data?.event ? `event ${data.event}` : "unasked");
      witness.answers.push({ command, body: text(data) });
      return callback(data);
    };
    return Map.prototype.set.call(callbacks, id, noted);
  },
});
