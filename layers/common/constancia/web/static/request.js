// What helps on the pages of a request. All of them work without it.

// The summary of what is wrong is what has to be read first.
document.querySelector("[data-focus]")?.focus();

// A form that is on its way is not sent again. Coming back to the page frees it.
for (const form of document.querySelectorAll("form")) {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
    setTimeout(() => { sent = false; }, 8000); // the line may have been lost; sent twice it is still one request
  });
  addEventListener("pageshow", () => { sent = false; });
}

// "Otros" asks for words; any other reason does not.
const other = document.querySelector("[data-with-other]");
if (other) {
  const reasons = [...document.querySelectorAll('input[name="reason.code"]')];
  const show = () => other.classList.toggle("request-quiet", !reasons.some((one) => one.checked && one.value === "OTHER"));
  for (const one of reasons) one.addEventListener("change", show);
  show();
}

// How many characters are left.
for (const count of document.querySelectorAll("[data-count]")) {
  const field = document.getElementById(count.dataset.count);
  const tell = () => {
    const left = Number(count.dataset.limit) - [...field.value.trim()].length;
    count.textContent = count.dataset.words.replace("{count}", left);
  };
  field.addEventListener("input", tell);
  tell();
}

// While the certificate is made, ask for it; the page itself has the answer in words.
const waiting = document.querySelector("[data-poll]");
if (waiting) {
  // The page renews itself where this script never came (the header Refresh); here it would only interrupt who listens.
  const take = () => stop();
  if (document.readyState === "complete") take();
  else addEventListener("load", take);
  let pause = 1000;
  let next;
  const wait = () => {
    clearTimeout(next);
    if (!document.hidden) next = setTimeout(ask, pause); // nobody looks: it can wait until somebody does
  };
  const ask = async () => {
    try {
      const answer = await fetch(waiting.dataset.poll, { headers: { Accept: "application/json" } });
      const gone = answer.status === 404 || answer.status === 410;
      if (gone || (answer.ok && (await answer.json()).state !== "PENDING")) return location.reload();
    } catch { /* the line is poor: ask again */ }
    pause = Math.min(pause * 1.5, 10000);
    wait();
  };
  document.addEventListener("visibilitychange", () => { pause = 1000; wait(); });
  wait();
}

// Copy the code.
for (const copy of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  copy.hidden = false;
  const done = copy.querySelector("[data-done]");
  copy.querySelector("button").addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(copy.dataset.copy).textContent);
    done.textContent = done.dataset.done;
  });
}
