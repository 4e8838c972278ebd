// A district found by typing, over the plain select (WAI-ARIA Authoring Practices: editable combobox with list).
// The select stays what is sent; the field leads it.

const MOST = 30; // options shown at once: more are no help on a phone
const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();

for (const select of document.querySelectorAll("select[data-hint]")) enhance(select);

function enhance(select) {
  const options = [...select.options].filter((one) => one.value).map((one) => {
    const group = one.parentElement.label;
    const name = group ? `${one.text} (${group})` : one.text;
    return { value: one.value, name, key: plain(name), own: plain(name).replace(/ \(.*/, "") };
  });
  const id = select.id;
  const field = Object.assign(document.createElement("input"), { type: "text", id, name: `${select.name}-typed`, className: "govuk-input", autocomplete: "off", spellcheck: false });
  const list = Object.assign(document.createElement("ul"), { id: `${id}-list`, className: "request-finder__list", hidden: true });
  const status = Object.assign(document.createElement("p"), { className: "request-finder__status" });
  document.querySelector("[data-how]").textContent = select.dataset.hint;
  const box = Object.assign(document.createElement("div"), { className: "request-finder" });
  status.setAttribute("role", "status");
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", document.querySelector(`label[for="${id}"]`).textContent.trim());
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list",
    "aria-describedby": select.getAttribute("aria-describedby"),
  })) field.setAttribute(name, value);
  if (select.closest(".govuk-form-group--error")) {
    field.classList.add("govuk-input--error");
    field.setAttribute("aria-invalid", "true");
  }
  field.value = options.find((one) => one.value === select.value)?.name ?? select.dataset.typed;
  select.id = `${id}-select`;
  select.hidden = true;
  box.append(field, status, list);
  select.before(box);

  let shown = [];
  let all = 0;
  let active = -1;
  let pressed = false;

  // First who is called so, then who begins so, then whose province or department does.
  const matching = () => {
    const words = plain(field.value).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
    if (!words.length) return [];
    const found = options.filter((one) => words.every((word) => one.key.includes(word)));
    const typed = words.join(" ");
    const rank = (one) => [one.own === typed, one.own.startsWith(typed), one.own.startsWith(words[0]), one.own.includes(words[0])].findIndex(Boolean);
    return found.map((one) => [rank(one) < 0 ? 9 : rank(one), one]).sort((a, b) => a[0] - b[0]).map(([, one]) => one);
  };
  const close = () => {
    list.hidden = true;
    active = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };
  const open = () => {
    const found = matching();
    all = found.length;
    shown = found.slice(0, MOST);
    list.replaceChildren(...shown.map((one, place) => {
      const item = Object.assign(document.createElement("li"), { id: `${list.id}-${place}`, className: "request-finder__option", textContent: one.name });
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
      item.addEventListener("click", () => choose(one));
      return item;
    }));
    active = -1;
    field.removeAttribute("aria-activedescendant");
    list.hidden = !shown.length;
    field.setAttribute("aria-expanded", String(Boolean(shown.length)));
    // On a small screen the list would open below its edge.
    if (shown.length && list.getBoundingClientRect().bottom > innerHeight) field.scrollIntoView({ block: "start" });
    const counted = all > MOST ? select.dataset.more : select.dataset.found;
    const words = shown.length ? counted.replace("{count}", Math.min(all, MOST)) : select.dataset.none;
    status.textContent = field.value.trim() ? words : "";
  };
  const choose = (one) => {
    field.value = one.name;
    select.value = one.value;
    status.textContent = "";
    close();
  };
  const move = (to) => {
    if (list.hidden) open();
    if (!shown.length) return;
    active = (to + shown.length) % shown.length;
    for (const [place, item] of [...list.children].entries()) item.setAttribute("aria-selected", String(place === active));
    list.children[active].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", list.children[active].id);
  };
  // What is typed means a district when it is its name, or when no other one is left.
  const settle = () => {
    const typed = plain(field.value.trim());
    const exact = options.find((one) => one.key === typed);
    const left = exact ? [exact] : matching();
    if (left.length === 1) choose(left[0]);
    else {
      select.value = "";
      if (left.length) status.textContent = select.dataset.choose;
    }
    // The list stands above the button: if it went while the button is being pressed, the press would miss.
    if (!pressed) close();
  };
  addEventListener("pointerdown", () => { pressed = true; }, { capture: true });
  for (const end of ["pointerup", "pointercancel"]) {
    addEventListener(end, () => {
      pressed = false;
      setTimeout(() => { if (document.activeElement !== field) close(); }, 100);
    }, { capture: true });
  }

  field.addEventListener("input", open);
  field.addEventListener("blur", settle);
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") move(active + 1);
    else if (event.key === "ArrowUp") move(active < 0 ? -1 : active - 1);
    else if (event.key === "Tab") {
      if (active >= 0) choose(shown[active]); // and the focus goes on
      return;
    } else if (event.key === "Escape" && !list.hidden) close();
    else if (event.key === "Enter" && active >= 0) choose(shown[active]);
    else return;
    event.preventDefault();
  });
  select.form.addEventListener("submit", settle, { capture: true });
}
