// The rehearsal of a season: all ticked, or none. Without this file each row is ticked for itself.
const tools = document.querySelector("[data-tick]");
if (tools) {
  tools.hidden = false;
  const boxes = document.querySelectorAll(".season [name=pick]");
  for (const [name, checked] of [["all", true], ["none", false]]) {
    tools.querySelector(`[data-tick-${name}]`).addEventListener("click", () => {
      for (const box of boxes) box.checked = checked;
    });
  }
}
