/** Quizzes of a lesson: makes each question a form that checks, and keeps what was answered right. */
import { type QuizStrings, Quiz } from './quiz.ts';

class DrydockQuiz extends HTMLElement {
  connectedCallback(): void {
    const { name, locale, strings } = this.dataset;
    if (name === undefined || strings === undefined) throw new TypeError('A quiz without its data');
    void new Quiz(this, name, locale === 'zh-cn' ? 'zh-cn' : 'en', JSON.parse(strings) as QuizStrings).showKept();
  }
}

customElements.define('drydock-quiz', DrydockQuiz);
