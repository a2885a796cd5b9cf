// Free choice of two indicators: a table at once, and two pictures of it when the page has come to rest.
// The figures are a script beside, so that it works from disk; nothing is computed but where a sign stands.
(function () {
  "use strict";
  var data = window.jamstatCompare;
  var box = document.getElementById("fritt");
  if (!data || !box || data.indicators.length < 2) return;
  var answer = document.getElementById("svar"), status = document.getElementById("besked"), words = answer.dataset;
  var first = document.getElementById("val-a"), second = document.getElementById("val-b");
  var swedish = document.documentElement.lang !== "en";
  var wide = window.matchMedia("(min-width: 45em)");
  var view = null, asked = 0;

  function element(name, text, more) {
    var made = document.createElement(name);
    if (text) made.textContent = text;
    Object.keys(more || {}).forEach(function (key) { made.setAttribute(key, more[key]); });
    return made;
  }
  // A title or place of the warehouse is Swedish on an English page too.
  function titled(name, text, more) { return element(name, text, Object.assign(swedish ? {} : { lang: "sv" }, more)); }
  function value(text) {
    return text === null ? null : Number(text.replace(/\u00a0/g, "").replace("\u2212", "-").replace(",", "."));
  }
  function shown(text) {
    if (text === null) return words.missing;
    return swedish ? text : text.replace(/[\u00a0,]/g, function (sign) { return sign === "," ? "." : ","; });
  }

  [first, second].forEach(function (choice) {
    data.indicators.forEach(function (one, at) { choice.append(titled("option", one.title, { value: at })); });
  });
  function start(choice, id, otherwise) {
    var at = data.indicators.findIndex(function (one) { return one.id === id; });
    choice.value = at < 0 ? otherwise : at;
  }
  start(first, words.first, 0);
  start(second, words.second, 1);

  // A cell with a value, leading to how it came to be where there is a page of that.
  function valued(one, at, sex, text) {
    var cell = element("td", text && one.from[at] ? "" : text || words.missing);
    if (text && one.from[at]) cell.append(element("a", text, Object.assign(swedish ? {} : { hreflang: "sv" }, {
      href: words.root + "indikatorer/" + one.id + "/sparning/" + data.codes[at] + "/index.html#" + encodeURIComponent(one.at[sex]) })));
    return cell;
  }

  function tableOf(a, b, from, until) {
    var table = element("table", "", { "class": "pair" }), head = element("thead"), body = element("tbody");
    table.append(titled("caption", a.title + " (" + a.period + ") – " + b.title + " (" + b.period + ")"));
    var top = element("tr");
    top.append(element("td"));
    [a, b].forEach(function (one) {
      top.append(titled("th", one.title + ", " + one.unit, { scope: "colgroup", colspan: 2 }));
    });
    var names = element("tr");
    [words.place, words.women, words.men, words.women, words.men].forEach(function (text) {
      names.append(element("th", text, { scope: "col" }));
    });
    head.append(top, names);
    data.places.forEach(function (place, at) {
      var x = a.values[at], y = b.values[at];
      if (at < from || at >= until || (!x && !y)) return;
      var row = element("tr", "", at === 0 ? { "class": "me" } : {});
      row.append(element("th", place, { scope: "row" }));
      [[a, x], [b, y]].forEach(function (one) {
        (one[1] || [null, null]).forEach(function (text, sex) { row.append(valued(one[0], at, sex, one[1] && shown(text))); });
      });
      body.append(row);
    });
    table.append(head, body);
    var label = a.title + ", " + b.title + (from ? ", " + words.others : "");
    var scroll = element("div", "", { "class": "scroll", tabindex: 0, role: "region", "aria-label": label });
    scroll.append(table);
    return scroll;
  }

  // The first place is the home region; riket stands where the data say. Numbers of persons leave no room for riket.
  function points(a, b) {
    var counts = a.counts || b.counts, found = { women: [], men: [] };
    data.places.forEach(function (place, at) {
      if (!a.values[at] || !b.values[at] || (counts && at === data.country)) return;
      ["women", "men"].forEach(function (sex, which) {
        var x = a.values[at][which], y = b.values[at][which];
        if (x === null || y === null) return;
        // The home region lies on top of the others.
        found[sex][at === 0 ? "push" : "unshift"]({ x: value(x), y: value(y), name: at === 0 ? place : "", kind: at === data.country ? "total" : sex,
          size: at === 0 ? 130 : 45, tip: place + ", " + words[sex].toLowerCase() + ": " + shown(x) + ", " + shown(y) });
      });
    });
    return found;
  }
  function extent(found, axis) {
    var all = found.women.concat(found.men).map(function (one) { return one[axis]; });
    return [Math.min.apply(null, all), Math.max.apply(null, all)];
  }
  function specOf(a, b, found, width) {
    var sexes = ["women", "men"].filter(function (sex) { return found[sex].length > 1; });
    var font = wide.matches ? 14 : 13, inks = { labelColor: "#5B5463", labelFontSize: font, titleColor: "#5B5463",
      titleFontSize: 13, titleFontWeight: "normal", gridColor: "#E6E1D9", domainColor: "#8A8290", ticks: false, tickCount: 4,
      titleLimit: width - 44 };
    var spec = {
      background: "transparent", padding: 4, spacing: 24, columns: wide.matches ? 2 : 1,
      resolve: { scale: { x: "shared", y: "shared" } },
      config: { view: { stroke: null }, font: getComputedStyle(document.body).fontFamily },
      concat: sexes.map(function (sex) {
        var x = { field: "x", type: "quantitative", axis: Object.assign({ title: a.title + ", " + a.unit, titleAnchor: "end" }, inks),
          scale: { zero: false, domain: extent(found, "x"), nice: true } };
        var y = { field: "y", type: "quantitative", scale: { zero: false, domain: extent(found, "y"), nice: true },
          axis: Object.assign({ title: b.title + ", " + b.unit, titleAngle: 0, titleAlign: "left", titleAnchor: "end",
            titleX: -40, titleY: -14, titleBaseline: "bottom" }, inks) };
        var home = found[sex].filter(function (one) { return one.name; }), ends = extent(found, "x");
        var right = home.length > 0 && home[0].x > (ends[0] + ends[1]) / 2;
        return {
          width: width - 70, height: wide.matches ? 270 : 230, data: { values: found[sex] },
          title: { text: words[sex], anchor: "start", color: "#201A26", fontSize: font + 1, offset: 22 },
          layer: [
            { mark: { type: "point", filled: true, opacity: 1, strokeWidth: 2 }, encoding: { x: x, y: y,
              size: { field: "size", type: "quantitative", scale: null, legend: null },
              shape: { field: "kind", type: "nominal", legend: null,
                scale: { domain: ["women", "men", "total"], range: ["circle", "triangle-up", "diamond"] } },
              color: { field: "kind", type: "nominal", legend: null,
                scale: { domain: ["women", "men", "total"], range: ["#4A1A6B", "#C77700", "#6B6572"] } },
              tooltip: { field: "tip", type: "nominal" } } },
            { data: { values: home }, mark: { type: "rule", color: "#8A8290" }, encoding: { x: x, y: y, y2: { value: 14 } } },
            { data: { values: home }, mark: { type: "text", baseline: "top", fontSize: 13, fontWeight: "bold", color: "#201A26",
                align: right ? "right" : "left", dx: right ? 4 : -4 },
              encoding: { x: x, y: { value: 0 }, text: { field: "name", type: "nominal" } } }
          ]
        };
      })
    };
    return spec;
  }

  function draw(a, b) {
    var turn = ++asked, found = points(a, b);
    var place = element("div", "", { "class": "chart-live" }), note = element("p", "", { "class": "src" });
    if (view) { view.finalize(); view = null; }
    answer.prepend(place, note);
    if (found.women.length < 2 && found.men.length < 2) { note.textContent = words.few; return; }
    var room = answer.clientWidth || 328, width = wide.matches ? (Math.min(room, 816) - 24) / 2 : Math.min(room, 480);
    var format = swedish ? { decimal: ",", thousands: "\u00a0", grouping: [3], currency: ["", ""], minus: "\u2212" } : undefined;
    window.jamstatPicture(words.bundle, place, specOf(a, b, found, width), {
      formatLocale: format,
      tooltip: function (handler, event, item, text) { if (text) status.textContent = String(text.tip || text); }
    }).then(function (result) {
      if (turn !== asked) { result.finalize(); return; }
      view = result;
      place.setAttribute("role", "img");
      place.setAttribute("aria-label", words.picture.replace("{a}", a.title).replace("{b}", b.title));
      note.textContent = words.signs + (a.counts || b.counts ? " " + words.counts : "");
    }).catch(function () {
      if (turn === asked) { place.remove(); note.textContent = words.failed; }
    });
  }

  function show(said) {
    var a = data.indicators[first.value], b = data.indicators[second.value];
    var sources = [a.source, b.source].filter(function (one, at, all) { return all.indexOf(one) === at; });
    var more = element("details", "", { "class": "fold" });
    more.append(element("summary", words.others), tableOf(a, b, data.near, data.places.length));
    answer.replaceChildren(tableOf(a, b, 0, data.near), more, titled("p", sources.join(". ") + ".", { "class": "src" }));
    if (said) status.textContent = words.shown.replace("{a}", a.title).replace("{b}", b.title);
    if (window.jamstatPicture) draw(a, b);
  }
  function changed() { show(true); }
  first.addEventListener("change", changed);
  second.addEventListener("change", changed);
  wide.addEventListener("change", function () { show(false); });
  box.hidden = false;
  show(false);
  // The bundle is large: it waits until the page itself is there.
  window.addEventListener("load", function () { setTimeout(function () { if (!view && !asked) show(false); }, 0); });
})();
