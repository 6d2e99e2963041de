"use strict";
(() => {
  document.documentElement.classList.add("js");
  // Before anything is painted, so that no page flashes in the other theme.
  try {
    const kept = localStorage.getItem("hub2ar-theme");
    if (kept === "dark" || kept === "light") document.documentElement.dataset.theme = kept;
  } catch { /* a page opened from a file may keep nothing */ }
})();
