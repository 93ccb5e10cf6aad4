import { describe, expect, it } from 'vitest';
import { addImports, lessonComponents } from './lesson-components.ts';

const available = { Task: '/site/Task.astro', Term: '/site/Term.astro' };

describe('addImports', () => {
  it('imports what a lesson uses, behind the frontmatter', () => {
    const text = '---\ntitle: A\n---\n\nText.\n\n<Task id="a" />\n';
    expect(addImports(text, available)).toBe('---\ntitle: A\n---\n\nimport Task from "/site/Task.astro";\n\n\nText.\n\n<Task id="a" />\n');
  });

  it('sees what stands within a line', () => {
    expect(addImports('An <Term id="image">image</Term>.\n', available)).toBe('\nimport Term from "/site/Term.astro";\n\nAn <Term id="image">image</Term>.\n');
  });

  it('leaves a text alone that uses none, only mentions it, or imports it itself', () => {
    for (const text of ['Text.\n', 'Write `<Task id="a" />`.\n', 'import Task from "../Task.astro";\n\n<Task id="a" />\n']) {
      expect(addImports(text, available)).toBe(text);
    }
  });
});

describe('lessonComponents', () => {
  it('looks at lessons only', () => {
    const { transform } = lessonComponents();
    const text = '<Task id="a" />\n';
    expect(transform(text, '/work/content/en/first/index.mdx?astroPropagatedAssets')?.code).toContain('Task.astro');
    expect(transform(text, '/work/content/en/first/data.yaml')).toBeUndefined();
    expect(transform(text, '/work/docs/index.mdx')).toBeUndefined();
  });
});
