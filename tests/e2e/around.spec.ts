/** What stands around the lessons: search in both languages, glossary, cards of its words, command palette, keys. */
import { lessonRange, shareForKey } from '../../src/lab/layout/split-model.ts';
import { expect, test } from './support/test.ts';

test.beforeEach(async ({ page }) => {
  // The machine is not what is looked at.
  await page.route('**/vm/manifest.json', () => {});
});

test('finds lessons by Chinese words that no spaces divide, and by English ones', async ({ page }) => {
  for (const [locale, words, title, count] of [['zh-cn', '删除容器', '重启、强制结束与删除', '个结果'], ['zh-cn', '命名空间', '命名空间：进程能看到什么', '个结果'], ['en', 'exit code', 'Exit codes and restart policies', 'results']] as const) {
    await page.goto(`/${locale}/glossary/`);
    await page.locator('site-search button[data-open-modal]').click();
    await page.locator('site-search input').fill(words);
    await expect(page.locator('.pagefind-ui__result-title').filter({ hasText: title }).first()).toBeVisible();
    await expect(page.locator('.pagefind-ui__message')).toContainText(count);
  }
});

test('explains a word on focus and on hover, until Escape', async ({ page }) => {
  await page.goto('/en/containers/first-container/');
  const word = page.locator('a.dd-term', { hasText: 'exit code' });
  const card = page.getByRole('tooltip').filter({ hasText: 'The number with which a program ends' });
  await expect(card).toBeHidden();
  await word.focus();
  await expect(card).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(card).toBeHidden();
  await word.hover();
  await expect(card).toBeVisible();
  await word.click();
  await expect(page).toHaveURL(/\/en\/glossary\/#exit-code$/);
  await expect(page.locator('#exit-code')).toBeInViewport();
});

test('explains a word in Chinese, and leads to it in the Chinese glossary', async ({ page }) => {
  await page.goto('/zh-cn/containers/first-container/');
  const word = page.locator('a.dd-term', { hasText: '退出码' });
  const card = page.getByRole('tooltip').filter({ hasText: '程序结束' });
  await expect(card).toBeHidden();
  await word.hover();
  await expect(card).toBeVisible();
  await expect(word).toHaveAccessibleDescription(/程序结束/);
  await expect(card).not.toContainText('program');
  await word.click();
  await expect(page).toHaveURL(/\/zh-cn\/glossary\/#exit-code$/);
});

test('copies a block of code, line by line and without its prompt', async ({ context, page }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  for (const [locale, name, done] of [['en', 'Copy to clipboard', 'Copied!'], ['zh-cn', '复制到剪贴板', '复制成功！']] as const) {
    await page.goto(`/${locale}/containers/first-container/`);
    const block = page.locator('figure', { has: page.locator('pre', { hasText: /hostname\s*ps\s*uname -r/ }) });
    await block.getByRole('button', { name }).click();
    await expect(block.getByText(done)).toBeVisible();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('hostname\nps\nuname -r');
    await page.evaluate(() => navigator.clipboard.writeText(''));
  }
});

test('scrolls the text, moves the splitter and opens the search by keys', async ({ page }) => {
  await page.goto('/en/containers/first-container/');
  // Neither the lab nor the search, both of which come later, is to take anything from the keys.
  await expect(page.getByTestId('editor-toggle')).toBeVisible();
  const search = page.locator('site-search input');
  await expect(search).toBeAttached();
  const lesson = page.locator('#lesson');
  await page.keyboard.press('PageDown');
  await expect.poll(() => lesson.evaluate(({ scrollTop, clientHeight }) => scrollTop / clientHeight)).toBeGreaterThan(0.5);

  const splitter = page.locator('#lesson-splitter');
  const width = (): Promise<number> => lesson.evaluate(({ clientWidth }) => clientWidth);
  const middle = await width();
  const right = shareForKey('ArrowRight', lessonRange.fallback, lessonRange);
  const left = shareForKey('ArrowLeft', lessonRange.fallback, lessonRange);
  await splitter.focus();
  await page.keyboard.press('ArrowRight');
  await expect(splitter).toHaveAttribute('aria-valuenow', String(right));
  expect(await width()).toBeGreaterThan(middle);
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await expect(splitter).toHaveAttribute('aria-valuenow', String(left));
  expect(await width()).toBeLessThan(middle);

  await expect(search).toBeHidden();
  await page.keyboard.press('Control+k');
  await expect(search).toBeFocused();
});

test('opens commands and lessons by name', async ({ page }) => {
  await page.goto('/zh-cn/containers/first-container/');
  await expect(page.getByTestId('editor-toggle')).toBeVisible();
  await page.keyboard.press('F1');
  await page.getByTestId('palette').fill('编辑器');
  await expect(page.getByRole('option', { name: '打开编辑器' })).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('editor-toggle')).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('F1');
  await page.getByTestId('palette').fill('术语');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/zh-cn\/glossary\/$/);
});
