// The nearest village by the browser's own position: an extra beside the list, never needed. The position stays here.
for (const button of document.querySelectorAll("button[data-locate]")) {
  const select = document.getElementById(button.dataset.locate);
  if (!select || !("geolocation" in navigator)) continue;
  button.hidden = false;
  button.addEventListener("click", () => {
    button.setAttribute("aria-busy", "true");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        button.removeAttribute("aria-busy");
        const squeeze = Math.cos((coords.latitude * Math.PI) / 180);
        let nearest = null;
        let least = Infinity;
        for (const option of select.querySelectorAll("option[data-at]")) {
          const [lat, lon] = option.dataset.at.split(",").map(Number);
          const away = Math.hypot(lat - coords.latitude, (lon - coords.longitude) * squeeze);
          if (away < least) [nearest, least] = [option, away];
        }
        if (!nearest) return;
        select.value = nearest.value;
        select.focus();
        select.dispatchEvent(new Event("input", { bubbles: true }));
      },
      () => {
        // Refused or not known: the list is still there.
        button.hidden = true;
        select.focus();
      },
      { maximumAge: 600000, timeout: 8000 },
    );
  });
}
