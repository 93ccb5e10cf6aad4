import { describe, expect, it } from 'vitest';
import { readLesson } from './lesson-text.ts';
import { isToldStale, pageText, translationAdvice, translationMark, translationState, withMark } from './translation.ts';

const english = { title: 'Layers', description: 'What they are.', body: '\nAn image\nhas layers.\n' };
const mark = translationMark(english);

describe('the mark', () => {
  it('is the same however the text is broken into lines', () => {
    expect(translationMark({ ...english, body: 'An image has\r\n  layers.' })).toBe(mark);
    expect(mark).toMatch(/^[0-9a-f]{12}$/);
  });

  it.each([
    ['title', { ...english, title: 'Layer' }],
    ['description', { ...english, description: undefined }],
    ['body', { ...english, body: 'An image has two layers.' }],
  ])('is another one when the %s changes', (_, changed) => {
    expect(translationMark(changed)).not.toBe(mark);
  });

  it('is of the head of the front page too', () => {
    const front = { ...english, hero: { title: 'Learn', tagline: 'Here.' } };
    expect(translationMark(front)).not.toBe(mark);
    expect(translationMark({ ...front, hero: { ...front.hero, tagline: 'There.' } })).not.toBe(translationMark(front));
    // As Starlight reads it, with fields that the file has not.
    const asRead = { ...front.hero, actions: [] };
    expect(translationMark({ ...front, hero: asRead })).toBe(translationMark(front));
    expect(translationMark(pageText(readLesson('---\ntitle: Layers\ndescription: What they are.\nhero:\n  title: Learn\n  tagline: Here.\n---\n\nAn image\nhas layers.\n')))).toBe(translationMark(front));
  });

  it('is of what readers see: neither the exercise nor its own mark count', () => {
    const text = '---\ntitle: Layers\ndescription: What they are.\n---\n\nAn image has layers.\n';
    const more = text.replace('---\n\n', "exercise: layers\ntranslationOf: '0123456789ab'\n---\n\n");
    for (const one of [text, more]) expect(translationMark(pageText(readLesson(one)))).toBe(mark);
  });
});

describe('a translation', () => {
  it('is current, stale, or nobody knows', () => {
    expect(translationState(mark, english)).toBe('current');
    expect(translationState(mark, { ...english, body: 'New.' })).toBe('stale');
    expect(translationState(undefined, english)).toBe('unmarked');
    // As YAML reads twelve digits without quotes.
    expect(translationState(123456789012, english)).toBe('stale');
  });

  it('comes with what to do, unless it is current', () => {
    expect(translationAdvice('current', 'images/layers')).toBeUndefined();
    expect(translationAdvice('stale', 'images/layers')).toMatch(/^content\/en\/images\/layers.mdx has changed .* npm run lesson:translated -- images\/layers$/);
    expect(translationAdvice('unmarked', 'images/layers')).toMatch(/no “translationOf”.* npm run lesson:translated -- images\/layers$/);
  });

  it('has a notice on its page only where the English text is known to be another one', () => {
    const newer = { ...english, body: 'New.' };
    expect(isToldStale('zh-cn', mark, newer)).toBe(true);
    expect(isToldStale('zh-cn', mark, english)).toBe(false);
    expect(isToldStale('zh-cn', undefined, newer)).toBe(false);
    expect(isToldStale('zh-cn', mark, undefined)).toBe(false);
    expect(isToldStale('en', mark, newer)).toBe(false);
  });
});

describe('withMark', () => {
  it('adds the mark at the end of the frontmatter, as text', () => {
    const marked = withMark('---\ntitle: 层\n---\n\n正文 --- \n\n---\n', '012345678901');
    expect(marked).toBe("---\ntitle: 层\ntranslationOf: '012345678901'\n---\n\n正文 --- \n\n---\n");
    expect(readLesson(marked ?? '').frontmatter['translationOf']).toBe('012345678901');
  });

  it('replaces the one that is there, and nothing else', () => {
    expect(withMark("---\r\ntranslationOf: 'x'\r\ntitle: 层\r\n---\r\n\r\ntranslationOf: 正文\r\n", mark)).toBe(`---\r\ntranslationOf: '${mark}'\r\ntitle: 层\r\n---\r\n\r\ntranslationOf: 正文\r\n`);
  });

  it('writes nothing that would change at the second time', () => {
    const once = withMark('---\ntitle: 层\n---\n\n正文\n', mark) ?? '';
    expect(withMark(once, mark)).toBe(once);
  });

  it('does without a frontmatter what it can: nothing', () => {
    expect(withMark('正文\n\n---\na: b\n---\n', mark)).toBeUndefined();
  });
});
