// Filters in place. Without this file the form is sent by its button; with it, a change is enough.
// <form data-filters hx-get hx-target="#results" hx-push-url="true"> ... <p id="result-count" aria-live="polite">
const form = document.querySelector("form[data-filters]");

if (form) {
  const wide = matchMedia("(min-width: 62em)");
  let waiting = 0;
  let asked = "";

  // Typing waits longer than ticking; on a telephone the page of filters is sent by its own button.
  const ask = (pause) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const query = new URLSearchParams(new FormData(form)).toString();
      if (query === asked || !window.htmx) return;
      asked = query;
      window.htmx.trigger(form, "filters:changed");
    }, pause);
  };
  form.addEventListener("input", (event) => {
    if (!wide.matches) return;
    ask(event.target.matches("input[type=text], input[type=search], input[type=number]") ? 500 : 150);
  });

  // The old list stays, marked as busy; focus stays where the reader is.
  const results = document.querySelector(form.getAttribute("hx-target") || "#results");
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt === form && results) results.setAttribute("aria-busy", "true");
  });
  let place = null;
  document.body.addEventListener("htmx:beforeSwap", () => {
    const active = document.activeElement;
    place = active && form.contains(active) && active.name ? [active.name, active.value, active.type] : null;
  });
  document.body.addEventListener("htmx:afterSettle", () => {
    for (const busy of document.querySelectorAll("[aria-busy=true]")) busy.removeAttribute("aria-busy");
    if (!place || form.contains(document.activeElement)) return;
    const [name, value, type] = place;
    const same = [...form.elements].filter((one) => one.name === name);
    const next = type === "checkbox" || type === "radio" ? same.find((one) => one.value === value) : same[0];
    if (next) next.focus({ preventScroll: true });
  });
}

// Which groups of filters a reader has opened is remembered for this visit, on this device alone.
const groups = document.querySelectorAll("details.filter-group[id]");
const restore = () => {
  for (const group of document.querySelectorAll("details.filter-group[id]")) {
    let kept = null;
    try {
      kept = sessionStorage.getItem(`group:${group.id}`);
    } catch {
      return;
    }
    if (kept !== null && !group.querySelector(":checked")) group.open = kept === "1";
  }
};
restore();
document.addEventListener(
  "toggle",
  (event) => {
    if (!event.target.matches?.("details.filter-group[id]")) return;
    try {
      sessionStorage.setItem(`group:${event.target.id}`, event.target.open ? "1" : "0");
    } catch {
      // Private browsing keeps nothing; the groups simply start anew.
    }
  },
  true,
);
if (groups.length) document.body.addEventListener("htmx:afterSettle", restore);
