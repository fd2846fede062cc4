// Passkeys: the browser asks the device, and its answer goes back in the form's hidden field. What cannot work here
// keeps its sentence that says so; what can shows its button.

const toBytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const toText = (bytes) =>
  bytes &&
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

const inBytes = (list) => (list || []).map((one) => ({ ...one, id: toBytes(one.id) }));

// A new key. One that opens the account alone is kept on the device and locked by it.
async function create({ publicKey }, form) {
  const alone = form.elements.passwordless?.checked;
  const options = {
    ...publicKey,
    challenge: toBytes(publicKey.challenge),
    user: { ...publicKey.user, id: toBytes(publicKey.user.id) },
    excludeCredentials: inBytes(publicKey.excludeCredentials),
    authenticatorSelection: {
      ...publicKey.authenticatorSelection,
      residentKey: alone ? "required" : "discouraged",
      requireResidentKey: Boolean(alone),
      ...(alone && { userVerification: "required" }),
    },
  };
  const made = await navigator.credentials.create({ publicKey: options });
  return said(made, {
    attestationObject: toText(made.response.attestationObject),
    transports: made.response.getTransports?.() || [],
  });
}

async function get({ publicKey }) {
  const options = {
    ...publicKey,
    challenge: toBytes(publicKey.challenge),
    allowCredentials: inBytes(publicKey.allowCredentials),
  };
  const given = await navigator.credentials.get({ publicKey: options });
  return said(given, {
    authenticatorData: toText(given.response.authenticatorData),
    signature: toText(given.response.signature),
    userHandle: toText(given.response.userHandle),
  });
}

function said(credential, response) {
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? null,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: { clientDataJSON: toText(credential.response.clientDataJSON), ...response },
  };
}

// On the sign-in page nothing is asked of the portal until somebody wants it.
async function optionsOf(form) {
  const data = document.getElementById("js_data");
  if (data) return JSON.parse(data.textContent);
  const response = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`passkey options: ${response.status}`);
  return response.json();
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential || !navigator.credentials) continue;
  const button = form.querySelector("[data-passkey-button]");
  const trouble = form.querySelector("[data-passkey-trouble]");
  form.querySelector("[data-passkey-missing]")?.remove();
  button.hidden = false;
  const place = form.closest("[data-passkey-place]");
  if (place) place.hidden = false;
  // Enter in the key's name is a press of the button.
  form.addEventListener("submit", (event) => {
    if (form.elements.credential.value) return;
    event.preventDefault();
    button.click();
  });
  button.addEventListener("click", async () => {
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    trouble.textContent = "";
    try {
      const options = await optionsOf(form);
      const asked = options.creation_options ? create(options.creation_options, form) : get(options.request_options);
      form.elements.credential.value = JSON.stringify(await asked);
      form.submit();
    } catch (error) {
      // The device's own window was closed, waited too long, or knows no such key: the browser tells no more.
      button.removeAttribute("aria-busy");
      const isKnown = error.name === "InvalidStateError" && form.dataset.known;
      trouble.textContent = isKnown || form.dataset.trouble;
    }
  });
}
