/**
 * Measures the boxes of everything visible on a page and reports lost texts and controls: an edge cuts one off, it lies
 * outside the page, or it covers another one. A text that ends in "…" is not lost when a tooltip holds it whole.
 * Neither is an element that is scrolled out of sight inside a list, as long as the list scrolls only up and down.
 */
import type { Page } from 'playwright-core';

/** Returns one sentence for each text or control that is lost inside `part`, a CSS selector. */
export function lostBoxes(page: Page, part: string): Promise<readonly string[]> {
  return page.evaluate(measure, part);
}

/** Runs in the page, so it can use nothing defined outside of it. */
function measure(part: string): readonly string[] {
  interface Box {
    readonly left: number;
    readonly top: number;
    readonly right: number;
    readonly bottom: number;
  }
  interface Leaf {
    readonly element: Element;
    readonly name: string;
    /** The part of the box that its scrolling ancestors show. */
    readonly seen: Box;
  }
  const SLACK = 1.5;
  const root = document.documentElement;
  /** Boxes that may be scrolled sideways: long logs, and texts whose lines are shown as in their file. */
  const SIDEWAYS = '.logs-scroll, .text-box';
  /**
   * Layers that cover the page on purpose, topmost first. Only boxes of the same layer can cover each other by mistake.
   */
  const LAYERS = ['.mantine-Menu-dropdown', '.mantine-Modal-content', '.toasts', '.events[data-open="true"]', '.app'];
  const lost: string[] = [];

  const layerOf = (element: Element): Element | null =>
    LAYERS.map((layer) => element.closest(layer)).find((found) => found !== null) ?? null;
  const describe = (element: Element, text: string): string => {
    const owner = element.closest('[class]') ?? element;
    return `${element.tagName.toLowerCase()}.${owner.getAttribute('class') ?? ''} "${text.trim().slice(0, 40)}"`;
  };
  const isVisible = (element: Element): boolean =>
    element.closest(part) !== null &&
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
    element.closest('.unseen, [aria-hidden="true"] .ghost, title, desc') === null;
  const boxOf = ({ left, top, right, bottom }: DOMRect): Box => ({ left, top, right, bottom });
  const isCutText = (element: Element): boolean => element.scrollWidth > element.clientWidth;
  const isEmpty = (box: Box): boolean => box.right - box.left < 2 || box.bottom - box.top < 2;

  /**
   * Returns the part of a box that its ancestors show. Reports a box that is cut by an ancestor that does not scroll.
   */
  function seenOf(element: Element, own: Box, name: string, text: string): Box | null {
    let { left, top, right, bottom } = own;
    let isAbsolute = false;
    for (let at: Element | null = element; at !== null && at !== document.body; at = at.parentElement) {
      const style = getComputedStyle(at);
      // An element that is positioned is cut off only by ancestors that are positioned themselves.
      const isClipping = !isAbsolute || style.position !== 'static';
      if (isClipping && !(at instanceof SVGElement)) {
        const frame = at.getBoundingClientRect();
        const isWhole =
          style.textOverflow === 'ellipsis' &&
          (at.closest('[title]')?.getAttribute('title') ?? '').includes(text.trim());
        if (style.overflowX !== 'visible') {
          const isCut = left < frame.left - SLACK || right > frame.right + SLACK;
          const scrolls = /auto|scroll/.test(style.overflowX);
          if (isCut && scrolls && !at.matches(SIDEWAYS)) lost.push(`${name} is beyond the side of ${describe(at, '')}`);
          if (isCut && !scrolls && !isWhole) lost.push(`${name} is cut off by the side of ${describe(at, '')}`);
          left = Math.max(left, frame.left);
          // The "…" of a text that is cut short stands before the padding, and the text is not drawn behind it.
          const padding =
            style.textOverflow === 'ellipsis' && isCutText(at) ? Number.parseFloat(style.paddingRight) : 0;
          right = Math.min(right, frame.right - (at.contains(element.closest('button')) ? 0 : padding));
        }
        if (style.overflowY !== 'visible') {
          const isCut = top < frame.top - SLACK || bottom > frame.bottom + SLACK;
          if (isCut && !/auto|scroll/.test(style.overflowY) && !isWhole)
            lost.push(`${name} is cut off above or below by ${describe(at, '')}`);
          top = Math.max(top, frame.top);
          bottom = Math.min(bottom, frame.bottom);
        }
      }
      if (isClipping) isAbsolute = style.position === 'absolute';
      if (style.position === 'fixed') break;
    }
    const seen = { left, top, right, bottom };
    return isEmpty(seen) ? null : seen;
  }

  const leaves: Leaf[] = [];
  function add(element: Element, own: Box, text: string): void {
    if (isEmpty(own)) return;
    const name = describe(element, text);
    const seen = seenOf(element, own, name, text);
    if (seen === null) return;
    const isFixed = layerOf(element)?.matches('.app, .events') !== true;
    const isBeside = seen.left < -SLACK || seen.right > root.clientWidth + SLACK;
    const y = isFixed ? 0 : window.scrollY;
    const isBeyond =
      seen.top + y < -SLACK || seen.bottom + y > (isFixed ? root.clientHeight : root.scrollHeight) + SLACK;
    if (isBeside || isBeyond) lost.push(`${name} is off the page`);
    leaves.push({ element, name, seen });
  }

  if (document.querySelector(part) === null) lost.push(`${part} is not on the page`);
  if (root.scrollWidth > root.clientWidth) lost.push(`the page is ${root.scrollWidth - root.clientWidth} px too wide`);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const { parentElement: parent, textContent } = node;
    if (parent === null || (textContent ?? '').trim() === '' || !isVisible(parent)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const own = range.getBoundingClientRect();
    // A sentence of two lines has two boxes: beside its first line may stand something else.
    for (const line of range.getClientRects()) add(parent, boxOf(line), textContent ?? '');
    // The text in a frame (a log cell, a button) is not wider than the frame.
    const frame = parent
      .closest<HTMLElement>('.cell, .logs-indexes span, button, code, .toast')
      ?.getBoundingClientRect();
    if (frame !== undefined && own.width > frame.width + SLACK && getComputedStyle(parent).overflowX === 'visible')
      lost.push(`${describe(parent, textContent ?? '')} is wider than its frame`);
  }
  for (const control of document.querySelectorAll<HTMLElement>('button, input, select, .term-pill rect')) {
    const { pointerEvents } = getComputedStyle(control);
    if (!isVisible(control) || (pointerEvents === 'none' && !control.closest('.server'))) continue;
    if (control.matches('.server-button')) continue;
    add(control, boxOf(control.getBoundingClientRect()), control.ariaLabel ?? control.textContent ?? '');
    if (!(control instanceof HTMLInputElement) || control.placeholder === '' || control.value !== '') continue;
    const brush = document.createElement('canvas').getContext('2d');
    const style = getComputedStyle(control);
    if (brush === null) continue;
    brush.font = style.font;
    const room = control.clientWidth - Number.parseFloat(style.paddingLeft) - Number.parseFloat(style.paddingRight);
    const isWhole = style.textOverflow === 'ellipsis' && control.title.includes(control.placeholder);
    if (brush.measureText(control.placeholder).width > room + SLACK && !isWhole)
      lost.push(`the placeholder "${control.placeholder}" is cut off`);
  }

  const isInside = (a: Element, b: Element): boolean => a.contains(b) || b.contains(a) || a.parentNode === b.parentNode;
  const ringText = (element: Element): boolean => element.closest('svg') !== null;
  /** The button of a sentence of the story that is cut short; it covers the end of the sentence on purpose. */
  const isOverCutEnd = (element: Element): boolean =>
    element.closest('.story-newest[data-long="true"] .story-why') !== null;
  const isOfOneLine = (a: Element, b: Element): boolean => a.closest('.story-line') === b.closest('.story-line');
  leaves.forEach((a, at) => {
    for (const b of leaves.slice(at + 1)) {
      const width = Math.min(a.seen.right, b.seen.right) - Math.max(a.seen.left, b.seen.left);
      const height = Math.min(a.seen.bottom, b.seen.bottom) - Math.max(a.seen.top, b.seen.top);
      if (width <= 2 || height <= 2 || layerOf(a.element) !== layerOf(b.element)) continue;
      const isOne = ringText(a.element) && a.element.closest('svg') === b.element.closest('svg');
      if (isOne || isInside(a.element, b.element)) continue;
      if ((isOverCutEnd(a.element) || isOverCutEnd(b.element)) && isOfOneLine(a.element, b.element)) continue;
      lost.push(`${a.name} and ${b.name} lie over each other by ${Math.round(width)} × ${Math.round(height)} px`);
    }
  });

  // A server takes the room of its circle, which is smaller than the box around it.
  const discs = [...document.querySelectorAll('.server .body')].map((body) => body.getBoundingClientRect());
  for (const element of document.querySelectorAll('.fault, .fault-rest, .stage-bar > p')) {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    const isOver = discs.some((disc) => {
      const [x, y] = [disc.left + disc.width / 2, disc.top + disc.height / 2];
      const reach = Math.hypot(x - Math.min(right, Math.max(left, x)), y - Math.min(bottom, Math.max(top, y)));
      return reach < disc.width / 2 - SLACK;
    });
    if (isOver) lost.push(`${describe(element, element.textContent ?? '')} lies over a server`);
  }
  return [...new Set(lost)];
}
