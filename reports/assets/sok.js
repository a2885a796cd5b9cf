// Search from disk or server: the index is a script beside, stemmed here with the same stemmer as the question.
(function () {
  "use strict";
  var data = window.jamstatSearch;
  var form = document.getElementById("sokform");
  if (!data || !form || typeof SwedishStemmer === "undefined") return;
  var stemmer = new SwedishStemmer();
  function stem(word) { return stemmer.stemWord(word.toLowerCase()); }
  function words(text) { return text.toLowerCase().match(/[\p{L}\p{N}]{2,}/gu) || []; }

  var pages = data.pages.map(function (page) {
    return { page: page, title: words(page.title).map(stem), stems: page.words.map(stem) };
  });
  var alike = {};
  data.synonyms.forEach(function (group) {
    var stems = group.map(stem);
    stems.forEach(function (one) { alike[one] = (alike[one] || []).concat(stems); });
  });

  // 4: a word of the title, 3: the start of one, 2: any word, 1: within a compound; a synonym counts half.
  function fit(entry, one) {
    if (entry.title.indexOf(one) >= 0) return 4;
    if (entry.title.some(function (word) { return word.indexOf(one) === 0; })) return 3;
    if (entry.stems.indexOf(one) >= 0) return 2;
    return one.length > 2 && entry.stems.some(function (word) { return word.indexOf(one) >= 0; }) ? 1 : 0;
  }
  function score(entry, asked) {
    var sum = 0;
    for (var i = 0; i < asked.length; i++) {
      var best = fit(entry, asked[i]);
      (alike[asked[i]] || []).forEach(function (other) { best = Math.max(best, fit(entry, other) / 2); });
      if (!best) return 0;
      sum += best;
    }
    return sum;
  }

  var input = document.getElementById("q");
  var list = document.getElementById("traffar");
  var status = document.getElementById("antal");
  var all = document.getElementById("allt");
  function search() {
    var asked = words(input.value).map(stem);
    list.textContent = "";
    all.hidden = asked.length > 0;
    if (!asked.length) { status.textContent = ""; return; }
    var found = pages.map(function (entry) { return { entry: entry, score: score(entry, asked) }; })
      .filter(function (one) { return one.score > 0; })
      .sort(function (a, b) { return b.score - a.score || a.entry.page.title.localeCompare(b.entry.page.title, "sv"); })
      .slice(0, 40);
    found.forEach(function (one) {
      var item = document.createElement("li"), link = document.createElement("a"), kind = document.createElement("span");
      link.href = "../" + one.entry.page.path;
      link.textContent = one.entry.page.title;
      link.lang = "sv";
      kind.className = "what";
      kind.textContent = one.entry.page.kind;
      item.append(link, kind);
      list.append(item);
    });
    status.textContent = found.length ? found.length + " " + status.dataset.found : status.dataset.none;
  }
  form.hidden = false;
  form.addEventListener("submit", function (event) { event.preventDefault(); search(); });
  input.addEventListener("input", search);
  var given = /[?&]q=([^&]*)/.exec(location.search);
  if (given) { input.value = decodeURIComponent(given[1].replace(/\+/g, " ")); search(); }
})();
