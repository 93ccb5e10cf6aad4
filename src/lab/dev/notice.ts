/** What an author is told in the page: here rather than in src/site/i18n, so that no learner loads it. */
import { fillLocalized, type Localized } from '../../shared/locale.ts';
import { Announcer } from '../announcer.ts';
import type { NewPageReason } from './change.ts';

const reasons: Record<NewPageReason, Localized> = {
  host: { en: 'The exercise runs on another host.', 'zh-cn': '练习换了主机。' },
  image: { en: 'The machine image was built anew.', 'zh-cn': '虚拟机镜像已重新构建。' },
  exercise: { en: 'The lesson has another exercise.', 'zh-cn': '课程换了练习。' },
  start: { en: 'The start of the exercise has changed.', 'zh-cn': '练习的起始状态有改动。' },
  program: { en: 'Part of the program has changed ({files}).', 'zh-cn': '程序文件有改动（{files}）。' },
  server: { en: 'The development server was started anew.', 'zh-cn': '开发服务器已重新启动。' },
};

const renewed: Localized = {
  en: '{reason} Text can be swapped in an open page, this cannot: the page was loaded anew, and the machine started again.',
  'zh-cn': '{reason}打开的页面里只能替换文字，这类改动不行：页面已重新加载，虚拟机也重新启动了。',
};

const broken: Localized = {
  en: 'The page cannot be made from what was saved; the text shown is the one before, and the machine runs on. The terminal of “npm run dev” says what is wrong.',
  'zh-cn': '保存的内容无法生成页面；这里显示的仍是之前的文字，虚拟机继续运行。错误原因请看运行 npm run dev 的终端。',
};

/** Where a reason waits while the page is loaded anew. */
const storageKey = 'drydock:dev:reloaded';

const announcer = new Announcer();
document.body.append(announcer.element);

/** Loads the page anew and says there why. */
export function reload(reason: NewPageReason, files: readonly string[] = []): void {
  sessionStorage.setItem(storageKey, JSON.stringify(fillLocalized(reasons[reason], { files: files.join(', ') })));
  location.reload();
}

/** Says why this page was loaded anew, if it was. */
export function tellReload(): void {
  const kept = sessionStorage.getItem(storageKey);
  sessionStorage.removeItem(storageKey);
  if (kept === null) return;
  const reason = JSON.parse(kept) as Localized;
  const text = { en: renewed.en.replace('{reason}', () => reason.en), 'zh-cn': renewed['zh-cn'].replace('{reason}', () => reason['zh-cn']) };
  tell(text);
}

/** Says that the text could not be swapped. */
export function tellBroken(): void {
  tell(broken);
}

function tell(text: Localized): void {
  console.warn(`[drydock] ${text.en}`);
  announcer.say(text[document.documentElement.lang.startsWith('zh') ? 'zh-cn' : 'en']);
}
