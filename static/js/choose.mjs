// A long list of boxes to tick gets a field that narrows it; without this file the whole list stands there. What is
// ticked always stays in sight.

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

for (const list of document.querySelectorAll("[data-choose]")) {
  const search = list.querySelector("[data-choose-search]");
  const boxes = [...list.querySelectorAll(".check")].map((label) => ({ label, text: fold(label.textContent), input: label.querySelector("input") }));
  if (boxes.length < 8) continue;
  search.hidden = false;
  const typed = search.querySelector("input");
  typed.addEventListener("input", () => {
    const words = fold(typed.value).split(/\s+/).filter(Boolean);
    let found = 0;
    for (const { label, text, input } of boxes) {
      const fits = words.every((word) => text.includes(word));
      label.hidden = !fits && !input.checked;
      if (fits) found += 1;
    }
    for (const group of list.querySelectorAll("[data-choose-group]")) {
      group.hidden = ![...group.querySelectorAll(".check")].some((label) => !label.hidden);
      if (words.length && !group.hidden) group.open = true;
    }
    list.querySelector("[data-choose-none]").hidden = found > 0;
  });
  // Enter narrows the list; it does not send the form.
  typed.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
}
