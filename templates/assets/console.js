// Keeps a page current without taking anything from its reader: what has the focus or holds unsent words stays as it is.
"use strict";

(() => {
  const main = document.getElementById("main");
  const address = main && main.dataset.events;
  if (!address || !window.EventSource || !window.DOMParser) return;

  const heard = document.getElementById("heard");
  const stale = document.getElementById("stale");
  const late = document.getElementById("late");
  const lost = document.getElementById("lost");
  // Milliseconds until a refused stream is asked for again.
  const RETRY = 15000;
  // Milliseconds that a connection may be away without a word about it: a proxy may close it now and then.
  const PATIENCE = 5000;
  // Milliseconds in which a press that moved the focus arrives where it was meant to.
  const SETTLE = 500;
  let seen = main.dataset.seen;
  let source = null;
  let newest = null;
  let fetching = false;
  let again = false;
  // News that could not be read yet.
  let overdue = false;
  let ended = false;
  let missing = null;

  const regions = (page) => new Map([...page.querySelectorAll("[data-live]")].map((region) => [region.dataset.live, region]));

  const fields = (region) => [...region.querySelectorAll("textarea, select, input:not([type=hidden])")];
  // Whether it holds words that the newest page does not: typed just now, or kept by a refusal.
  const holdsWords = (region, fresh) =>
    fields(region).some((field) => {
      const same = fields(fresh).find((other) => other.id === field.id);
      return field.value !== (same ? same.value : "");
    });
  const isBusy = (region, fresh) => holdsWords(region, fresh) || region.querySelector("details[open]") !== null;
  // What stands for it in the newest page: a link to the same place, a button that sends the same.
  const heir = (held, fresh) => {
    if (held.matches("a[href]")) return fresh.querySelector(`a[href="${CSS.escape(held.getAttribute("href"))}"]`);
    if (held.matches("button[value]")) return fresh.querySelector(`button[value="${CSS.escape(held.value)}"]`);
    return null;
  };

  // Whether it was replaced: never what somebody writes in, nor what holds a focus that would be lost.
  const replaced = (region, other) => {
    const held = region.contains(document.activeElement) ? document.activeElement : null;
    const fresh = document.importNode(other, true);
    const next = held && heir(held, fresh);
    if (isBusy(region, other) || (held && !next)) return false;
    region.replaceWith(fresh);
    if (next) next.focus({ preventScroll: true });
    return true;
  };

  const swap = () => {
    if (!newest) return;
    const fresh = regions(newest);
    let isLate = false;
    for (const [name, region] of regions(document)) {
      const other = fresh.get(name);
      if (!other || other.innerHTML === region.innerHTML || replaced(region, other)) continue;
      isLate = isLate || holdsWords(region, other);
    }
    if (late) late.hidden = !isLate;
    document.title = newest.title;
  };

  const say = () => {
    const spoken = [...newest.querySelectorAll("[data-said]")].map((region) => region.dataset.said).join(" ");
    if (heard && spoken && heard.textContent !== spoken) heard.textContent = spoken;
  };

  const refresh = async () => {
    if (fetching) {
      again = true;
      return;
    }
    fetching = true;
    try {
      const answer = await fetch(location.pathname + location.search, { credentials: "same-origin", cache: "no-store" });
      if (answer.redirected || (answer.status >= 400 && answer.status < 500)) return end();
      if (!answer.ok) return postpone();
      overdue = false;
      newest = new DOMParser().parseFromString(await answer.text(), "text/html");
      swap();
      say();
    } catch {
      again = false;
      postpone();
    } finally {
      fetching = false;
    }
    if (again) {
      again = false;
      refresh();
    }
  };

  const postpone = () => {
    overdue = true;
    setTimeout(() => overdue && !ended && refresh(), RETRY);
  };

  const end = () => {
    ended = true;
    found();
    if (source) source.close();
    source = null;
    if (stale) stale.hidden = false;
  };

  const found = () => {
    clearTimeout(missing);
    missing = null;
    if (lost) lost.hidden = true;
    if (overdue && !ended) refresh();
  };

  const missed = () => {
    if (!missing) missing = setTimeout(() => lost && (lost.hidden = ended), PATIENCE);
  };

  const listen = () => {
    if (source || ended) return;
    source = new EventSource(`${address}?seen=${encodeURIComponent(seen)}`);
    source.addEventListener("moved", (event) => {
      seen = event.lastEventId;
      refresh();
    });
    source.addEventListener("open", found);
    source.addEventListener("error", () => {
      missed();
      // While it is connecting the browser tries again by itself, and sends what it saw last.
      if (!source || source.readyState !== EventSource.CLOSED) return;
      source = null;
      // Too many pages are listened for, or the session is over: looking again tells which.
      setTimeout(() => {
        if (document.hidden || ended) return;
        listen();
        refresh();
      }, RETRY);
    });
  };

  // A page that nobody looks at holds no connection.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && source) {
      source.close();
      source = null;
    } else if (!document.hidden) {
      listen();
    }
  });
  document.addEventListener("focusout", () => setTimeout(swap, SETTLE));
  listen();
})();
