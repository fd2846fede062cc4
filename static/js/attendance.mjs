// The attendance sheet: each tap is saved at once. What could not be sent stays in memory and on the device (numbers of
// registrations and marks, no names), is seen in its row, and is sent again when there is a connection.

const form = document.querySelector("form[data-sheet]:not([data-closed])");
if (form) begin(form);

function begin(form) {
  const words = form.dataset;
  const key = `sheet-${words.sheet}`;
  const heads = form.elements.heads;
  const status = form.querySelector("[data-status]");
  const retry = form.querySelector("[data-retry]");
  const undo = form.querySelector("[data-undo]");
  const rows = new Map();
  for (const row of form.querySelectorAll("[data-row]")) {
    const note = row.querySelector("small");
    rows.set(row.dataset.row, { row, note, said: note.textContent, inputs: [...row.querySelectorAll("input")] });
  }
  // What the page shows, by registration; and what waits to be sent: {value, at}, "heads" among them.
  const shown = new Map([...rows].map(([id, { inputs }]) => [id, inputs.find((input) => input.defaultChecked)?.value ?? ""]));
  const waiting = new Map(kept());
  let together = [];
  let sending = false;
  let failures = 0;
  let timer = 0;
  let sendSoon = 0;
  let lastTap = { id: "", at: 0 };
  let changes = 0;
  // Ends with the newest look at the sheet that has begun.
  let looked = Promise.resolve();

  for (const part of form.querySelectorAll("[data-save], [data-clear], [data-undo-note]")) part.hidden = true;
  for (const part of form.querySelectorAll("[data-hint], [data-step]")) part.hidden = false;
  // Firefox keeps what was ticked over a reload; what is saved decides.
  for (const [id, value] of shown) show(id, waiting.get(id)?.value ?? value);
  if (waiting.has("heads")) heads.value = waiting.get("heads").value;
  count();
  if (waiting.size) send();
  // A page asked for while the one before it was still saving may be older than what was saved.
  else if (performance.getEntriesByType("navigation")[0]?.type === "reload") look();

  form.addEventListener("click", (event) => {
    const input = event.target;
    if (input.type !== "radio") return;
    const id = input.name.slice(2);
    const again = shown.get(id) === input.value;
    // A double tap is one tap.
    if (again && lastTap.id === input.name + input.value && Date.now() - lastTap.at < 700) return;
    lastTap = { id: input.name + input.value, at: Date.now() };
    tap(id, again ? "" : input.value);
    send();
  });

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (event.submitter?.value === "all") {
      // Who is marked already is left alone: only then is it known who is.
      await looked;
      together = [...shown].filter(([, value]) => !value).map(([id]) => id);
      for (const id of together) tap(id, "present");
      if (undo) undo.hidden = !together.length;
    }
    send();
  });

  undo?.addEventListener("click", () => {
    for (const id of together) if (shown.get(id) === "present") tap(id, "");
    together = [];
    undo.hidden = true;
    form.querySelector("[value=all]").focus();
    send();
  });

  heads.addEventListener("input", headsChanged);
  for (const button of form.querySelectorAll("[data-step]")) {
    button.addEventListener("click", () => {
      const most = Number(heads.max);
      heads.value = Math.min(most, Math.max(0, (Number(heads.value) || 0) + Number(button.dataset.step)));
      headsChanged();
    });
  }

  function headsChanged() {
    const typed = heads.value;
    heads.removeAttribute("aria-invalid");
    if (heads.validity.badInput || !heads.validity.valid) {
      heads.setAttribute("aria-invalid", "true");
      say(words.badNumber, true);
      return;
    }
    put("heads", typed);
    clearTimeout(sendSoon);
    sendSoon = setTimeout(send, 600);
  }

  retry?.addEventListener("click", () => send());
  addEventListener("online", () => send());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") (waiting.size ? send() : look());
  });

  function tap(id, value) {
    shown.set(id, value);
    show(id, value);
    put(id, value);
    count();
  }

  function put(id, value) {
    changes += 1;
    waiting.set(id, { value, at: Date.now() });
    keep();
  }

  function show(id, value) {
    const entry = rows.get(id);
    if (!entry) return;
    shown.set(id, value);
    for (const input of entry.inputs) input.checked = input.value === value;
    entry.row.classList.toggle("is-unmarked", !value);
  }

  function count() {
    const marked = [...shown.values()].filter(Boolean).length;
    const text = marked % 10 === 1 && marked % 100 !== 11 ? words.countOne : words.countMany;
    const place = form.querySelector("[data-count]");
    if (place) place.textContent = text.replace("%(marked)s", marked).replace("%(all)s", rows.size);
  }

  // Rows whose sending failed say so themselves.
  function failed(text) {
    for (const [id, { row, note, said }] of rows) {
      const unsaved = waiting.has(id) && Boolean(text);
      row.classList.toggle("is-unsaved", unsaved);
      note.textContent = unsaved ? words.unsaved : said;
    }
    if (retry) retry.hidden = !text;
    if (text) say(text, true);
  }

  function say(text, isBrick = false) {
    status.classList.toggle("is-brick", isBrick);
    if (status.textContent !== text) status.textContent = text;
  }

  async function send() {
    if (sending || !waiting.size) return;
    clearTimeout(timer);
    sending = true;
    const batch = new Map(waiting);
    const body = new FormData();
    // Whoever came by a signed link has no token: the link is the proof.
    if (form.elements.csrfmiddlewaretoken) body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    for (const [id, { value, at }] of batch) {
      if (id === "heads") {
        body.set("heads", value);
        continue;
      }
      body.set(`p-${id}`, value);
      body.set(`ago-${id}`, Math.max(0, Math.floor((Date.now() - at) / 1000)));
    }
    if (!failures) say(words.saving);
    let again = true;
    try {
      const answer = await ask({ method: "POST", body });
      if (answer.error) {
        failed(answer.error);
        again = false;
      } else {
        for (const [id, { at }] of batch) if (waiting.get(id)?.at === at) waiting.delete(id);
        keep();
        failures = 0;
        take(answer);
        failed("");
        if (answer.unknown.length) say(words.unknown, true);
        else if (answer.overtaken.length) say(words.overtaken, true);
        else if (!waiting.size) say(words.saved);
      }
    } catch {
      failures += 1;
      failed(words.waiting.replace("%(count)s", waiting.size));
    }
    sending = false;
    // Sooner at first, then every half minute, and at once when the connection is back.
    if (waiting.size && again) timer = setTimeout(send, failures ? Math.min(30000, 1000 * 2 ** failures) : 0);
  }

  function look() {
    looked = takeAnew();
  }

  async function takeAnew() {
    const before = changes;
    try {
      const answer = await ask({}, 4000);
      // A tap made meanwhile is newer than the answer.
      if (!answer.error && before === changes) take(answer);
    } catch {
      // Nothing of ours waits: the next look or tap tells.
    }
  }

  // Patience in milliseconds: a save may take long on a poor connection, a look nobody waits for is dropped sooner.
  async function ask(options, patience = 15000) {
    const giveUp = new AbortController();
    const alarm = setTimeout(() => giveUp.abort(), patience);
    try {
      const response = await fetch(form.action, { ...options, headers: { Accept: "application/json" }, signal: giveUp.signal });
      if (response.redirected) return { error: words.signedOut };
      const isJson = response.headers.get("content-type")?.startsWith("application/json");
      if (isJson) return await response.json();
      if (response.status >= 400 && response.status < 500) return { error: words.stale };
      throw new Error(String(response.status));
    } finally {
      clearTimeout(alarm);
    }
  }

  // The sheet as it stands: what others marked is shown, what was tapped here since then stays.
  function take(answer) {
    for (const [id, entry] of rows) {
      entry.said = answer.notes[id] ?? "";
      if (waiting.has(id)) continue;
      entry.note.textContent = entry.said;
      show(id, answer.marks[id] ?? "");
    }
    if (!waiting.has("heads") && document.activeElement !== heads) heads.value = answer.heads ?? "";
    count();
  }

  function keep() {
    try {
      if (waiting.size) localStorage.setItem(key, JSON.stringify([...waiting]));
      else localStorage.removeItem(key);
    } catch {
      // Private windows may keep nothing; memory does as long as the page stands.
    }
  }

  function kept() {
    try {
      const entries = JSON.parse(localStorage.getItem(key) ?? "[]");
      return Array.isArray(entries) ? entries.filter(([id, entry]) => typeof id === "string" && typeof entry?.value === "string") : [];
    } catch {
      return [];
    }
  }
}
