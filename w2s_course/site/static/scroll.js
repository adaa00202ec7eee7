// What scrolls sideways can be reached with the keyboard.
function reach() {
  for (const part of document.querySelectorAll("pre, .table-wrapper, .cell_output, .text_html, div.math, .math-wrapper")) {
    if (part.scrollWidth > part.clientWidth) part.tabIndex = 0;
  }
}
addEventListener("load", reach);
addEventListener("resize", reach);
