"""How charts look in a browser: whether their words can be read, and their marks be told from what lies beneath.

axe-core leaves text within SVG unjudged. Here a text's colour is held against what is really beneath it: every shape that the
browser finds at three places along its middle, in the order of painting, each with its opacity, down to the page.
"""

import re
from typing import Any

MEASURE = r"""
() => {
  const parsed = (text) => {
    const found = text.match(/rgba?\(([^)]+)\)/);
    if (!found) return [0, 0, 0, 0];
    const [red, green, blue, alpha] = found[1].split(/[ ,\/]+/).map(Number);
    return [red, green, blue, alpha === undefined ? 1 : alpha];
  };
  const over = (top, below) => [0, 1, 2].map((channel) => top[channel] * top[3] + below[channel] * (1 - top[3])).concat(1);
  const luminance = (colour) => {
    const [red, green, blue] = colour.map((value) => value / 255).map(
      (value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one, other) => {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const opacity = (element) => {
    let whole = 1;
    for (let one = element; one && one.nodeType === 1; one = one.parentElement) whole *= Number(getComputedStyle(one).opacity);
    return whole;
  };
  const painted = (element) => {
    const style = getComputedStyle(element);
    if (!(element instanceof SVGElement)) return parsed(style.backgroundColor);
    if (element.tagName === 'svg' || element.tagName === 'text') return [0, 0, 0, 0];
    const kind = style.fill !== 'none' && element.tagName !== 'line' ? 'fill' : 'stroke';
    const colour = parsed(style[kind]);
    return [...colour.slice(0, 3), colour[3] * Number(style[kind + 'Opacity']) * opacity(element)];
  };
  const beneath = (element, x, y) => {
    const stack = document.elementsFromPoint(x, y);
    const place = stack.indexOf(element);
    const below = (place < 0 ? stack : stack.slice(place + 1)).filter((one) => !element.contains(one));
    let colour = [255, 255, 255, 1];
    for (const one of below.reverse()) colour = over(painted(one), colour);
    const covering = place < 0 ? [] : stack.slice(0, place).filter((one) => painted(one)[3] > 0);
    return [colour, covering.length > 0];
  };
  const words = [], marks = [];
  for (const svg of document.querySelectorAll('figure svg[role=img]')) {
    const chart = svg.querySelector('title').textContent;
    svg.scrollIntoView({block: 'center'});
    for (const text of svg.querySelectorAll('text')) {
      if (!text.textContent.trim()) continue;
      text.scrollIntoView({block: 'center', inline: 'center'});
      const box = text.getBoundingClientRect(), style = getComputedStyle(text), size = parseFloat(style.fontSize);
      const scale = text.getScreenCTM().a, bold = Number(style.fontWeight) >= 700;
      const fill = parsed(style.fill), alpha = fill[3] * Number(style.fillOpacity) * opacity(text);
      if (alpha === 0) continue;  // a name on an axis that another would touch
      let least = 21, covered = false;
      for (const share of [0.08, 0.5, 0.92]) {
        const [colour, hidden] = beneath(text, box.left + box.width * share, box.top + box.height / 2);
        least = Math.min(least, contrast(over([...fill.slice(0, 3), alpha], colour), colour));
        covered = covered || hidden;
      }
      words.push({chart, text: text.textContent, size: size * scale, bold, contrast: least, covered});
    }
    for (const mark of svg.querySelectorAll(':is(path, line, rect, circle):has(> title), path[stroke][fill="none"]')) {
      const style = getComputedStyle(mark);
      if (opacity(mark) === 0) continue;
      const paper = [255, 255, 255, 1];
      const shown = ['fill', 'stroke'].filter((kind) => style[kind] !== 'none' && parsed(style[kind])[3] > 0)
        .map((kind) => contrast(over(parsed(style[kind]), paper), paper));
      const title = mark.querySelector('title');
      marks.push({chart, said: title ? title.textContent : '', contrast: Math.max(1, ...shown)});
    }
  }
  return {words, marks};
}
"""


def page_of(figures: list[str], report: str) -> str:
    """Return a page that shows figures as a report shows them: its stylesheet, and nothing else."""
    (style,) = re.findall(r"<style>.*?</style>", report, re.DOTALL)
    shown = "\n".join(figures)
    head = f'<head><meta charset="utf-8"><title>Charts</title>{style}</head>'
    return f'<!DOCTYPE html><html lang="en-GB">{head}<body class="report"><main>{shown}</main></body></html>'


def figures(report: str) -> list[str]:
    """Return the charts of a report in HTML, each with its caption, its drawing, its source and its figures."""
    return re.findall(r'<figure class="chart.*?</figure>', report, re.DOTALL)


def measured(browser: Any, page: str, *, width: int, scheme: str) -> dict[str, list[dict[str, Any]]]:
    """Return each word of each chart with its size on the screen and its contrast, and each mark with its contrast."""
    tab = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    try:
        tab.set_content(page)
        found: dict[str, list[dict[str, Any]]] = tab.evaluate(MEASURE)
        return found
    finally:
        tab.close()


def faint(words: list[dict[str, Any]]) -> list[tuple[str, str, float]]:
    """Return the words that WCAG 2.2, 1.4.3, finds too faint, or over which something is painted."""
    return [
        (word["chart"], word["text"], round(word["contrast"], 2))
        for word in words
        if word["covered"] or word["contrast"] < (3 if word["size"] >= (18.66 if word["bold"] else 24) else 4.5)
    ]
