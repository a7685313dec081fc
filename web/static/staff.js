// What the staff pages do beyond their forms; each works without this file.
"use strict";

(() => {
  const minute = 60_000;

  // A mistake is read first.
  document.getElementById("fault")?.focus();

  // What stands on a page from the start is told by no screen reader: what was saved is said anew.
  for (const saved of document.querySelectorAll(".saved")) {
    setTimeout(() => { saved.textContent = saved.textContent; }, 300);
  }

  // The panel shows what an answer would lead to, before it is sent.
  const question = document.querySelector("[data-question]");
  if (question) {
    const now = document.querySelector(".panel-now");
    const said = document.getElementById("panel-said");
    const show = (input) => {
      const chosen = document.getElementById(input.dataset.panel);
      for (const part of document.querySelectorAll(".panel-if")) {
        part.classList.toggle("shown", part === chosen);
      }
      now?.classList.toggle("replaced", Boolean(chosen));
      const lines = chosen ? [...chosen.querySelectorAll("li")] : [];
      const words = lines.map((line) => {
        const act = line.querySelector(".act")?.textContent.trim();
        return `${act}: ${line.querySelector(".badge")?.textContent.trim()}`;
      });
      if (said) said.textContent = words.join(". ");
    };
    const radios = [...question.querySelectorAll("input[type=radio][data-panel]")];
    for (const radio of radios) {
      radio.addEventListener("change", () => show(radio));
    }
    // Number keys choose an answer, only while an answer has the focus.
    question.addEventListener("keydown", (event) => {
      if (!radios.includes(event.target) || event.altKey || event.ctrlKey || event.metaKey) return;
      const radio = radios[Number(event.key) - 1];
      if (radio && event.key >= "1" && event.key <= "9") {
        radio.checked = true;
        radio.focus();
        show(radio);
      }
    });
    if (!document.getElementById("fault")) {
      const first = question.querySelector("input[type=radio]:checked, input[type=radio], #answer, td input, td select");
      first?.focus({ preventScroll: true });
    }
  }

  // Text that was typed and not sent is not left behind unasked.
  let typed = false;
  for (const form of document.querySelectorAll("form.guarded")) {
    form.addEventListener("input", () => { typed = true; });
    form.addEventListener("submit", () => { typed = false; });
  }
  addEventListener("beforeunload", (event) => {
    if (typed) event.preventDefault();
  });

  // What is typed into the interview is kept at the service, encrypted, until it is sent.
  if (question) {
    let pause = 0;
    const keep = () => {
      pause = 0;
      const body = new URLSearchParams(new FormData(question));
      fetch(question.dataset.draft, { method: "POST", body, keepalive: true }).catch(() => {});
    };
    question.addEventListener("input", () => {
      clearTimeout(pause);
      pause = setTimeout(keep, 1_500);
    });
    question.addEventListener("submit", () => clearTimeout(pause));
    addEventListener("visibilitychange", () => {
      if (!pause || document.visibilityState !== "hidden") return;
      clearTimeout(pause);
      keep();
    });
  }

  // An address that is handed on is shown whole.
  for (const link of document.querySelectorAll("a[data-whole]")) link.textContent = link.href;

  // Tables can be sorted by a column.
  for (const table of document.querySelectorAll("table.sortable")) {
    const body = table.tBodies[0];
    for (const head of table.tHead.rows[0].cells) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.textContent = head.textContent;
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const up = head.getAttribute("aria-sort") !== "ascending";
        for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        const key = (row) => row.cells[head.cellIndex].textContent.trim();
        const rows = [...body.rows];
        rows.sort((one, other) => key(one).localeCompare(key(other), undefined, { numeric: true }));
        if (!up) rows.reverse();
        body.replaceChildren(...rows);
      });
    }
  }

  // Half an hour without a key or a click locks the page; the service has ended the session then.
  let last = Date.now();
  for (const kind of ["keydown", "pointerdown"]) {
    addEventListener(kind, () => { last = Date.now(); warned(false); }, { passive: true });
  }
  let note = null;
  const warned = (is) => {
    if (!is) {
      note?.remove();
      note = null;
      return;
    }
    if (note) return;
    note = document.createElement("p");
    note.className = "warning";
    note.setAttribute("role", "alert");
    note.textContent = "This page locks in 5 minutes. Press any key to stay; save what you typed.";
    document.body.append(note);
  };
  setInterval(() => {
    const idle = Date.now() - last;
    if (idle >= 30 * minute) {
      typed = false;
      location.replace(`/locked?to=${encodeURIComponent(location.pathname + location.search)}`);
    } else if (idle >= 25 * minute) {
      warned(true);
    }
  }, 5_000);
})();
