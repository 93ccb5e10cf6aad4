/** Diagrams of lessons: gives each its controls, and lets those that show the learner's engine follow it. */
import type { DiagramData } from './data.ts';
import { Diagram } from './diagram.ts';

class DrydockDiagram extends HTMLElement {
  #stop: (() => void) | undefined;

  connectedCallback(): void {
    const { diagram } = this.dataset;
    if (diagram === undefined) throw new TypeError('A diagram without its data');
    const shown = new Diagram(this, JSON.parse(diagram) as DiagramData);
    if ('follows' in this.dataset) this.#stop = shown.follow();
  }

  disconnectedCallback(): void {
    this.#stop?.();
  }
}

customElements.define('drydock-diagram', DrydockDiagram);
