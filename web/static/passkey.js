// Passkeys: the part that only a browser can do. Without this file codes sign in.
"use strict";

(() => {
  const part = document.getElementById("passkey");
  const api = globalThis.PublicKeyCredential;
  if (!part || !api?.parseRequestOptionsFromJSON || !navigator.credentials) return;
  const form = part.closest("form");
  const said = document.getElementById("passkey-said");
  const creates = part.dataset.does === "create";

  // What the page says where this does not work makes room for what does.
  document.getElementById("passkey-none").hidden = true;
  part.hidden = false;

  const ask = (options) =>
    creates
      ? navigator.credentials.create({ publicKey: api.parseCreationOptionsFromJSON(options) })
      : navigator.credentials.get({ publicKey: api.parseRequestOptionsFromJSON(options) });

  const use = async () => {
    said.textContent = "";
    try {
      const passkey = await ask(JSON.parse(part.dataset.options));
      form.elements.passkey.value = JSON.stringify(passkey.toJSON());
      form.submit();
    } catch (error) {
      said.textContent = error.name === "InvalidStateError" ? part.dataset.known : part.dataset.failed;
    }
  };

  if (creates) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      use();
    });
  } else {
    part.querySelector("button").addEventListener("click", use);
  }
})();
