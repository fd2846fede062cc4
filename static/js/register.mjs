// Adds and takes out people in place; without this file the same buttons send the form and it comes back so.

const form = document.querySelector("form[data-registration]");
const list = form?.querySelector("[data-people]");
const add = form?.querySelector("[data-add]");

const people = () => [...list.querySelectorAll("[data-person]")];

/** Give a person's fields the number of their place. */
function renumber(person, number) {
  const pattern = /people-\d+-/g;
  for (const element of person.querySelectorAll("*")) {
    for (const name of ["id", "name", "for", "aria-describedby", "aria-labelledby"]) {
      const value = element.getAttribute(name);
      if (value) element.setAttribute(name, value.replace(pattern, `people-${number}-`));
    }
  }
  if (person.hasAttribute("aria-describedby")) {
    person.setAttribute("aria-describedby", person.getAttribute("aria-describedby").replace(pattern, `people-${number}-`));
  }
  const title = person.querySelector("[data-person-title]");
  title.textContent = title.textContent.replace(/\d+/, String(number + 1));
  const remove = person.querySelector("[data-remove]");
  if (remove) {
    remove.value = String(number);
    remove.setAttribute("aria-label", remove.getAttribute("aria-label").replace(/\d+/, String(number + 1)));
  }
}

/** What is shown only when several come. */
function settle() {
  const all = people();
  all.forEach(renumber);
  const several = all.length > 1;
  for (const person of all) {
    person.querySelector("[data-person-title]").classList.toggle("visually-hidden", !several);
    person.querySelector("[data-remove-line]").hidden = !several;
  }
  form.querySelector("[data-several]").hidden = !several;
  add.hidden = all.length >= Number(form.dataset.most);
}

if (form && list && add) {
  add.addEventListener("click", (event) => {
    event.preventDefault();
    const last = people().at(-1);
    const made = last.cloneNode(true);
    // Before it stands in the page: radio buttons of one name would take each other's place.
    renumber(made, people().length);
    made.querySelectorAll(".field-error").forEach((error) => error.remove());
    made.querySelectorAll(".has-error").forEach((field) => field.classList.remove("has-error"));
    for (const input of made.querySelectorAll("input, select")) {
      input.removeAttribute("aria-invalid");
      if (input.type === "radio") input.checked = input.value === "";
      else if (input.tagName === "SELECT") input.value = last.querySelector("select").value;
      else {
        input.value = "";
        // A browser fills in its owner, and this is somebody else.
        input.autocomplete = "off";
      }
    }
    last.after(made);
    settle();
    made.querySelector("input").focus();
  });

  list.addEventListener("click", (event) => {
    const remove = event.target.closest("[data-remove]");
    if (!remove) return;
    event.preventDefault();
    const person = remove.closest("[data-person]");
    const next = person.nextElementSibling ?? person.previousElementSibling;
    person.remove();
    settle();
    next?.querySelector("input").focus();
  });
}
