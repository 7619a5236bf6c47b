// Deciding on findings in the page. Choices are kept in this browser, ids and choices only, until they are saved as a file
// that `claims-audit review import` takes. Without it the page reads as it stands.
"use strict";
const controls = document.getElementById("decide"); // the template of a finding's choices
const rows = new Map([...document.querySelectorAll("table.examples tr[id^='row-']")].map((row) => [row.id.slice(4), row]));
const words = new Set([...controls.content.querySelectorAll("option")].map((option) => option.value));
const prefix = `claims-audit ${controls.dataset.run} `; // every page from disk shares one store, so keys hold the run
const COLUMNS = ["finding_id", "disposition", "amount", "refunded_on", "reviewer", "reviewed_on", "note"];
const UNCLEAR = "?"; // stands for an amount that is none: what was typed is kept nowhere
const ID = /^[0-9a-z]{16}$/; // a finding's id, here or on another page of the run

// A choice: {disposition, amount, reviewed_on, saved}; disposition "" is one that was taken back after it had been saved.
// Those of the run's other pages are among them where the browser shows them to this one: a file holds all that were made.
const choices = new Map();
let kept = true; // false once the browser refuses to keep what is chosen

const isChoice = (key) => key.startsWith(prefix) && ID.test(key.slice(prefix.length));

function read(text) {
  try {
    const { disposition, amount, reviewed_on, saved } = JSON.parse(text);
    const sound = words.has(disposition) && /^(\d+\.\d\d|\?)?$/.test(amount) && /^\d{4}-\d\d-\d\d$/.test(reviewed_on);
    return sound ? { disposition, amount, reviewed_on, saved: saved === true } : null;
  } catch {
    return null; // another program's, or damaged
  }
}

function load() {
  try {
    localStorage.setItem(prefix, ""); // asks whether it may write, before anything is lost
    localStorage.removeItem(prefix);
    for (const key of Object.keys(localStorage).filter(isChoice)) take(key.slice(prefix.length), localStorage.getItem(key));
  } catch {
    kept = false;
  }
}

function take(id, text) {
  const choice = read(text);
  if (choice) choices.set(id, choice);
  else choices.delete(id);
}

function keep(id, choice) {
  if (choice) choices.set(id, choice);
  else choices.delete(id);
  try {
    if (choice) localStorage.setItem(prefix + id, JSON.stringify(choice));
    else localStorage.removeItem(prefix + id);
  } catch {
    kept = false;
  }
}

const pad = (number) => String(number).padStart(2, "0");
const today = () => {
  const now = new Date();
  return `${now.getFullYear()}-${pad(now.getMonth() + 1)}-${pad(now.getDate())}`;
};

// Dollars as the file has them: "$1,250.5" -> "1250.50"; UNCLEAR where it is no amount, or more than the finding's.
function dollars(text, most) {
  const plain = text.trim();
  if (plain === "") return "";
  if (!/^\$?\s?(\d{1,9}|\d{1,3}(,\d{3}){1,2})(\.\d{1,2})?$/.test(plain)) return UNCLEAR;
  const cents = Math.round(Number(plain.replace(/[$,\s]/g, "")) * 100);
  return cents > Math.round(most * 100) ? UNCLEAR : (cents / 100).toFixed(2);
}

const potential = (id) => Number(rows.get(id).cells[rows.get(id).cells.length - 1].dataset.order || 0);

function decide(id, disposition, typed) {
  const before = choices.get(id);
  if (disposition === "") {
    const known = before && (before.saved || before.disposition === "");
    keep(id, known ? { disposition: "", amount: "", reviewed_on: today(), saved: false } : null);
  } else {
    const amount = disposition === "confirm" ? dollars(typed, potential(id)) : "";
    keep(id, { disposition, amount, reviewed_on: today(), saved: false });
  }
  show(id);
  tell();
}

// The choices of a finding, made where they are first seen: a page of thousands of findings opens without them.
function offer(id, place, name) {
  const group = controls.content.firstElementChild.cloneNode(true);
  group.dataset.finding = id;
  group.setAttribute("aria-label", `Decision on ${name}`);
  group.querySelector(".most").textContent = potential(id).toFixed(2);
  place.append(group);
  show(id, group);
}

const groups = (id) => document.querySelectorAll(`.decide[data-finding="${CSS.escape(id)}"]`);

function show(id, only) {
  const { disposition = "", amount = "" } = choices.get(id) ?? {};
  for (const group of only ? [only] : groups(id)) {
    const [select, input] = group.querySelectorAll("select, input");
    select.value = disposition;
    if (amount !== UNCLEAR) input.value = amount;
    input.setAttribute("aria-invalid", String(amount === UNCLEAR));
    group.querySelector(".part").hidden = disposition !== "confirm" || potential(id) === 0;
    group.querySelector(".unclear").hidden = amount !== UNCLEAR;
  }
  const chosen = document.querySelector(`#finding-${CSS.escape(id)} .chosen`);
  if (chosen) chosen.textContent = disposition;
}

