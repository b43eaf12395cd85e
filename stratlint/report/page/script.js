(() => {
  "use strict";
  const root = document.documentElement;
  const $ = (id) => document.getElementById(id);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const wide = window.matchMedia("(min-width: 64.01rem)");
  const marks = all(".doc a[href^='#']");
  const findings = all(".f");
  const bar = $("bar"), where = $("where");
  root.classList.add("js");
  bar.hidden = $("keys").hidden = false;

  // On a phone the filters and the computations are a tap away; where there is room all is open.
  const folded = [$("filters"), ...all(".f .how")];
  const unfold = () => {
    for (const each of folded) each.open = wide.matches;
    root.style.setProperty("--bar", `${bar.offsetHeight}px`);
  };
  wide.addEventListener("change", unfold);
  window.addEventListener("resize", () => root.style.setProperty("--bar", `${bar.offsetHeight}px`));
  unfold();

  const targetOf = (link) => {
    const href = link.getAttribute("href");
    return href && href[0] === "#" ? $(href.slice(1)) : null;
  };
  const letterOf = (mark) => mark.className[0];

  // The stepper follows the document: one stop a finding, at its first mark that is not filtered out.
  let stops = [], current = -1;
  const marksOf = new Map();
  for (const mark of marks) {
    const id = mark.getAttribute("href").slice(1);
    if (!marksOf.has(id)) marksOf.set(id, []);
    marksOf.get(id).push(mark);
  }
  const mainMark = (card) => {
    const back = card.querySelector("h4 > a[href^='#']:last-child");
    const place = back && targetOf(back);
    const own = marksOf.get(card.id) || [];
    if (place && place.matches("a") ) return place;
    return own.find((mark) => place && place.contains(mark)) || own.find((mark) => mark.className[0] !== "p") || place;
  };
  const order = (a, b) => (a.mark.compareDocumentPosition(b.mark) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1);
  const allStops = findings.map((card) => ({ card, mark: mainMark(card) })).filter((stop) => stop.mark).sort(order);

  const showWhere = () => {
    const total = stops.length;
    const label = document.createElement("i");
    label.textContent = total === 1 ? " finding" : " findings";
    where.replaceChildren(current < 0 ? `${total}` : `${current + 1} of ${total}`, label);
  };

  // Filters.
  const boxes = all("input[name=status]", bar);
  const selects = Object.fromEntries(all("select", bar).map((each) => [each.name, each]));
  const passes = (entry, letter) => {
    if (selects.view?.value && entry?.dataset.u === undefined) return false;
    if (boxes.find((box) => box.value === letter)?.checked === false) return false;
    if (selects.severity.value && entry?.dataset.v !== selects.severity.value) return false;
    if (selects.reader?.value && entry?.dataset.by !== selects.reader.value) return false;
    return !selects.rule.value || entry?.dataset.r === selects.rule.value;
  };
  const filter = () => {
    const shown = new Map();
    for (const entry of all(".f, .side .num li")) {
      const letter = entry.dataset.s || "n";
      shown.set(entry.id, passes(entry, letter));
      entry.hidden = !shown.get(entry.id);
    }
    for (const mark of marks) mark.classList.toggle("off", shown.get(mark.getAttribute("href").slice(1)) === false);
    for (const list of all(".rest details, .rest section, .found section")) list.hidden = !list.querySelector("li:not([hidden])");
    root.classList.toggle("unknown", Boolean(selects.view?.value));
    const changed = boxes.some((box) => !box.checked) || Object.values(selects).some((each) => each.value);
    $("filters").classList.toggle("on", changed);
    const on = current >= 0 ? stops[current] : null;
    stops = allStops.filter((stop) => shown.get(stop.card.id));
    current = stops.indexOf(on);
    $("prev").disabled = $("next").disabled = !stops.length;
    hide();
    showWhere();
  };
  bar.addEventListener("change", filter);

  // What shows at a mark.
  const pop = document.createElement("div");
  pop.className = "pop";
  pop.id = "pop";
  pop.hidden = true;
  pop.setAttribute("role", "dialog");
  pop.setAttribute("aria-label", "derivation");
  document.body.append(pop);
  let owner = null, timer = 0;

  const lit = [];
  const light = (entry) => {
    while (lit.length) lit.pop().classList.remove("hit");
    if (!entry || !entry.matches(".f")) return;
    for (const link of all("a[href^='#']", entry)) {
      const place = targetOf(link);
      if (place) { place.classList.add("hit"); lit.push(place); }
    }
  };
  const reveal = (entry) => {
    const side = entry && entry.closest(".side");
    if (!side) return;
    const top = Math.max(side.getBoundingClientRect().top, bar.getBoundingClientRect().bottom);
    side.scrollTop += entry.getBoundingClientRect().top - top - 40;
  };
  const hide = () => {
    clearTimeout(timer);
    if (pop.hidden) return;
    pop.hidden = true;
    pop.replaceChildren();
    owner = null;
    light(null);
  };
  const fill = (mark, entry, pinned) => {
    const close = document.createElement("button");
    close.type = "button";
    close.className = "x";
    close.textContent = "✕";
    close.setAttribute("aria-label", "close");
    close.addEventListener("click", () => dismiss());
    const copy = document.createElement("div");
    copy.className = entry.className;
    copy.append(...[...entry.cloneNode(true).childNodes]);
    for (const each of all("[id]", copy)) each.removeAttribute("id");
    for (const each of all("details", copy)) each.open = true;
    pop.replaceChildren(close);
    if (!entry.matches(".f")) {
      const status = document.createElement("p");
      const reason = entry.closest("details")?.querySelector("summary");
      status.className = `st key ${letterOf(mark)}`;
      status.textContent = (entry.dataset.u === undefined ? $(`s${letterOf(mark)}`).textContent : "not understood") + (reason ? `: ${reason.firstChild.textContent.trim()}` : "");
      pop.append(status);
    }
    pop.append(copy);
    pop.classList.toggle("pin", pinned);
  };
  const show = (mark, pinned) => {
    const entry = targetOf(mark);
    if (!entry || mark.classList.contains("off")) return;
    clearTimeout(timer);
    owner = mark;
    fill(mark, entry, pinned);
    pop.hidden = false;
    light(entry);
    const at = mark.getClientRects()[0] || mark.getBoundingClientRect();
    const box = pop.getBoundingClientRect();
    const below = at.bottom + 8 + box.height <= window.innerHeight || at.top < box.height + 8;
    pop.style.top = `${Math.max(4, below ? at.bottom + 8 : at.top - box.height - 8)}px`;
    pop.style.left = `${Math.max(8, Math.min(at.left - 12, root.clientWidth - box.width - 8))}px`;
  };
  const dismiss = () => {
    const back = owner;
    hide();
    if (back) { quiet = true; back.focus({ preventScroll: true }); quiet = false; }
  };

  let quiet = false;
  const markAt = (event) => (event.target instanceof Element ? event.target.closest(".doc a[href^='#']") : null);
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse" || (!pop.hidden && pop.classList.contains("pin"))) return;
    const mark = markAt(event);
    clearTimeout(timer);
    if (mark && mark !== owner) timer = setTimeout(() => show(mark, false), 140);
    else if (!mark && !pop.contains(event.target)) timer = setTimeout(hide, 220);
  });
  document.addEventListener("focusin", (event) => {
    const mark = markAt(event);
    if (mark && !quiet && mark.matches(":focus-visible")) show(mark, false);
    else if (!mark && !pop.contains(event.target)) hide();
  });
  document.addEventListener("click", (event) => {
    const mark = markAt(event);
    if (mark && !wide.matches && event.detail > 0) {
      event.preventDefault();
      show(mark, true);
      return;
    }
    if (mark && wide.matches) {
      // The browser brings the card to the top of the window; the reader's place in the text matters more.
      const place = window.scrollY, entry = targetOf(mark);
      hide();
      light(entry);
      setTimeout(() => { window.scrollTo(0, place); reveal(entry); });
      return;
    }
    const link = event.target instanceof Element ? event.target.closest("a[href^='#']") : null;
    if (link || !pop.contains(event.target)) hide();
  });
  window.addEventListener("scroll", () => { if (!pop.hidden && !pop.classList.contains("pin") && owner !== document.activeElement) hide(); }, { passive: true });

  // Keys.
  const step = (by) => {
    if (!stops.length) return;
    current = current < 0 ? (by > 0 ? 0 : stops.length - 1) : (current + by + stops.length) % stops.length;
    const { card, mark } = stops[current];
    if (!mark.hasAttribute("href")) mark.tabIndex = -1;
    mark.scrollIntoView({ block: "center", behavior: "instant" });
    quiet = true;
    mark.focus({ preventScroll: true });
    quiet = false;
    if (wide.matches) {
      hide();
      reveal(card);
      light(card);
    } else show(mark, false);
    showWhere();
  };
  $("next").addEventListener("click", () => step(1));
  $("prev").addEventListener("click", () => step(-1));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("select, input, textarea") && event.key !== "Escape") return;
    if (event.key === "n") step(1);
    else if (event.key === "p") step(-1);
    else if (event.key === "Escape") escape(event.target);
  });
  const escape = (from) => {
    if (!pop.hidden) { dismiss(); return; }
    const entry = from.closest(".f, .side li") || (location.hash && $(location.hash.slice(1))?.closest(".f, .side li"));
    const mark = entry && (marksOf.get(entry.id) || [])[0];
    light(null);
    if (mark) { quiet = true; mark.focus(); quiet = false; }
  };

  // On paper everything is open.
  window.addEventListener("beforeprint", () => { hide(); for (const each of all("details")) each.open = true; });
  window.addEventListener("afterprint", unfold);
  filter();
})();
