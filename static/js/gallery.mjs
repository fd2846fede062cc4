// The gallery alone: look at everything in the other theme.
const bar = document.querySelector("[data-themes]");
if (bar) {
  bar.hidden = false;
  bar.addEventListener("click", (event) => {
    const choice = event.target.dataset?.themeChoice;
    if (choice === undefined) return;
    if (choice) document.documentElement.dataset.theme = choice;
    else delete document.documentElement.dataset.theme;
  });
}
