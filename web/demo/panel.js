// Shows what the tracker sends, where the person has asked for it. A classic script before the tracker, so that it sees the
// first message too; the lines live as long as the tab.
(() => {
  const ON = "meadow.panel";
  const LINES = "meadow.panel.lines";
  const LINES_MAX = 40;
  let list;

  const line = (message) => {
    const { type, event, visibleMs, userId, context } = message;
    const more = {
      track: event, identify: userId, leave: visibleMs && `${Math.round(visibleMs / 1000)} s seen`,
      page: context?.page?.url && new URL(context.page.url).pathname,
    };
    return [type, more[type]].filter(Boolean).join(" · ");
  };

  const show = () => {
    const lines = JSON.parse(sessionStorage.getItem(LINES) ?? "[]");
    list?.replaceChildren(...lines.map(([head, body]) => {
      const item = document.createElement("details");
      item.append(Object.assign(document.createElement("summary"), { textContent: head }),
        Object.assign(document.createElement("pre"), { textContent: JSON.stringify(body, null, 1) }));
      return item;
    }));
  };

  const note = (body) => {
    let batch;
    try {
      batch = JSON.parse(body).batch.map((message) => [line(message), message]);
    } catch {
      return; // not the tracker's
    }
    const lines = [...batch.reverse(), ...JSON.parse(sessionStorage.getItem(LINES) ?? "[]")];
    sessionStorage.setItem(LINES, JSON.stringify(lines.slice(0, LINES_MAX)));
    show();
  };

  const listen = () => {
    const { fetch } = window;
    window.fetch = (url, options) => {
      note(options?.body);
      return fetch(url, options);
    };
    const beacon = navigator.sendBeacon.bind(navigator);
    navigator.sendBeacon = (url, body) => {
      if (body instanceof Blob)
        body.text().then(note);
      else
        note(body);
      return beacon(url, body);
    };
  };

  const open = () => {
    const panel = document.createElement("aside");
    panel.id = "panel";
    panel.dataset.sojournIgnore = "";
    panel.setAttribute("aria-label", "What is sent");
    list = document.createElement("div");
    panel.append(Object.assign(document.createElement("h2"), { textContent: "What is sent" }), list);
    document.body.append(panel);
    document.body.classList.add("with-panel");
    show();
  };

  const isOn = sessionStorage.getItem(ON) !== null;
  if (isOn)
    listen();
  addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("panel-switch");
    button.addEventListener("click", () => {
      if (isOn)
        sessionStorage.removeItem(ON);
      else
        sessionStorage.setItem(ON, "");
      location.reload();
    });
    if (!isOn)
      return;
    button.textContent = "Hide what is sent";
    open();
  });
})();
