// A district found by typing, over the plain select (WAI-ARIA Authoring Practices: editable combobox with list).
// The select stays what is sent; the field leads it.

const MOST = 30; // options shown at once: more are no help on a phone
const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();

for (const select of document.querySelectorAll("select[data-hint]")) enhance(select);

function enhance(select) {
  const options = [...select.options].filter((one) => one.value).map((one) => {
    const group = one.parentElement.label;
    const name = group ? `${one.text} (${group})` : one.text;
    return { value: one.value, name, key: plain(name) };
  });
  const id = select.id;
  const field = Object.assign(document.createElement("input"), { type: "text", id, name: `${select.name}-typed`, className: "govuk-input", autocomplete: "off", spellcheck: false });
  const list = Object.assign(document.createElement("ul"), { id: `${id}-list`, className: "request-finder__list", hidden: true });
  const status = Object.assign(document.createElement("div"), { className: "govuk-visually-hidden" });
  const hint = Object.assign(document.createElement("div"), { id: `${id}-how`, className: "govuk-hint", textContent: select.dataset.hint });
  const box = Object.assign(document.createElement("div"), { className: "request-finder" });
  status.setAttribute("role", "status");
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", document.querySelector(`label[for="${id}"]`).textContent.trim());
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list",
    "aria-describedby": `${select.getAttribute("aria-describedby")} ${hint.id}`,
  })) field.setAttribute(name, value);
  if (select.closest(".govuk-form-group--error")) {
    field.classList.add("govuk-input--error");
    field.setAttribute("aria-invalid", "true");
  }
  field.value = options.find((one) => one.value === select.value)?.name ?? select.dataset.typed;
  select.id = `${id}-select`;
  select.hidden = true;
  box.append(field, list, status);
  select.before(hint, box);

  let shown = [];
  let active = -1;

  const matching = () => {
    const words = plain(field.value).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
    if (!words.length) return [];
    const found = options.filter((one) => words.every((word) => one.key.includes(word)));
    const rank = (one) => (one.key.startsWith(words[0]) ? 0 : one.key.includes(` ${words[0]}`) ? 1 : 2);
    return found.sort((a, b) => rank(a) - rank(b)).slice(0, MOST);
  };
  const close = () => {
    list.hidden = true;
    active = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };
  const open = () => {
    shown = matching();
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
    const words = shown.length ? select.dataset.found.replace("{count}", shown.length) : select.dataset.none;
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
    else select.value = "";
    close();
  };

  field.addEventListener("input", open);
  field.addEventListener("blur", settle);
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") move(active + 1);
    else if (event.key === "ArrowUp") move(active < 0 ? -1 : active - 1);
    else if (event.key === "Escape" && !list.hidden) close();
    else if (event.key === "Enter" && active >= 0) choose(shown[active]);
    else return;
    event.preventDefault();
  });
  select.form.addEventListener("submit", settle, { capture: true });
}