// textContent: innerText would lay the page out anew for each row.
const nameOf = (cell) => [...cell.querySelectorAll("span, small:not(.key)")].map((part) => part.textContent).join(" ");

function unfold(details) {
  for (const row of details.querySelectorAll("tr[id^='row-']")) {
    const place = row.querySelector("td.wide");
    if (!place.querySelector(".decide")) offer(row.id.slice(4), place, `claim ${nameOf(row.cells[0])}`);
  }
}

const bar = document.getElementById("decisions").content.firstElementChild.cloneNode(true);
const [count, warning, fault] = bar.querySelectorAll("output, .refused, .fault");
const [reviewer, saveButton, clearButton] = bar.querySelectorAll("input, button");
const many = (number, one) => `${number.toLocaleString("en")} ${one}${number === 1 ? "" : "s"}`;

function tell() {
  const all = [...choices.values()];
  const open = all.filter((choice) => !choice.saved).length;
  const [here, elsewhere] = [true, false].map((place) => decided().filter((id) => rows.has(id) === place).length);
  bar.hidden = kept && all.length === 0;
  warning.hidden = kept;
  fault.textContent = "";
  const left = open ? `${many(open, "choice")} not saved yet` : "all saved";
  const also = elsewhere ? ` here, ${elsewhere.toLocaleString("en")} on other pages of this run` : "";
  count.textContent = `${here.toLocaleString("en")} of ${many(rows.size, "finding")} decided${also}${all.length ? `, ${left}` : ""}.`;
  saveButton.disabled = clearButton.disabled = all.length === 0;
  window.removeEventListener("beforeunload", warn);
  if (open) window.addEventListener("beforeunload", warn);
}

// Ids of the findings decided, those of this page first and in its order.
const decided = () =>
  [...rows.keys(), ...[...choices.keys()].filter((id) => !rows.has(id)).sort()].filter((id) => choices.get(id)?.disposition);

function warn(event) {
  event.preventDefault();
}

function save() {
  const unclear = [...choices].filter(([, choice]) => choice.amount === UNCLEAR).map(([id]) => id);
  if (unclear.length) {
    const here = unclear.find((id) => rows.has(id));
    const where = here ? "" : " on other pages of this run";
    fault.textContent = `${many(unclear.length, "amount")}${where} to mend first: dollars like 12.50, no more than the finding's.`;
    if (here) reach(here);
    return;
  }
  if (!reviewer.reportValidity()) return;
  const lines = decided().map((id) => line(id, choices.get(id)));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([[COLUMNS.join(","), ...lines, ""].join("\n")], { type: "text/csv" }));
  link.download = controls.dataset.file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // some browsers read it only after they have asked where to
  for (const [id, choice] of [...choices]) keep(id, choice.disposition ? { ...choice, saved: true } : null);
  tell();
}

// No cell needs quotes: ids, words, amounts and dates are the program's, and the reviewer's pattern knows neither comma nor formula.
const line = (id, choice) => [id, choice.disposition, choice.amount, "", reviewer.value.trim(), choice.reviewed_on, ""].join(",");

function reach(id) {
  const details = rows.get(id).closest("details");
  details.open = true;
  unfold(details);
  rows.get(id).querySelector(".decide input").focus();
}

function clear() {
  if (!confirm(`Forget ${many(choices.size, "choice")} of this run in this browser? A file that was saved stays.`)) return;
  for (const id of [...choices.keys()]) {
    keep(id, null);
    show(id);
  }
  tell();
}

load();
document.body.append(bar);
for (const details of document.querySelectorAll("details.all")) {
  if (details.open) unfold(details);
  details.addEventListener("toggle", () => details.open && unfold(details));
}
for (const details of document.querySelectorAll("details.finding")) {
  const id = details.id.slice("finding-".length);
  if (!rows.has(id)) continue;
  const mark = document.createElement("span");
  mark.className = "chosen screen";
  details.querySelector("summary").append(" ", mark);
  offer(id, details, details.querySelector("summary small").textContent);
}
document.addEventListener("change", ({ target }) => {
  const group = target.closest(".decide");
  if (group) decide(group.dataset.finding, group.querySelector("select").value, group.querySelector("input").value);
});
saveButton.addEventListener("click", save);
clearButton.addEventListener("click", clear);
// Another window of this run has chosen, or (null) all was cleared. Nothing is written here: it would come back as its echo.
window.addEventListener("storage", ({ key, newValue }) => {
  for (const id of key === null ? [...choices.keys()] : [key.slice(prefix.length)]) {
    if (key !== null && !isChoice(key)) return;
    take(id, newValue);
    show(id);
  }
  tell();
});
tell();
