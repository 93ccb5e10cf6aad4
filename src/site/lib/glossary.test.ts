import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseGlossary, sortedTerms } from './glossary.ts';

describe('glossary', () => {
  const text = readFileSync('content/glossary.yaml', 'utf8');

  it('has the terms of the field, in the order of each language', () => {
    const terms = parseGlossary(text);
    expect(terms.length).toBeGreaterThanOrEqual(40);
    expect(terms.map(({ term }) => term['zh-cn'])).toEqual(expect.arrayContaining(['镜像', '容器', '仓库', '数据卷', '命名空间']));
    const english = sortedTerms(terms, 'en').map(({ id }) => id);
    expect(english.indexOf('bind-mount')).toBeLessThan(english.indexOf('volume'));
    const chinese = sortedTerms(terms, 'zh-cn').map(({ id }) => id);
    expect(chinese.indexOf('repository'), '仓库 (c) stands before 镜像 (j)').toBeLessThan(chinese.indexOf('image'));
  });

  it('refuses a term that is there twice', () => {
    expect(() => parseGlossary(text.replace('id: container\n', 'id: image\n'))).toThrow('term “image” is there twice');
  });
});
