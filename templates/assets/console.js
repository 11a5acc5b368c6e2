// Keeps a page current without taking anything from its reader: what has the focus or holds unsent words stays as it is.
"use strict";

(() => {
  const main = document.getElementById("main");
  const address = main && main.dataset.events;
  if (!address || !window.EventSource || !window.DOMParser) return;

  const heard = document.getElementById("heard");
  const stale = document.getElementById("stale");
  const late = document.getElementById("late");
  // Milliseconds until a refused stream is asked for again.
  const RETRY = 15000;
  // Milliseconds in which a press that moved the focus arrives where it was meant to.
  const SETTLE = 500;
  let seen = main.dataset.seen;
  let source = null;
  let newest = null;
  let fetching = false;
  let again = false;
  let ended = false;

  const regions = (page) => new Map([...page.querySelectorAll("[data-live]")].map((region) => [region.dataset.live, region]));

  const fields = (region) => [...region.querySelectorAll("textarea, select, input:not([type=hidden])")];
  // Whether it holds words that the newest page does not: typed just now, or kept by a refusal.
  const holdsWords = (region, fresh) =>
    fields(region).some((field) => {
      const same = fields(fresh).find((other) => other.id === field.id);
      return field.value !== (same ? same.value : "");
    });
  const isBusy = (region, fresh) =>
    region.contains(document.activeElement) || holdsWords(region, fresh) || region.querySelector("details[open]") !== null;

  const swap = () => {
    if (!newest) return;
    const fresh = regions(newest);
    let isLate = false;
    for (const [name, region] of regions(document)) {
      const other = fresh.get(name);
      if (!other || other.innerHTML === region.innerHTML) continue;
      if (isBusy(region, other)) {
        isLate = isLate || holdsWords(region, other);
        continue;
      }
      region.replaceWith(document.importNode(other, true));
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
      if (!answer.ok) return;
      newest = new DOMParser().parseFromString(await answer.text(), "text/html");
      swap();
      say();
    } catch {
      again = false;
    } finally {
      fetching = false;
    }
    if (again) {
      again = false;
      refresh();
    }
  };

  const end = () => {
    ended = true;
    if (source) source.close();
    source = null;
    if (stale) stale.hidden = false;
  };

  const listen = () => {
    if (source || ended) return;
    source = new EventSource(`${address}?seen=${encodeURIComponent(seen)}`);
    source.addEventListener("moved", (event) => {
      seen = event.lastEventId;
      refresh();
    });
    source.addEventListener("error", () => {
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
