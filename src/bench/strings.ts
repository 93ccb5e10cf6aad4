/** What the benchmark says, in both languages; only its page needs it. */
import type { Locale } from '../shared/locale.ts';

const en = {
  start: 'Run the benchmark',
  stop: 'Stop',
  caption: 'Seconds from pressing Enter to the next prompt, and the guest instructions executed meanwhile',
  what: 'What',
  yours: 'Your browser',
  reference: 'For comparison',
  referenceNote: '{browser} on {processor}, {cores} cores, {date}. The medians of several runs.',
  notMeasured: '–',
  noScript: 'The benchmark runs in this page, so it needs JavaScript.',
  measuring: 'Measuring: {what}',
  done: 'Done.',
  stopped: 'Stopped.',
  raw: 'The result as JSON',
  prompt: 'From the start to a prompt',
  run1: '`docker run --rm busybox true`, first time',
  run2: 'the same, second time',
  run3: 'the same, third time',
  ps: '`docker ps`',
  idle: 'Machine left alone',
  download: 'Emulator and saved state, to download once',
  memory: 'Memory of the emulator',
  seconds: '{seconds} s',
  secondsInstructions: '{seconds} s, {instructions} instructions',
  instructionsPerSecond: '{instructions} instructions per second',
  megabytes: '{megabytes} MB',
};

export type BenchStrings = { readonly [Key in keyof typeof en]: string };

const zhCn: BenchStrings = {
  start: '运行基准测试',
  stop: '停止',
  caption: '从按下 Enter 到下一个提示符出现的秒数，以及期间虚拟机执行的指令数',
  what: '项目',
  yours: '您的浏览器',
  reference: '参考值',
  referenceNote: '{browser}，{processor}，{cores} 核，{date}。取多次运行的中位数。',
  notMeasured: '–',
  noScript: '基准测试在本页面里运行，需要启用 JavaScript。',
  measuring: '正在测量：{what}',
  done: '测量完成。',
  stopped: '已停止。',
  raw: 'JSON 格式的结果',
  prompt: '从启动到出现提示符',
  run1: '第一次执行 `docker run --rm busybox true`',
  run2: '同一命令，第二次',
  run3: '同一命令，第三次',
  ps: '`docker ps`',
  idle: '虚拟机空闲时',
  download: '模拟器和已保存的状态（只需下载一次）',
  memory: '模拟器占用的内存',
  seconds: '{seconds} 秒',
  secondsInstructions: '{seconds} 秒，{instructions}条指令',
  instructionsPerSecond: '每秒 {instructions}条指令',
  megabytes: '{megabytes} MB',
};

/** The benchmark's texts. */
export const benchStrings: Readonly<Record<Locale, BenchStrings>> = { en, 'zh-cn': zhCn };
