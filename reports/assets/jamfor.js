// Free choice of two indicators; the figures are a script beside, so that it works from disk.
(function () {
  "use strict";
  var data = window.jamstatCompare;
  var box = document.getElementById("fritt");
  if (!data || !box || data.indicators.length < 2) return;
  var answer = document.getElementById("svar"), words = answer.dataset;
  var first = document.getElementById("val-a"), second = document.getElementById("val-b");
  function element(name, text, more) {
    var made = document.createElement(name);
    if (text) made.textContent = text;
    Object.keys(more || {}).forEach(function (key) { made.setAttribute(key, more[key]); });
    return made;
  }
  [first, second].forEach(function (choice) {
    data.indicators.forEach(function (one, at) { choice.append(element("option", one.title, { value: at })); });
  });
  second.value = 1;
  function row(parts, name, more) {
    var made = element("tr");
    parts.forEach(function (text, at) { made.append(element(at ? "td" : name, text, at ? {} : more)); });
    return made;
  }
  function show() {
    var a = data.indicators[first.value], b = data.indicators[second.value];
    var table = element("table", "", { "class": "pair" }), head = element("thead"), body = element("tbody");
    table.append(element("caption", a.title + " (" + a.period + ") – " + b.title + " (" + b.period + ")"));
    var top = element("tr");
    top.append(element("td"));
    [a, b].forEach(function (one) {
      top.append(element("th", one.title + ", " + one.unit, { scope: "colgroup", colspan: 2 }));
    });
    var names = element("tr");
    [words.place, words.women, words.men, words.women, words.men].forEach(function (text) {
      names.append(element("th", text, { scope: "col" }));
    });
    head.append(top, names);
    data.places.forEach(function (place, at) {
      var x = a.values[at], y = b.values[at];
      if (!x && !y) return;
      var figures = [].concat(x || [null, null], y || [null, null]);
      body.append(row([place].concat(figures.map(function (one) { return one === null ? words.missing : one; })), "th", { scope: "row" }));
    });
    table.append(head, body);
    var scroll = element("div", "", { "class": "scroll", tabindex: 0, role: "region", "aria-label": a.title + ", " + b.title });
    scroll.append(table);
    answer.replaceChildren(scroll, element("p", a.source + ". " + (b.source === a.source ? "" : b.source + "."), { "class": "src" }));
  }
  first.addEventListener("change", show);
  second.addEventListener("change", show);
  box.hidden = false;
  show();
})();
