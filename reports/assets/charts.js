/* Adds to the pictures of a page what a script can add; everything can be read without it.
 *
 * <figure class="chart" data-bundle="…/vega.js"> holds the picture, <script type="application/json" class="chart-spec"> its
 * specification, and may hold a table in <details class="chart-table">. Then two buttons stand under the picture: one shows
 * the table instead of the picture, one loads Vega (once a page, only when asked for) and lets the reader point at signs.
 * Works from disk and under a policy without unsafe-eval: expressions are interpreted, never compiled.
 */
(function () {
  "use strict";
  var words = document.documentElement.lang === "en"
    ? { table: "Show as table", picture: "Show as picture", explore: "Explore the picture", still: "Show the still picture",
        loading: "Loading …", failed: "The interactive picture could not be shown. The picture and the table hold everything." }
    : { table: "Visa som tabell", picture: "Visa som diagram", explore: "Utforska diagrammet", still: "Visa stillbilden",
        loading: "Läser in …", failed: "Det interaktiva diagrammet gick inte att visa. Bilden och tabellen har allt." };
  var loading = null;

  function vega(address) {
    loading = loading || new Promise(function (done, failed) {
      var script = document.createElement("script");
      script.src = address;
      script.onload = function () { done(window.vegaEmbed); };
      script.onerror = function () { loading = null; failed(new Error(address)); };
      document.head.appendChild(script);
    });
    return loading;
  }

  function button(text, pressed) {
    var made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.setAttribute("aria-pressed", "false");
    made.addEventListener("click", function () {
      var on = made.getAttribute("aria-pressed") !== "true";
      made.setAttribute("aria-pressed", String(on));
      pressed(on, made);
    });
    return made;
  }

  /* Colours of the specification are those of the light theme; a page in dark has other tokens for the same things. */
  function themed(text) {
    var style = getComputedStyle(document.documentElement);
    var tokens = { "#4A1A6B": "women", "#C77700": "men", "#6B6572": "total", "#201A26": "ink", "#5B5463": "ink2",
      "#FFFFFF": "paper", "#8A8290": "rule2", "#E6E1D9": "grid", "#F6F3EE": "tint", "#EEF3F4": "band",
      "#010203": "ink2", "#010204": "men", "#010205": "tint" };
    return Object.keys(tokens).reduce(function (all, color) {
      var own = style.getPropertyValue("--" + tokens[color]).trim();
      return all.split('"' + color + '"').join('"' + (own || color) + '"');
    }, text);
  }

  function enhance(figure) {
    var picture = figure.querySelector(".chart-picture");
    var data = figure.querySelector("script.chart-spec");
    var table = figure.querySelector(".chart-table");
    var bar = document.createElement("div");
    var live = null, view = null;
    bar.className = "chart-buttons";
    if (table) {
      bar.appendChild(button(words.table, function (on, made) {
        table.open = on;
        picture.hidden = on || !!live;
        if (live) { live.hidden = on; }
        made.textContent = on ? words.picture : words.table;
        if (on) { table.querySelector("table, summary").scrollIntoView({ block: "nearest" }); }
      }));
    }
    /* On a telephone the still picture is made for the width; the live one is not. */
    if (data && figure.dataset.bundle && window.matchMedia("(min-width: 45em)").matches) {
      var status = document.createElement("p");
      status.setAttribute("role", "status");
      status.className = "chart-status";
      bar.appendChild(button(words.explore, function (on, made) {
        if (!on) {
          if (view) { view.finalize(); }
          if (live) { live.remove(); }
          live = view = null;
          picture.hidden = false;
          status.textContent = "";
          made.textContent = words.explore;
          return;
        }
        status.textContent = words.loading;
        vega(figure.dataset.bundle).then(function (embed) {
          live = document.createElement("div");
          live.className = "chart-live";
          picture.insertAdjacentElement("afterend", live);
          return embed(live, JSON.parse(themed(data.textContent)), {
            mode: "vega-lite", renderer: "svg", actions: false, ast: true, defaultStyle: false,
            tooltip: function (handler, event, item, value) {
              status.textContent = value === null || value === undefined || value === "" ? "" : String(value.tip || value);
            }
          });
        }).then(function (result) {
          view = result;
          picture.hidden = true;
          status.textContent = "";
          made.textContent = words.still;
          live.setAttribute("role", "img");
          live.setAttribute("aria-label", picture.querySelector("svg").getAttribute("aria-label"));
        }).catch(function () {
          if (live) { live.remove(); }
          live = null;
          made.setAttribute("aria-pressed", "false");
          status.textContent = words.failed;
        });
      }));
      bar.appendChild(status);
    }
    if (bar.childNodes.length) { picture.insertAdjacentElement("afterend", bar); }
  }

  /* For a script that has a specification of its own: the live picture in an element, in the colours of the page. */
  window.jamstatPicture = function (address, into, spec, options) {
    return vega(address).then(function (embed) {
      return embed(into, JSON.parse(themed(JSON.stringify(spec))), Object.assign({
        mode: "vega-lite", renderer: "svg", actions: false, ast: true, defaultStyle: false
      }, options));
    });
  };

  Array.prototype.forEach.call(document.querySelectorAll("figure.chart"), enhance);
})();
