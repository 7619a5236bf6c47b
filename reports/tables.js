// Sorting, searching and filtering of the tables that ask for it. Without it every table reads as it stands.
"use strict";
const key = (cell) => cell?.dataset.order ?? cell?.querySelector("span, a")?.textContent.trim() ?? "";
const amount = (text) => {
  const digits = text.replace("\u2212", "-").replace(/[^0-9.-]/g, "");
  return digits === "" ? -Infinity : Number(digits);
};

function sortBy(table, index, heading) {
  const body = table.tBodies[0];
  const numeric = heading.classList.contains("number");
  const compare = numeric
    ? (a, b) => amount(key(a.cells[index])) - amount(key(b.cells[index]))
    : (a, b) => key(a.cells[index]).localeCompare(key(b.cells[index]), "en", { numeric: true });
  const now = heading.getAttribute("aria-sort");
  const falling = numeric ? now !== "descending" : now === "ascending"; // figures fall first, words rise first
  const rows = [...body.rows].sort((a, b) => (falling ? -compare(a, b) : compare(a, b)));
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", falling ? "descending" : "ascending");
  body.append(...rows);
}

function addSorting(table) {
  [...table.tHead.rows[0].cells].forEach((heading, index) => {
    const button = document.createElement("button");
    button.type = "button";
    const printed = document.createElement("span"); // browsers leave controls out of heads that paper repeats
    printed.className = "paper";
    button.textContent = printed.textContent = heading.textContent;
    button.addEventListener("click", () => sortBy(table, index, heading));
    heading.replaceChildren(button, printed);
  });
}

function addSearch(table) {
  const bar = document.createElement("div");
  bar.className = "search-bar";
  const label = document.createElement("label");
  label.append("Search this table ");
  const box = document.createElement("input");
  box.type = "search";
  label.append(box);
  const said = document.createElement("output");
  bar.append(label);
  const menus = [...table.tHead.rows[0].cells].flatMap((heading, index) => (heading.dataset.filter ? [menuFor(table, heading, index)] : []));
  menus.forEach((menu) => bar.append(menu.label));
  bar.append(said);
  const rows = [...table.tBodies[0].rows];
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const apply = () => {
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, at) => {
      const fits = words.every((word) => texts[at].includes(word))
        && menus.every((menu) => menu.select.value === "" || key(row.cells[menu.index]) === menu.select.value);
      row.hidden = !fits;
      shown += fits ? 1 : 0;
    });
    said.textContent = shown === rows.length ? "" : `${shown} of ${rows.length} rows`;
  };
  box.addEventListener("input", apply);
  menus.forEach((menu) => menu.select.addEventListener("change", apply));
  table.closest(".table-frame").before(bar);
}

function menuFor(table, heading, index) {
  const label = document.createElement("label");
  label.append((heading.querySelector("button") ?? heading).textContent.trim() + " ");
  const select = document.createElement("select");
  const values = [...new Set([...table.tBodies[0].rows].map((row) => key(row.cells[index])))].sort();
  select.append(new Option("all", ""), ...values.map((value) => new Option(value || "(blank)", value)));
  label.append(select);
  return { label, select, index };
}

for (const table of document.querySelectorAll("table.search")) {
  addSearch(table);
  addSorting(table);
}
const contents = document.querySelector(".contents > details");
if (contents && matchMedia("(min-width: 1270px)").matches) contents.open = true;
