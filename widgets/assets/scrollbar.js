// A slim bar at the right of the rows, when there are more of them than fit.

import { make } from "./dom.js";

const LEAST = 24;

export class Scrollbar {
  /** @param {function} scrollTo called with how many pixels of rows are to be above the sight */
  constructor(scrollTo) {
    this.width = 10;
    this.thumb = make("div", { class: "scope-thumb" });
    this.element = make("div", { class: "scope-scrollbar", "aria-hidden": "true", hidden: "" }, this.thumb);
    this.element.addEventListener("pointerdown", (event) => this.grab(event));
    this.element.addEventListener("pointermove", (event) => {
      if (this.element.hasPointerCapture(event.pointerId)) scrollTo(this.scrollAt(event));
    });
    this.element.addEventListener("wheel", (event) => {
      event.preventDefault();
      scrollTo(this.scroll + event.deltaY);
    }, { passive: false });
    this.scrollTo = scrollTo;
  }

  show({ content, height, scroll }, top) {
    this.element.hidden = content <= height;
    if (this.element.hidden) return;
    this.scroll = scroll;
    this.room = height;
    this.hidden = content - height;
    this.length = Math.max(LEAST, (height / content) * height);
    this.element.style.top = `${top}px`;
    this.thumb.style.height = `${this.length}px`;
    this.thumb.style.transform = `translateY(${(scroll / this.hidden) * (height - this.length)}px)`;
  }

  grab(event) {
    this.element.setPointerCapture(event.pointerId);
    const box = this.thumb.getBoundingClientRect();
    const inside = event.clientY >= box.top && event.clientY <= box.bottom;
    this.hold = inside ? event.clientY - box.top : this.length / 2;
    this.scrollTo(this.scrollAt(event));
    event.preventDefault();
  }

  scrollAt(event) {
    const y = event.clientY - this.element.getBoundingClientRect().top - this.hold;
    return (y / Math.max(this.room - this.length, 1)) * this.hidden;
  }
}
