// Search from disk or server: the index is a script beside, stemmed here with the same stemmer as the question.
(function () {
  "use strict";
  var data = window.jamstatSearch;
  var form = document.getElementById("sokform");
  if (!data || !form || typeof SwedishStemmer === "undefined") return;
  var stemmer = new SwedishStemmer();
  function stem(word) { return stemmer.stemWord(word.toLowerCase()); }
  function words(text) { return text.toLowerCase().match(/[\p{L}\p{N}]{2,}/gu) || []; }

  // Words that say nothing of what is looked for; and the sexes, who are on every page.
  var empty = ("som är i och en ett att av på för med den det de till hur vad vilka var om från inom bland eller " +
    "the of in and are is who what which an to for by with from among or").split(" ");
  var sexes = ["kvinna", "kvinnor", "kvinnors", "man", "män", "mäns", "women", "woman", "men"].map(stem);
  function folded(word) { return word.normalize("NFD").replace(/[\u0300-\u036f]/g, ""); }
  function each(entry, change) {
    return { page: entry.page, title: entry.title.map(change), stems: entry.stems.map(change) };
  }

  var pages = data.pages.map(function (page) {
    return { page: page, title: words(page.title).map(stem), stems: page.words.map(stem) };
  });
  var plain = null; // the same without marks over letters, made when it is first needed
  var alike = {};
  data.synonyms.forEach(function (group) {
    var stems = group.map(stem);
    stems.forEach(function (one) { alike[one] = (alike[one] || []).concat(stems); });
  });

  // 4: a word of the title, nearly: the start of one, 3: the end of one, 2: any word, 1: within a compound; a synonym
  // counts half. A title of what is asked for alone comes first, and of others a short one before a long one.
  function fit(entry, one) {
    if (entry.title.indexOf(one) >= 0) return 4;
    if (entry.title.some(function (word) { return word.indexOf(one) === 0; })) return 3.8;
    if (one.length > 3 && entry.title.some(function (word) { return word.slice(-one.length) === one; })) return 3;
    if (entry.stems.indexOf(one) >= 0) return 2;
    return one.length > 2 && entry.stems.some(function (word) { return word.indexOf(one) >= 0; }) ? 1 : 0;
  }
  function score(entry, asked) {
    var sum = 0;
    var only = asked.every(function (one) { return sexes.indexOf(one) >= 0; });
    for (var i = 0; i < asked.length; i++) {
      var best = fit(entry, asked[i]);
      (alike[asked[i]] || []).forEach(function (other) { best = Math.max(best, fit(entry, other) / 2); });
      if (!best && (only || sexes.indexOf(asked[i]) < 0)) return null;
      sum += best;
    }
    var meant = asked.concat.apply(asked, asked.map(function (one) { return alike[one] || []; }));
    var telling = entry.title.filter(function (word) { return !/^\d/.test(word); });
    var whole = entry.title.every(function (word) { return meant.indexOf(word) >= 0; });
    return sum + (whole ? 2 : 0) - Math.min(telling.length, 15) / 10;
  }
  function ranked(entries, asked) {
    return entries.map(function (entry) { return { entry: entry, score: score(entry, asked) }; })
      .filter(function (one) { return one.score !== null; })
      .sort(function (a, b) { return b.score - a.score || a.entry.page.title.localeCompare(b.entry.page.title, "sv"); })
      .slice(0, 40);
  }

  // How many letters must be put in, taken out, changed or swapped with the next to make one word the other.
  function distance(one, other, most) {
    if (Math.abs(one.length - other.length) > most) return most + 1;
    var before = null, last = [];
    for (var k = 0; k <= other.length; k++) last.push(k);
    for (var i = 1; i <= one.length; i++) {
      var row = [i];
      for (var j = 1; j <= other.length; j++) {
        var same = one[i - 1] === other[j - 1];
        row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1));
        if (before && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
      }
      before = last;
      last = row;
    }
    return last[other.length];
  }
  // The known word that is nearest, when it is near: one letter off in a short word, two in a long one.
  function nearest(word, known) {
    if (word.length < 4 || known.some(function (one) { return one.indexOf(word) >= 0; })) return word;
    var limit = word.length < 7 ? 1 : 2, found = word;
    known.forEach(function (one) {
      var far = distance(word, one, limit);
      if (far <= limit) { found = one; limit = far - 1; }
    });
    return found;
  }
  // A compound that stands nowhere: its parts, as far as they are known; of several ways the one with the longest end.
  function parted(word, known) {
    function whole(part) { return known.indexOf(part) >= 0; }
    var ends = [];
    for (var at = 2; at <= word.length - 4; at++) if (whole(stem(word.slice(at)))) ends.push(at);
    for (var i = 0; i < ends.length; i++) {
      var head = word.slice(0, ends[i]), tail = stem(word.slice(ends[i]));
      var first = [head, stem(head), head.slice(0, -1)].filter(whole)[0];
      if (first) return [first, tail];
    }
    return ends.length ? [stem(word.slice(ends[0]))] : [word];
  }
  // As it is written; then without marks over letters; then by its parts; then as it may have been meant.
  function find(asked) {
    var found = ranked(pages, asked);
    if (found.length) return { found: found, near: false };
    plain = plain || pages.map(function (entry) { return each(entry, folded); });
    var bare = asked.map(folded);
    found = ranked(plain, bare);
    if (found.length) return { found: found, near: false };
    var known = {};
    plain.forEach(function (entry) { entry.title.concat(entry.stems).forEach(function (one) { known[one] = true; }); });
    Object.keys(alike).forEach(function (one) { known[one] = true; });
    known = Object.keys(known).sort();
    var split = asked.concat.apply([], bare.map(function (one) { return parted(one, known); }));
    found = split.length !== bare.length || split.join() !== bare.join() ? ranked(plain, split) : [];
    if (found.length) return { found: found, near: true };
    return { found: ranked(plain, bare.map(function (one) { return nearest(one, known); })), near: true };
  }

  var input = document.getElementById("q");
  var list = document.getElementById("traffar");
  var status = document.getElementById("antal");
  var all = document.getElementById("allt");
  function search() {
    var given = words(input.value);
    var telling = given.filter(function (one) { return empty.indexOf(one) < 0; });
    var asked = (telling.length ? telling : given).map(stem);
    list.textContent = "";
    all.hidden = asked.length > 0;
    if (!asked.length) { status.textContent = ""; return; }
    var answer = find(asked), found = answer.found;
    found.forEach(function (one) {
      var item = document.createElement("li"), link = document.createElement("a"), kind = document.createElement("span");
      link.href = "../" + one.entry.page.path;
      link.textContent = one.entry.page.title;
      if (one.entry.page.swedish) link.lang = "sv";
      kind.className = "what";
      kind.textContent = one.entry.page.kind;
      item.append(link, kind);
      list.append(item);
    });
    status.textContent = found.length
      ? (answer.near ? status.dataset.near + " " : "") + found.length + " " + status.dataset.found
      : status.dataset.none;
  }
  form.hidden = false;
  form.addEventListener("submit", function (event) { event.preventDefault(); search(); });
  input.addEventListener("input", search);
  var given = /[?&]q=([^&]*)/.exec(location.search);
  if (given) { input.value = decodeURIComponent(given[1].replace(/\+/g, " ")); search(); }
})();
