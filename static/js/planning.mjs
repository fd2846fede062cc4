// The editor of an activity. A draft is saved as one goes; what is planned or published only when one presses. What could
// not be sent stays on the device (fields and what was typed in them; the page asks nothing about people) until it is.
// Nothing here moves the focus or touches what is being typed.

const form = document.querySelector("form[data-planning]");
if (form) begin(form);

function begin(form) {
  const words = form.dataset;
  const PAUSE = 1500;
  const MONTH = 30 * 24 * 3600 * 1000;
  // What belongs to the page, not to the activity.
  const OURS = new Set(["csrfmiddlewaretoken", "changed_at", "form_key", "save", "preview"]);
  const [status, at, retry] = ["status", "at", "retry"].map((name) => document.querySelector(`[data-${name}]`));
  const line = status.parentElement;
  let mode = words.planning;
  let stamp = form.elements.changed_at.value;
  // A page that shows what was typed (refused, or a rehearsal of the sessions) shows nothing that is saved.
  const isTyped = "typed" in words;
  let saved = isTyped ? new Map() : fromPage();
  let sent = null;
  let lost = null;
  let sending = null;
  let failures = 0;
  let timer = 0;
  let patience = 0;
  // Where nothing can be kept (a private window), the browser asks before it leaves.
  let isForgetful = false;
  let key = `planning-${words.keep}${mode === "new" ? `-${form.elements.form_key.value}` : ""}`;
  let earlier = isTyped ? null : find();
  const left = new Set();

  for (const note of form.querySelectorAll(".scripts-only")) note.hidden = false;
  for (const name of form.querySelectorAll("[aria-invalid=true]")) left.add(name.name);
  offer();
  if (mode === "conflict") say("", words.byPress);
  else say("", { new: words.notYet, draft: words.byItself, pressed: words.byPress }[mode]);
  mirror();
  // Firefox keeps what was typed over a reload; a page that was refused is saved as far as it is right.
  if (isTyped || changed().length) typed();

  form.addEventListener("input", (event) => {
    if (OURS.has(event.target.name)) return;
    mirror(event.target);
    typed();
  });
  form.addEventListener("change", (event) => {
    if (OURS.has(event.target.name)) return;
    left.add(event.target.name);
    typed();
  });
  form.addEventListener("focusout", (event) => {
    const name = event.target.name;
    if (!name || OURS.has(name) || event.target.type === "submit") return;
    const before = left.size;
    // Who only passes through an empty field has not left it empty.
    if (event.target.value || saved.get(name)?.some(Boolean)) left.add(name);
    if (changed(sent ?? saved).length || left.size > before) plan(50);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") leave();
    else if (failures) send();
  });
  addEventListener("pagehide", leave);
  addEventListener("beforeunload", (event) => {
    if (isForgetful && !form.dataset.going && changed(sent ?? saved).length) event.preventDefault();
  });
  addEventListener("online", () => failures && send());
  retry.addEventListener("click", () => send());
  form.addEventListener("submit", press);
  // The list of steps lies over the form on a telephone: who has chosen one wants to see it.
  document.querySelector(".steps-fold")?.addEventListener("click", (event) => {
    if (event.target.closest("a")) event.currentTarget.open = false;
  });
  document.querySelector("[data-offer] [name=restore]")?.addEventListener("click", restore);
  document.querySelector("[data-offer] [name=forget]")?.addEventListener("click", forget);

  // ---- what is typed, what is saved

  function now() {
    return values(new FormData(form));
  }

  function values(data) {
    const found = new Map();
    for (const [name, value] of data) if (!OURS.has(name) && typeof value === "string") found.set(name, [...(found.get(name) ?? []), value]);
    return found;
  }

  // What the page came with, whatever the browser has put back since.
  function fromPage() {
    const found = new Map();
    const put = (name, value) => found.set(name, [...(found.get(name) ?? []), value]);
    for (const field of form.elements) {
      if (!field.name || OURS.has(field.name) || field.type === "submit") continue;
      if (field.type === "checkbox" || field.type === "radio") {
        if (field.defaultChecked) put(field.name, field.value);
      } else if (field.options) {
        const chosen = [...field.options].filter((option) => option.defaultSelected);
        put(field.name, (chosen[0] ?? field.options[0])?.value ?? "");
      } else {
        put(field.name, field.defaultValue.replaceAll("\r\n", "\n"));
      }
    }
    return found;
  }

  function same(one, other) {
    return JSON.stringify(one ?? []).replaceAll("\\r\\n", "\\n") === JSON.stringify(other ?? []).replaceAll("\\r\\n", "\\n");
  }

  function changed(from = saved) {
    const here = now();
    return [...new Set([...here.keys(), ...from.keys()])].filter((name) => !same(here.get(name), from.get(name)));
  }

  function typed() {
    keep();
    if (mode === "pressed" || mode === "conflict") {
      if (changed().length) say("", words.changed);
      else say("", words.byPress);
    }
    plan(PAUSE);
  }

  function plan(after) {
    if (mode === "conflict") return;
    clearTimeout(timer);
    timer = setTimeout(send, after);
  }

  function leave() {
    if ((mode === "new" || mode === "draft") && changed(sent ?? saved).length) send({ isLeaving: true });
  }

  // ---- saying

  function say(text, aside = "", { isBrick = false, canRetry = false } = {}) {
    line.classList.toggle("is-brick", isBrick);
    // The words are read out when they change, the time beside them is only seen.
    if (status.textContent !== text) status.textContent = text;
    at.textContent = aside;
    retry.hidden = !canRetry;
  }

  // ---- sending

  function send({ isLeaving = false } = {}) {
    clearTimeout(timer);
    if (mode === "conflict") return Promise.resolve(false);
    if (sending) return isLeaving ? Promise.resolve(false) : sending.then(() => (changed().length ? send() : true));
    sending = attempt(isLeaving).finally(() => {
      sending = null;
    });
    return sending;
  }

  // Whether all that is typed is known to be saved, or judged where nothing is saved unasked.
  async function attempt(isLeaving) {
    // What got no answer goes first, just as it was: it may have arrived.
    if (lost && !(await post(lost, isLeaving))) return false;
    const body = new FormData(form);
    return post({ body, fields: values(body) }, isLeaving);
  }

  async function post(parcel, isLeaving) {
    const body = parcel.body;
    body.set("changed_at", stamp);
    body.delete("save");
    body.delete("preview");
    sent = parcel.fields;
    clearTimeout(patience);
    if (mode !== "pressed") patience = setTimeout(() => say(status.textContent, words.saving), 1000);
    const giveUp = new AbortController();
    const tooLong = setTimeout(() => giveUp.abort(), 15000);
    try {
      const response = await fetch(words.save, {
        method: "POST",
        body,
        headers: { Accept: "application/json" },
        signal: giveUp.signal,
        keepalive: isLeaving,
      });
      if (response.redirected) return fail(words.signedOut, { again: false });
      const isJson = response.headers.get("content-type")?.startsWith("application/json");
      if (!isJson) {
        if (response.status >= 500) throw new Error(String(response.status));
        return fail(words.stale, { again: false });
      }
      const answer = await response.json();
      lost = null;
      failures = 0;
      return take(answer, parcel);
    } catch {
      lost = mode === "pressed" ? null : parcel;
      return fail(words.failed, { again: true });
    } finally {
      clearTimeout(tooLong);
      clearTimeout(patience);
    }
  }

  function fail(text, { again }) {
    failures += 1;
    keep();
    if (mode === "pressed") return false;
    say(text, "", { isBrick: true, canRetry: true });
    // Sooner at first, then every half minute, and at once when the connection is back.
    if (again) timer = setTimeout(send, Math.min(30000, 1000 * 2 ** failures));
    return false;
  }

  function take(answer, parcel) {
    if (answer.stop) {
      mode = "conflict";
      keep();
      say(answer.stop, "", { isBrick: true });
      if (answer.edit) form.action = answer.edit;
      return false;
    }
    if (answer.saved) {
      stamp = answer.stamp;
      form.elements.changed_at.value = stamp;
      // A rule of sessions waits for the press.
      for (const [name, value] of parcel.fields) if (!name.startsWith("when-") && !wrong(answer, name)) saved.set(name, value);
      for (const name of [...saved.keys()]) if (!parcel.fields.has(name) && !wrong(answer, name)) saved.delete(name);
      if (mode === "new") become(answer);
      show(answer);
    }
    showOverlaps(answer);
    mark(answer.errors ?? {});
    keep();
    const hasErrors = Object.keys(answer.errors ?? {}).some((id) => isShown(id));
    if (mode === "pressed") {
      say("", changed().length ? words.changed : words.byPress);
    } else if (!answer.saved) {
      say(hasErrors && mode !== "new" ? words.wrong : "", mode === "new" ? words.notYet : "", { isBrick: hasErrors && mode !== "new" });
    } else {
      say(hasErrors ? words.partly : words.saved, answer.at, { isBrick: hasErrors });
    }
    if (mode !== "pressed" && changed(parcel.fields).length) plan(PAUSE);
    return answer.saved || mode === "pressed";
  }

  function wrong(answer, name) {
    return [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)].some((field) => answer.errors?.[base(field)] !== undefined);
  }

  // The page of a new activity becomes that of the draft it has made.
  function become(answer) {
    remove();
    mode = "draft";
    words.save = answer.save;
    form.action = answer.edit;
    const number = answer.edit.match(/\/(\d+)\//)?.[1];
    key = `planning-${words.keep.replace(/new$/, number)}`;
    const next = form.querySelector("[data-next]");
    if (next) {
      next.href = answer.next;
      next.hidden = false;
    }
    history.replaceState(history.state, "", answer.edit);
  }

  function show(answer) {
    const heading = document.querySelector("[data-heading]");
    if (heading && answer.title) {
      document.title = document.title.replace(heading.textContent, answer.title);
      heading.textContent = answer.title;
    }
    for (const place of document.querySelectorAll("[data-steps]")) {
      const focused = place.contains(document.activeElement) ? document.activeElement.getAttribute("href") : "";
      place.innerHTML = answer.steps;
      if (focused) place.querySelector(`[href="${focused}"]`)?.focus({ preventScroll: true });
    }
    document.querySelector("[data-steps-words]").textContent = answer.stepsWords;
    for (const [code, { state, words: told }] of Object.entries(answer.languages ?? {})) {
      const badge = form.querySelector(`[data-language="${code}"] [data-progress]`);
      badge.textContent = told;
      badge.classList.toggle("is-leaf", state === "done");
      badge.classList.toggle("is-gold", state === "partial");
    }
  }

  // What others plan for the same people; said aloud only when the number changes.
  function showOverlaps(answer) {
    const place = document.querySelector("[data-overlaps]");
    if (!place || answer.overlaps === undefined || place.contains(document.activeElement)) return;
    place.innerHTML = answer.overlaps;
    const spoken = document.querySelector("[data-overlaps-words]");
    if (spoken.textContent !== answer.overlapsWords) spoken.textContent = answer.overlapsWords;
  }

  // ---- what is wrong, beside its field

  // Several boxes under one question share the id of the question.
  function base(field) {
    return field.closest("fieldset.field")?.id.replace(/_group$/, "") ?? field.id;
  }

  function fieldOf(id) {
    const box = document.getElementById(`${id}_group`) ?? document.getElementById(id)?.closest(".field");
    return { box, inputs: box ? [...box.querySelectorAll("input, select, textarea")] : [] };
  }

  function isShown(id) {
    return Boolean(document.getElementById(`${id}_error`));
  }

  function mark(errors) {
    for (const error of form.querySelectorAll(".field-error")) {
      const id = error.id.replace(/_error$/, "");
      if (errors[id] === undefined) clear(id, error);
    }
    for (const [id, text] of Object.entries(errors)) {
      const { box, inputs } = fieldOf(id);
      if (!box || !inputs.length) continue;
      const isThere = document.getElementById(`${id}_error`);
      const isBusy = inputs.includes(document.activeElement);
      // Told when the field is left, not while one types in it, nor where nobody has been yet.
      if (!isThere && (isBusy || !inputs.some((input) => left.has(input.name)))) continue;
      if (isThere) {
        if (isThere.textContent !== text) isThere.textContent = text;
        continue;
      }
      const error = document.createElement("p");
      error.className = "field-error";
      error.id = `${id}_error`;
      error.textContent = text;
      box.classList.add("has-error");
      const before = box.querySelector(":scope > .field-hint") ?? box.querySelector(":scope > .field-label");
      if (before) before.after(error);
      else box.prepend(error);
      const target = box.matches("fieldset") ? box : inputs[0];
      target.setAttribute("aria-describedby", [...described(target), error.id].join(" "));
      for (const input of box.matches("fieldset") ? [] : inputs) input.setAttribute("aria-invalid", "true");
    }
  }

  function clear(id, error) {
    const { box, inputs } = fieldOf(id);
    error.remove();
    if (!box) return;
    box.classList.remove("has-error");
    for (const element of [box, ...inputs]) {
      element.removeAttribute("aria-invalid");
      const rest = described(element).filter((each) => each !== `${id}_error`);
      if (rest.length) element.setAttribute("aria-describedby", rest.join(" "));
      else element.removeAttribute("aria-describedby");
    }
  }

  function described(element) {
    return (element.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean);
  }

  // ---- the Latvian text beside the others

  function mirror(field) {
    for (const place of form.querySelectorAll("[data-mirror]")) {
      const from = form.elements[place.dataset.mirror];
      if (!field || field === from) place.textContent = from.value || "–";
    }
  }

  // ---- the press

  // Without a connection a press would leave the page for the browser's own error; so it waits until all is known.
  async function press(event) {
    if (form.dataset.going) return;
    clearTimeout(timer);
    if (mode === "new" || mode === "draft") {
      event.preventDefault();
      const button = event.submitter;
      const before = mode;
      const isSaved = await send();
      if (form.dataset.going) return;
      // Nothing is on its way: what is wrong is told by the page itself.
      if (isSaved || (!failures && (mode === before || mode === "conflict"))) go(button);
      return;
    }
    going();
  }

  function go(button) {
    form.dataset.going = "1";
    going();
    if (button?.isConnected) form.requestSubmit(button);
    else form.requestSubmit();
  }

  function going() {
    clearTimeout(timer);
    keep({ isGoing: true });
    setTimeout(() => delete form.dataset.going, 4000);
  }

  // ---- what is kept on the device

  function keep({ isGoing = false } = {}) {
    const here = now();
    const fields = changed();
    try {
      if (!fields.length && !earlier) return remove();
      const entry = { at: Date.now(), stamp, going: isGoing ? stamp || "new" : "", form_key: form.elements.form_key.value };
      entry.fields = fields.map((name) => [name, here.get(name) ?? []]);
      entry.earlier = earlier;
      localStorage.setItem(key, JSON.stringify(entry));
      isForgetful = false;
    } catch {
      isForgetful = true;
    }
  }

  function remove() {
    try {
      localStorage.removeItem(key);
    } catch {
      // The same.
    }
  }

  // What was typed here before and never saved: under this activity, or for a new one under any page of it.
  function find() {
    try {
      const prefix = `planning-${words.keep}`;
      const names = Object.keys(localStorage).filter((name) => (mode === "new" ? name.startsWith(`${prefix}-`) : name === prefix));
      const entries = names.map((name) => [name, JSON.parse(localStorage.getItem(name))]);
      for (const [name, entry] of entries) if (!entry?.at || Date.now() - entry.at > MONTH) localStorage.removeItem(name);
      const [found] = entries.filter(([, entry]) => Date.now() - entry?.at <= MONTH).sort(([, one], [, other]) => other.at - one.at);
      if (!found) return null;
      const [name, entry] = found;
      // It was on its way, and the page is another since: it has arrived.
      if (entry.going && entry.going !== (stamp || "new")) {
        localStorage.removeItem(name);
        return null;
      }
      const fields = [...new Map([...(entry.earlier?.fields ?? []), ...entry.fields])];
      return fields.length ? { name, at: entry.at, stamp: entry.stamp, form_key: entry.form_key ?? "", fields } : null;
    } catch {
      return null;
    }
  }

  function offer() {
    if (mode === "conflict") earlier = null;
    const differs = earlier?.fields.filter(([name, value]) => form.elements[name] && !same(value, saved.get(name)));
    if (!differs?.length) {
      if (earlier) drop();
      return;
    }
    const labels = [...new Set(differs.map(([name]) => labelOf(name)))];
    const when = new Date(earlier.at).toLocaleString(document.documentElement.lang, { dateStyle: "short", timeStyle: "short" });
    let text = words.offerWhen.replace("{when}", when).replace("{fields}", labels.join(", "));
    if (mode !== "new" && earlier.stamp !== stamp) text += ` ${words.offerChanged}`;
    document.querySelector("[data-offer-text]").textContent = text;
    document.querySelector("[data-offer]").hidden = false;
  }

  function labelOf(name) {
    const field = form.querySelector(`[name="${CSS.escape(name)}"]`);
    const label = field?.closest("fieldset.field")?.querySelector("legend") ?? field?.closest(".field")?.querySelector("label");
    const optional = label?.querySelector(".field-optional")?.textContent ?? "";
    return label?.textContent.replace(optional, "").trim() ?? name;
  }

  function restore() {
    for (const [name, value] of earlier.fields) {
      for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
        if (field.type === "checkbox" || field.type === "radio") field.checked = value.includes(field.value);
        else field.value = value[0] ?? "";
        field.closest("details")?.setAttribute("open", "");
      }
      left.add(name);
    }
    // The page that wrote it may have made its draft already.
    if (mode === "new" && earlier.form_key) form.elements.form_key.value = earlier.form_key;
    const first = form.querySelector(`[name="${CSS.escape(earlier.fields[0][0])}"]`);
    drop();
    if (mode === "new") key = `planning-${words.keep}-${form.elements.form_key.value}`;
    mirror();
    typed();
    first?.focus();
  }

  function forget() {
    drop();
    keep();
    form.querySelector("input:not([type=hidden])")?.focus();
  }

  function drop() {
    try {
      localStorage.removeItem(earlier.name);
    } catch {
      // The same.
    }
    earlier = null;
    document.querySelector("[data-offer]").hidden = true;
  }
}
