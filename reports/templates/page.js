"use strict";
(() => {
  const settings = JSON.parse(document.getElementById("settings").textContent);
  const tables = new Map();
  const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;
  const page = matchMedia("screen and (max-width: 45rem)").matches ? 10 : settings.page; // cards are tall
  const number = new Intl.NumberFormat("en-US");

  function made(tag, className, text) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  }

  function bytes(value) {
    const units = ["B", "kB", "MB", "GB", "TB"];
    let unit = 0;
    while (value >= 1000 && unit < 4) { value /= 1000; unit += 1; }
    return `${unit ? value.toFixed(1) : value} ${units[unit]}`;
  }

  function duration(seconds) {
    const parts = [];
    for (const [unit, length] of [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]]) {
      const count = Math.floor(seconds / length);
      seconds -= count * length;
      if (count || parts.length) parts.push(count ? `${count} ${unit}` : "");
    }
    return parts.slice(0, 2).filter(Boolean).join(" ") || "0 s";
  }

  const WRITTEN = {
    number: (value) => number.format(value),
    bytes,
    duration,
    seconds: (value) => `${value.toFixed(1)} s`,
    flag: (value) => (value ? "yes" : "no"),
  };

  function address(path, line) {
    if (!settings.source) return "";
    const tree = settings.trees.find((each) => path.startsWith(each.prefix)) || { name: "", prefix: "", revision: "HEAD" };
    const inside = path.slice(tree.prefix.length);
    if (!inside || inside.split("/").some((part) => part === "." || part === "..")) return "";
    const parts = (text) => text.split("/").map(encodeURIComponent).join("/");
    const values = {
      path: parts(inside), line: String(line), revision: encodeURIComponent(tree.revision), tree: parts(tree.name),
    };
    return settings.source.replace(/\{(path|line|revision|tree)\}/g, (_, name) => values[name]);
  }

  // A long name may end its line after a separator.
  function broken(node, text) {
    text.split(/(?<=[/@,])(?=.)|(?<=:)(?=[^0-9])/s).forEach((piece, index) => {
      node.append(...(index ? [document.createElement("wbr"), piece] : [piece]));
    });
    return node;
  }

  function shortened(text) {
    const values = text.split(", ");
    return values.length > 2 ? `${values.slice(0, 2).join(", ")} +${values.length - 2}` : text;
  }

  // Cells are made of nodes with text, never of markup: what they say comes from files that were scanned.
  function shown(column, value, row) {
    if (value === null || value === "") return document.createTextNode("");
    if (column.kind === "chip") {
      return made("span", `chip ${settings.tones[value.split(",")[0]] || "unknown"}`, value);
    }
    if (column.kind === "place") {
      const line = column.line === undefined ? null : row[column.line];
      const text = line === null ? value : `${value}:${line}`;
      const target = address(value, line === null ? 1 : line);
      if (!target) return broken(made("span", "code"), text);
      const link = broken(made("a", "code"), text);
      link.href = target;
      link.rel = "noopener noreferrer";
      return link;
    }
    if (column.kind === "code") return broken(document.createDocumentFragment(), value);
    return document.createTextNode(WRITTEN[column.kind] ? WRITTEN[column.kind](value) : value);
  }

  function filled(columns, index, row) {
    const cell = document.createDocumentFragment();
    cell.append(shown(columns[index], row[index], row));
    columns.forEach((column, below) => {
      if (column.beneath !== index || row[below] === "") return;
      const under = made("span", `under${column.kind === "code" ? " code" : ""}`);
      under.append(shown(column, column.many ? shortened(row[below]) : row[below], row));
      cell.append(under);
    });
    return cell;
  }

  function decoded(data) {
    const columns = data.columns.map((column) =>
      column.codes ? column.codes.map((code) => column.values[code]) : column.values);
    return Array.from({ length: data.size }, (_, row) => columns.map((values) => values[row]));
  }

  function start(section) {
    const name = section.id;
    const data = JSON.parse(document.getElementById(`data-${name}`).textContent);
    const columns = data.columns;
    const element = section.querySelector("table");
    element.tBodies[0].replaceChildren();
    const grid = new DataTable(element, {
      data: decoded(data),
      columns: columns.map((column, index) => ({
        data: index,
        name: column.name,
        visible: column.visible,
        type: column.numeric ? "num" : "string",
        className: column.className,
        orderData: column.line === undefined ? [index] : [index, column.line],
        render: DataTable.render.text(),
        createdCell: (cell, value, row) => {
          cell.dataset.label = column.title;
          cell.replaceChildren(filled(columns, index, row));
          if (cell.textContent === "") cell.classList.add("empty");
        },
      })),
      autoWidth: false,
      order: [],
      pageLength: page,
      lengthMenu: [page, 50, 200],
      layout: { topStart: null, topEnd: null, bottomStart: ["info", "pageLength"], bottomEnd: "paging" },
      language: {
        info: "_START_ to _END_ of _TOTAL_",
        infoEmpty: "none",
        infoFiltered: "(of _MAX_)",
        emptyTable: "nothing",
        zeroRecords: "no row is like that",
        lengthMenu: "_MENU_ rows a page",
      },
    });
    const state = { section, columns, grid, filters: {}, quiet: false };
    grid.search.fixed("chosen", (_, row) => matches(state, row));
    section.querySelector(".foot").remove();
    wire(state);
    tables.set(name, state);
    return state;
  }

  function matches(state, row) {
    return Object.entries(state.filters).every(([name, wanted]) => {
      const index = state.columns.findIndex((column) => column.name === name);
      const value = row[index];
      const text = typeof value === "boolean" ? (value ? "yes" : "no") : String(value === null ? "" : value);
      return text === wanted || (state.columns[index].many && text.split(", ").includes(wanted));
    });
  }

  function wire(state) {
    const { section, grid } = state;
    const search = section.querySelector("input[type=search]");
    let waiting = 0;
    search.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => { grid.search(search.value).draw(); }, 120);
    });
    for (const select of section.querySelectorAll("select[data-filter]")) {
      select.addEventListener("change", () => {
        choose(state, select.dataset.filter, select.value);
        grid.draw();
      });
    }
    // Where rows are cards there are no headers to sort by.
    section.querySelector("[data-sort]").addEventListener("change", (event) => {
      grid.order(ordered(state, event.target.value)).draw();
    });
    section.querySelector("[data-reset]").addEventListener("click", () => {
      apply(state, new URLSearchParams());
      search.focus();
    });
    section.querySelector("[data-csv]").addEventListener("click", () => { download(state); });
    const label = () => {
      section.querySelector(".dt-paging nav")?.setAttribute("aria-label", `Pages: ${section.querySelector("h2").textContent}`);
    };
    label();
    grid.on("draw", () => {
      label();
      section.querySelector("[data-sort]").value = order(state);
      if (!state.quiet) remember(state);
    });
  }

  // What DataTables calls an order, from `column` or `-column`.
  function ordered(state, said) {
    const column = state.columns.findIndex((each) => each.name === said.replace(/^-/, ""));
    return column < 0 ? [] : [[column, said.startsWith("-") ? "desc" : "asc"]];
  }

  function order(state) {
    const first = state.grid.order().find((each) => each[1]);
    return first ? `${first[1] === "desc" ? "-" : ""}${state.columns[first[0]].name}` : "";
  }

  function choose(state, name, value) {
    if (value) state.filters[name] = value; else delete state.filters[name];
  }

  // A view as a part of the address: #occurrences?format=helm&q=nginx&sort=-line&page=2
  function remember(state) {
    const { grid } = state;
    const said = new URLSearchParams(state.filters);
    if (grid.search()) said.set("q", grid.search());
    if (order(state)) said.set("sort", order(state));
    if (grid.page()) said.set("page", String(grid.page() + 1));
    const query = said.toString();
    history.replaceState(null, "", `#${state.section.id}${query ? `?${query}` : ""}`);
  }

  function apply(state, said) {
    const { section, grid } = state;
    state.filters = {};
    for (const select of section.querySelectorAll("select[data-filter]")) {
      const value = said.get(select.dataset.filter) || "";
      if (value && ![...select.options].some((option) => option.value === value)) {
        select.add(new Option(value, value)); // one that is too rare to be offered
      }
      select.value = value;
      choose(state, select.dataset.filter, value);
    }
    section.querySelector("input[type=search]").value = said.get("q") || "";
    grid.order(ordered(state, said.get("sort") || "")).search(said.get("q") || "").draw();
    const page = Number.parseInt(said.get("page"), 10) - 1;
    if (page > 0 && page < grid.page.info().pages) grid.page(page).draw(false);
  }

  function download(state) {
    const { grid, columns, section } = state;
    const cell = (value) => {
      const text = value === null ? "" : String(value);
      const guarded = typeof value === "string" && FORMULA.test(text) ? `'${text}` : text;
      return /[",\r\n]/.test(guarded) ? `"${guarded.replace(/"/g, '""')}"` : guarded;
    };
    const lines = [columns.map((column) => cell(column.name))];
    grid.rows({ search: "applied", order: "applied" }).data().each((row) => { lines.push(row.map(cell)); });
    const blob = new Blob([lines.map((line) => `${line.join(",")}\n`).join("")], { type: "text/csv;charset=utf-8" });
    const link = made("a");
    link.href = URL.createObjectURL(blob);
    link.download = `${section.id}.csv`;
    link.click();
    setTimeout(() => { URL.revokeObjectURL(link.href); }, 10000);
  }

  // A table of many rows is read when somebody comes near it.
  const near = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (entry.isIntersecting && !tables.has(entry.target.id)) {
        near.unobserve(entry.target);
        start(entry.target);
      }
    }
  }, { rootMargin: "600px" });

  function follow() {
    const [name, query] = location.hash.slice(1).split(/\?(.*)/s);
    const section = document.getElementById(name);
    if (!section || !section.matches("[data-grid]")) return;
    if (query === undefined) { section.scrollIntoView(); return; }
    const state = tables.get(name) || start(section);
    near.unobserve(section);
    state.quiet = true;
    apply(state, new URLSearchParams(query));
    state.quiet = false;
    section.querySelector(".tools").scrollIntoView({ block: "start" });
  }

  function theme() {
    const root = document.documentElement;
    const button = document.querySelector(".theme");
    const system = matchMedia("(prefers-color-scheme: dark)");
    const dark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
    const label = () => { button.textContent = dark() ? "Light" : "Dark"; };
    button.addEventListener("click", () => {
      root.dataset.theme = dark() ? "light" : "dark";
      try { localStorage.setItem("hub2ar-theme", root.dataset.theme); } catch { /* then it is for this visit */ }
      label();
    });
    system.addEventListener("change", label);
    label();
  }

  function sections() {
    const links = new Map([...document.querySelectorAll(".bar a")].map((link) => [link.hash.slice(1), link]));
    const seen = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        for (const link of links.values()) link.removeAttribute("aria-current");
        links.get(entry.target.id)?.setAttribute("aria-current", "true");
      }
    }, { rootMargin: "-15% 0px -80% 0px" });
    for (const name of links.keys()) seen.observe(document.getElementById(name));
  }

  function printing() {
    addEventListener("beforeprint", () => {
      for (const section of document.querySelectorAll("[data-grid]")) {
        const { grid } = tables.get(section.id) || start(section);
        tables.get(section.id).quiet = true;
        grid.page.len(settings.print).draw();
      }
    });
    addEventListener("afterprint", () => {
      for (const state of tables.values()) {
        state.grid.page.len(page).draw();
        state.quiet = false;
      }
    });
  }

  for (const section of document.querySelectorAll("[data-grid]")) near.observe(section);
  theme();
  sections();
  printing();
  addEventListener("hashchange", follow);
  follow();
})();
