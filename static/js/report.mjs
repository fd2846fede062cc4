// A report at the desk. Words are saved a section at a time: on a pause and on leaving a field; who comes second is shown what
// the other wrote, and nothing typed is touched. In a new report, the fields that its kind does not ask for are put aside.

const form = document.querySelector("form[data-report]");
if (form) for (const part of form.querySelectorAll("[data-section]")) keepSection(form, part);
const kind = document.querySelector(".report-new [name=kind]");
if (kind) {
  const parts = document.querySelectorAll(".report-new [data-kind]");
  const show = () => parts.forEach((part) => (part.hidden = !part.dataset.kind.split(" ").includes(kind.value)));
  kind.addEventListener("change", show);
  show();
}

function keepSection(form, part) {
  const PAUSE = 1500;
  const words = form.dataset;
  const status = part.querySelector("[data-status]");
  const theirs = part.querySelector("[data-theirs]");
  const fields = [...part.querySelectorAll("textarea")];
  const seen = part.querySelector("input[type=hidden]");
  let saved = fields.map((field) => field.defaultValue);
  let timer = 0;
  let sending = false;
  let stopped = false;
  let failures = 0;

  const now = () => fields.map((field) => field.value);
  const isChanged = () => now().some((text, place) => text !== saved[place]);
  const say = (text, isWrong = false) => {
    if (status.textContent !== text) status.textContent = text;
    status.classList.toggle("is-wrong", isWrong);
  };
  const plan = (after) => {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(send, after);
  };

  for (const field of fields) {
    field.addEventListener("input", () => {
      if (!stopped) say(words.typed);
      plan(PAUSE);
    });
    field.addEventListener("focusout", () => isChanged() && plan(50));
  }
  addEventListener("online", () => failures && send());
  addEventListener("beforeunload", (event) => {
    if (isChanged() && !form.dataset.going) event.preventDefault();
  });
  form.addEventListener("submit", () => (form.dataset.going = "1"));
  // Firefox keeps what was typed over a reload.
  if (isChanged()) plan(PAUSE);

  async function send() {
    clearTimeout(timer);
    if (sending || stopped || !isChanged()) return;
    sending = true;
    const sent = now();
    const body = new FormData();
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.set("section", part.dataset.section);
    for (const field of [...fields, seen]) body.set(field.name, field.value);
    say(words.saving);
    try {
      const response = await fetch(words.report, { method: "POST", body, headers: { Accept: "application/json" }, signal: AbortSignal.timeout(15000) });
      const isJson = response.headers.get("content-type")?.startsWith("application/json");
      if (response.redirected || !isJson) {
        if (response.status >= 500) throw new Error(String(response.status));
        failures += 1;
        return say(words.signedOut, true);
      }
      failures = 0;
      take(await response.json(), sent);
    } catch {
      failures += 1;
      say(words.failed, true);
      plan(Math.min(30000, 1000 * 2 ** failures));
    } finally {
      sending = false;
    }
  }

  function take(answer, sent) {
    mark(answer.errors ?? {});
    if (answer.saved) {
      saved = sent;
      seen.value = answer.seen;
      theirs.hidden = true;
      say(isChanged() ? words.typed : `${words.saved} ${answer.at}`);
      if (isChanged()) plan(PAUSE);
    } else if (answer.stop) {
      stopped = true;
      say(answer.stop, true);
    } else if (answer.theirs) {
      // The next press is made knowing what the other wrote; it is never made by itself.
      stopped = true;
      seen.value = answer.seen;
      say(answer.words, true);
      theirs.replaceChildren(...["lv", "en"].map((language) => told(language, answer.theirs[language])));
      theirs.hidden = false;
    } else {
      say(words.wrong, true);
    }
  }

  function told(language, text) {
    const paragraph = document.createElement("p");
    paragraph.className = "report-words";
    paragraph.lang = language;
    paragraph.textContent = `${language.toUpperCase()}: ${text || "–"}`;
    return paragraph;
  }

  function mark(errors) {
    for (const field of fields) {
      const box = field.closest(".field");
      box.querySelector(".field-error")?.remove();
      const text = errors[field.id];
      box.classList.toggle("has-error", Boolean(text));
      field.toggleAttribute("aria-invalid", Boolean(text));
      if (!text) continue;
      const error = document.createElement("p");
      error.className = "field-error";
      error.id = `${field.id}_error`;
      error.textContent = text;
      box.querySelector("label").after(error);
      field.setAttribute("aria-describedby", error.id);
      field.setAttribute("aria-invalid", "true");
    }
  }
}
