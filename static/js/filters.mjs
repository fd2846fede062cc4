// Filters in place. Without this file the form is sent by its button; with it, a change is enough.
// The server answers with the whole page; htmx takes #results from it, this file the counts beside the boxes.
const form = document.querySelector("form[data-filters]");
const rail = document.querySelector(".rail");
const narrow = matchMedia("(max-width: 61.99em)");

if (form) {
  let waiting = 0;
  let asked = new URLSearchParams(new FormData(form)).toString();
  const ask = (pause) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const query = new URLSearchParams(new FormData(form)).toString();
      if (query === asked || !window.htmx) return;
      asked = query;
      window.htmx.trigger(form, "filters:changed");
    }, pause);
  };
  // Typing waits longer than ticking.
  form.addEventListener("input", (event) => {
    ask(event.target.matches("[type=text], [type=search], [type=number], [type=date]") ? 600 : 150);
  });

  // What was left empty need not stand in the address; an empty place says "not near home" and stays.
  form.addEventListener("formdata", (event) => {
    for (const name of new Set(event.formData.keys())) {
      if (name === "vieta") continue;
      const kept = event.formData.getAll(name).filter((value) => value !== "");
      // Two fields may have one name: only the empty one goes.
      event.formData.delete(name);
      for (const value of kept) event.formData.append(name, value);
    }
  });

  const results = () => document.querySelector(form.getAttribute("hx-target") || "#results");
  const status = document.getElementById("result-status");
  let sent = false;

  document.body.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt !== form) return;
    sent = event.detail.requestConfig.triggeringEvent?.type === "submit";
    results()?.setAttribute("aria-busy", "true");
  });

  // Boxes stay the same elements, so that focus stays in them; only their counts change.
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.requestConfig?.elt !== form) return;
    const page = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
    const fresh = page.querySelector("form[data-filters]");
    if (!fresh) return;
    const key = (input) => `${input.name}=${input.value}`;
    const labels = new Map([...fresh.querySelectorAll(".check input")].map((one) => [key(one), one.closest(".check")]));
    for (const input of form.querySelectorAll(".check input")) {
      const label = input.closest(".check");
      const other = labels.get(key(input));
      const count = label.querySelector(".check-count");
      const newer = other?.querySelector(".check-count");
      if (count && newer) {
        count.textContent = newer.textContent;
        label.className = other.className;
      }
    }
    const shown = form.querySelector("[data-show-count]");
    const newer = fresh.querySelector("[data-show-count]");
    if (shown && newer) shown.textContent = newer.textContent;
  });

  document.body.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.requestConfig?.elt !== form) return;
    const heading = results()?.querySelector("h1, h2");
    if (status && heading) status.textContent = heading.textContent;
    if (sent && narrow.matches && rail) location.hash = "results";
  });

  // A failed request leaves the old list; the plain form still works.
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    document.body.addEventListener(name, (event) => {
      if (event.detail.requestConfig?.elt === form) form.submit();
    });
  }
}

// On a telephone the filters are a page over the page: what lies beneath takes no focus, Escape leaves.
if (rail) {
  const beneath = [".site-header", ".site-footer", "#results", ".demo-strip", ".bottom-bar"];
  const settle = () => {
    const open = narrow.matches && location.hash === `#${rail.id}`;
    for (const part of beneath) {
      const element = document.querySelector(part);
      if (element) element.inert = open;
    }
    if (open) rail.querySelector("a, button, input, select")?.focus();
  };
  addEventListener("hashchange", settle);
  narrow.addEventListener("change", settle);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && location.hash === `#${rail.id}` && narrow.matches) {
      location.hash = "results";
      settle();
      document.querySelector(".filters-open")?.focus();
    }
  });
  document.body.addEventListener("htmx:afterSettle", settle);
  settle();
}

// Which groups a reader has opened is remembered for this visit, on this device alone.
for (const group of document.querySelectorAll("details.filter-group[id]")) {
  const key = `group:${group.id}`;
  try {
    const kept = sessionStorage.getItem(key);
    if (kept !== null && !group.querySelector(":checked")) group.open = kept === "1";
    group.addEventListener("toggle", () => sessionStorage.setItem(key, group.open ? "1" : "0"));
  } catch {
    break; // Private browsing may keep nothing; the groups simply start anew.
  }
}
