/** The progress page's script: its element, which loads what reads and shows progress. */
import { showProgressPage } from './progress-page.ts';

class DrydockProgress extends HTMLElement {
  connectedCallback(): void {
    showProgressPage(this);
  }
}

customElements.define('drydock-progress', DrydockProgress);
